// SPDX-License-Identifier: GPL-2.0
#include "clary.h"

static int clary_init(struct vfio_device *core)
{
	return init_store(container_of(core, struct clary, vdev));
}

static void clary_release(struct vfio_device *core)
{
	mutex_end(core);
	vfio_free_device(core);
}

static int clary_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void clary_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops clary_dev_ops = {
	.name		= "clary",
	.init		= clary_init,
	.release	= clary_release,
	.open_device	= clary_open_device,
	.close_device	= clary_close_device,
};

static int clary_probe(struct mdev_device *mdev)
{
	struct clary *c;
	int ret;

	c = vfio_alloc_device(clary, vdev, &mdev->dev, &clary_dev_ops);
	if (IS_ERR(c))
		return PTR_ERR(c);
	ret = vfio_register_emulated_iommu_dev(&c->vdev);
	if (ret) {
		vfio_put_device(&c->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, c);
	return 0;
}

static void clary_remove(struct mdev_device *mdev)
{
	struct clary *c = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&c->vdev);
	vfio_put_device(&c->vdev);
}

static struct mdev_driver clary_driver = {
	.device_api	= VFIO_DEVICE_API_PCI_STRING,
	.max_instances	= 8,
	.probe		= clary_probe,
	.remove		= clary_remove,
	.driver		= {
		.name		= "clary",
		.owner		= THIS_MODULE,
		.mod_name	= KBUILD_MODNAME,
	},
};
module_driver(clary_driver, mdev_register_driver, mdev_unregister_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("clary");
