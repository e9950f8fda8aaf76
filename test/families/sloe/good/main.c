// SPDX-License-Identifier: GPL-2.0
#include "sloe.h"

static int sloe_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void sloe_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops sloe_dev_ops = {
	.name		= "sloe",
	.open_device	= sloe_open_device,
	.close_device	= sloe_close_device,
	.bind_iommufd	= vfio_iommufd_emulated_bind,
	.unbind_iommufd	= vfio_iommufd_emulated_unbind,
	.attach_ioas	= vfio_iommufd_emulated_attach_ioas,
	.detach_ioas	= vfio_iommufd_emulated_detach_ioas,
};

static int sloe_probe(struct mdev_device *mdev)
{
	struct sloe *s;
	int ret;

	s = vfio_alloc_device(sloe, vdev, &mdev->dev, &sloe_dev_ops);
	if (IS_ERR(s))
		return PTR_ERR(s);
	ret = sloe_borrow(s);
	if (ret)
		goto err_put;
	ret = vfio_register_emulated_iommu_dev(&s->vdev);
	if (ret)
		goto err_give;
	dev_set_drvdata(&mdev->dev, s);
	return 0;

err_give:
	sloe_give_back(s);
err_put:
	vfio_put_device(&s->vdev);
	return ret;
}

static void sloe_remove(struct mdev_device *mdev)
{
	struct sloe *s = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&s->vdev);
	sloe_give_back(s);
	vfio_put_device(&s->vdev);
}

static struct mdev_driver sloe_driver = {
	.device_api	= VFIO_DEVICE_API_PCI_STRING,
	.max_instances	= 8,
	.probe		= sloe_probe,
	.remove		= sloe_remove,
	.driver		= {
		.name		= "sloe",
		.owner		= THIS_MODULE,
		.mod_name	= KBUILD_MODNAME,
	},
};
module_driver(sloe_driver, mdev_register_driver, mdev_unregister_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("sloe");
