// SPDX-License-Identifier: GPL-2.0
#include "celandine.h"

DEFINE_IDA(celandine_numbers);

static int celandine_init(struct vfio_device *core)
{
	struct celandine *c = container_of(core, struct celandine, vdev);
	int ret = init_store(c);

	if (ret)
		return ret;
	c->number = ida_alloc_max(&celandine_numbers, 7, GFP_KERNEL);
	if (c->number < 0) {
		fini_store(c);
		return c->number;
	}
	return 0;
}

static void celandine_release(struct vfio_device *core)
{
	struct celandine *c = container_of(core, struct celandine, vdev);

	ida_free(&celandine_numbers, c->number);
	kfree(c->store);
	vfio_free_device(core);
}

static int celandine_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void celandine_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops celandine_dev_ops = {
	.name		= "celandine",
	.init		= celandine_init,
	.release	= celandine_release,
	.open_device	= celandine_open_device,
	.close_device	= celandine_close_device,
};

static int celandine_probe(struct mdev_device *mdev)
{
	struct celandine *c;
	int ret;

	c = vfio_alloc_device(celandine, vdev, &mdev->dev, &celandine_dev_ops);
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

static void celandine_remove(struct mdev_device *mdev)
{
	struct celandine *c = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&c->vdev);
	vfio_put_device(&c->vdev);
}

static struct mdev_driver celandine_driver = {
	.device_api	= VFIO_DEVICE_API_PCI_STRING,
	.max_instances	= 8,
	.probe		= celandine_probe,
	.remove		= celandine_remove,
	.driver		= {
		.name		= "celandine",
		.owner		= THIS_MODULE,
		.mod_name	= KBUILD_MODNAME,
	},
};
module_driver(celandine_driver, mdev_register_driver, mdev_unregister_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("celandine");
