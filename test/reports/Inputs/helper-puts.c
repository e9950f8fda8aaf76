// SPDX-License-Identifier: GPL-2.0
/* hellebore_end() puts, and so does its caller. */
#include <linux/err.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/vfio.h>

struct hellebore {
	struct vfio_device vdev;
};

static const struct vfio_device_ops hellebore_ops = {
	.name = "hellebore",
	.release = vfio_free_device,
};

static void hellebore_end(struct hellebore *h)
{
	vfio_unregister_group_dev(&h->vdev);
	vfio_put_device(&h->vdev); /* added: the put */
}

static int hellebore_probe(struct mdev_device *mdev)
{
	struct hellebore *h;
	int ret;

	h = vfio_alloc_device(hellebore, vdev, &mdev->dev, &hellebore_ops);
	if (IS_ERR(h))
		return PTR_ERR(h);
	ret = vfio_register_emulated_iommu_dev(&h->vdev);
	if (ret) {
		vfio_put_device(&h->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, h);
	return 0;
}

static void hellebore_remove(struct mdev_device *mdev)
{
	struct hellebore *h = dev_get_drvdata(&mdev->dev);

	hellebore_end(h);
	vfio_put_device(&h->vdev);
}

static struct mdev_driver hellebore_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 1,
	.probe = hellebore_probe,
	.remove = hellebore_remove,
	.driver = { .name = "hellebore", .owner = THIS_MODULE },
};
module_driver(hellebore_driver, mdev_register_driver, mdev_unregister_driver);
MODULE_LICENSE("GPL");
