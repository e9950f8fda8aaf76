// SPDX-License-Identifier: GPL-2.0
#include "catmint.h"

static int catmint_init(struct vfio_device *core)
{
	struct catmint *c = container_of(core, struct catmint, vdev);

	return init_store(c);
}

static void catmint_release(struct vfio_device *core)
{
	struct catmint *c = container_of(core, struct catmint, vdev);

	fini_store(c);
	vfio_free_device(core);
}

static int catmint_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void catmint_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops catmint_dev_ops = {
	.name		= "catmint",
	.init		= catmint_init,
	.release	= catmint_release,
	.open_device	= catmint_open_device,
	.close_device	= catmint_close_device,
};

static int catmint_probe(struct mdev_device *mdev)
{
	struct catmint *c;
	int ret;

	c = vfio_alloc_device(catmint, vdev, &mdev->dev, &catmint_dev_ops);
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

static void catmint_remove(struct mdev_device *mdev)
{
	struct catmint *c = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&c->vdev);
	vfio_put_device(&c->vdev);
}

static struct mdev_driver catmint_driver = {
	.device_api	= VFIO_DEVICE_API_PCI_STRING,
	.max_instances	= 8,
	.probe		= catmint_probe,
	.remove		= catmint_remove,
	.driver		= {
		.name		= "catmint",
		.owner		= THIS_MODULE,
		.mod_name	= KBUILD_MODNAME,
	},
};
module_driver(catmint_driver, mdev_register_driver, mdev_unregister_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("catmint");
