// SPDX-License-Identifier: GPL-2.0
#include "thrift.h"

static int thrift_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void thrift_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops thrift_dev_ops = {
	.name		= "thrift",
	.open_device	= thrift_open_device,
	.close_device	= thrift_close_device,
	.bind_iommufd	= vfio_iommufd_emulated_bind,
	.unbind_iommufd	= vfio_iommufd_emulated_unbind,
	.attach_ioas	= vfio_iommufd_emulated_attach_ioas,
	.detach_ioas	= vfio_iommufd_emulated_detach_ioas,
};

static int thrift_probe(struct mdev_device *mdev)
{
	struct thrift *t;
	int ret;

	t = vfio_alloc_device(thrift, vdev, &mdev->dev, &thrift_dev_ops);
	if (IS_ERR(t))
		return PTR_ERR(t);
	t->serial = get_random_u32();
	ret = vfio_register_emulated_iommu_dev(&t->vdev);
	if (ret) {
		vfio_put_device(&t->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, t);
	return 0;
}

static void thrift_remove(struct mdev_device *mdev)
{
	struct thrift *t = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&t->vdev);
	vfio_put_device(&t->vdev);
	trace_gone(t);
}

static struct mdev_driver thrift_driver = {
	.device_api	= VFIO_DEVICE_API_PCI_STRING,
	.max_instances	= 8,
	.probe		= thrift_probe,
	.remove		= thrift_remove,
	.driver		= {
		.name		= "thrift",
		.owner		= THIS_MODULE,
		.mod_name	= KBUILD_MODNAME,
	},
};
module_driver(thrift_driver, mdev_register_driver, mdev_unregister_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("thrift");
