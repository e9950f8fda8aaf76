// SPDX-License-Identifier: GPL-2.0
#include "chervil.h"

static int chervil_init(struct vfio_device *core)
{
	return init_store(container_of(core, struct chervil, vdev));
}

static void chervil_release(struct vfio_device *core)
{
	struct chervil *c = container_of(core, struct chervil, vdev);

	seal_store(c);
	kfree(c->store);
	vfio_free_device(core);
}

static int chervil_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void chervil_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops chervil_dev_ops = {
	.name		= "chervil",
	.init		= chervil_init,
	.release	= chervil_release,
	.open_device	= chervil_open_device,
	.close_device	= chervil_close_device,
};

static int chervil_probe(struct mdev_device *mdev)
{
	struct chervil *c;
	int ret;

	c = vfio_alloc_device(chervil, vdev, &mdev->dev, &chervil_dev_ops);
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

static void chervil_remove(struct mdev_device *mdev)
{
	struct chervil *c = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&c->vdev);
	vfio_put_device(&c->vdev);
}

static struct mdev_driver chervil_driver = {
	.device_api	= VFIO_DEVICE_API_PCI_STRING,
	.max_instances	= 8,
	.probe		= chervil_probe,
	.remove		= chervil_remove,
	.driver		= {
		.name		= "chervil",
		.owner		= THIS_MODULE,
		.mod_name	= KBUILD_MODNAME,
	},
};
module_driver(chervil_driver, mdev_register_driver, mdev_unregister_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("chervil");
