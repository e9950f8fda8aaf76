// SPDX-License-Identifier: GPL-2.0
#include "vetch.h"

static int vetch_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void vetch_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops vetch_dev_ops = {
	.name		= "vetch",
	.open_device	= vetch_open_device,
	.close_device	= vetch_close_device,
	.bind_iommufd	= vfio_iommufd_physical_bind,
	.unbind_iommufd	= vfio_iommufd_physical_unbind,
	.attach_ioas	= vfio_iommufd_physical_attach_ioas,
	.detach_ioas	= vfio_iommufd_physical_detach_ioas,
};

static int vetch_probe(struct platform_device *pdev)
{
	void __iomem *regs = devm_platform_ioremap_resource(pdev, 0);
	struct vetch *v;
	int ret;

	if (IS_ERR(regs))
		return PTR_ERR(regs);

	v = vfio_alloc_device(vetch, vdev, &pdev->dev, &vetch_dev_ops);
	if (IS_ERR(v))
		return PTR_ERR(v);
	v->regs = regs;
	strobe_put(v);
	ret = vfio_register_group_dev(&v->vdev);
	if (ret) {
		vfio_put_device(&v->vdev);
		return ret;
	}
	platform_set_drvdata(pdev, v);
	return 0;
}

static void vetch_remove(struct platform_device *pdev)
{
	struct vetch *v = platform_get_drvdata(pdev);

	vfio_unregister_group_dev(&v->vdev);
	vfio_put_device(&v->vdev);
}

static struct platform_driver vetch_driver = {
	.probe	= vetch_probe,
	.remove	= vetch_remove,
	.driver	= {
		.name = KBUILD_MODNAME,
	},
	.driver_managed_dma = true,
};
module_platform_driver(vetch_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("vetch");
