// SPDX-License-Identifier: GPL-2.0
#include "fern.h"

static int fern_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void fern_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops fern_dev_ops = {
	.name		= "fern",
	.open_device	= fern_open_device,
	.close_device	= fern_close_device,
	.bind_iommufd	= vfio_iommufd_physical_bind,
	.unbind_iommufd	= vfio_iommufd_physical_unbind,
	.attach_ioas	= vfio_iommufd_physical_attach_ioas,
	.detach_ioas	= vfio_iommufd_physical_detach_ioas,
};

static int fern_probe(struct platform_device *pdev)
{
	struct fern *f;
	int ret;

	f = vfio_alloc_device(fern, vdev, &pdev->dev, &fern_dev_ops);
	if (IS_ERR(f))
		return PTR_ERR(f);
	platform_set_drvdata(pdev, f);
	ret = vfio_register_group_dev(&f->vdev);
	return fern_done(f, ret);
}

static void fern_remove(struct platform_device *pdev)
{
	struct fern *f = platform_get_drvdata(pdev);

	vfio_unregister_group_dev(&f->vdev);
	vfio_put_device(&f->vdev);
}

static struct platform_driver fern_driver = {
	.probe	= fern_probe,
	.remove	= fern_remove,
	.driver	= {
		.name = KBUILD_MODNAME,
	},
	.driver_managed_dma = true,
};
module_platform_driver(fern_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("fern");
