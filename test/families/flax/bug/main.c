// SPDX-License-Identifier: GPL-2.0
#include "flax.h"

static int flax_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void flax_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops flax_dev_ops = {
	.name		= "flax",
	.open_device	= flax_open_device,
	.close_device	= flax_close_device,
	.bind_iommufd	= vfio_iommufd_emulated_bind,
	.unbind_iommufd	= vfio_iommufd_emulated_unbind,
	.attach_ioas	= vfio_iommufd_emulated_attach_ioas,
	.detach_ioas	= vfio_iommufd_emulated_detach_ioas,
};

static LIST_HEAD(field);
static struct platform_device *host;

static int __init flax_sow(struct device *dev)
{
	struct flax *f;
	int ret;

	f = vfio_alloc_device(flax, vdev, dev, &flax_dev_ops);
	if (IS_ERR(f))
		return PTR_ERR(f);
	ret = vfio_register_emulated_iommu_dev(&f->vdev);
	if (ret)
		vfio_put_device(&f->vdev);
	else
		list_add(&f->link, &field);
	return ret;
}

static int __init flax_start(void)
{
	int ret;

	host = platform_device_register_simple("flax", -1, NULL, 0);
	if (IS_ERR(host))
		return PTR_ERR(host);
	ret = flax_sow(&host->dev);
	if (ret)
		platform_device_unregister(host);
	return ret;
}

static void __exit flax_stop(void)
{
	flax_mow(&field);
	platform_device_unregister(host);
}
module_init(flax_start);
module_exit(flax_stop);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("flax");
