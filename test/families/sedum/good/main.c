// SPDX-License-Identifier: GPL-2.0
#include "sedum.h"

static int sedum_probe(struct mdev_device *mdev)
{
	struct sedum *s = sedum_plant(&mdev->dev);
	int ret;

	if (!s)
		return -ENOMEM;
	ret = vfio_register_emulated_iommu_dev(&s->vdev);
	if (ret) {
		vfio_put_device(&s->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, s);
	return 0;
}

static void sedum_remove(struct mdev_device *mdev)
{
	struct sedum *s = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&s->vdev);
	vfio_put_device(&s->vdev);
}

static struct mdev_driver sedum_driver = {
	.device_api	= VFIO_DEVICE_API_PCI_STRING,
	.max_instances	= 8,
	.probe		= sedum_probe,
	.remove		= sedum_remove,
	.driver		= {
		.name		= "sedum",
		.owner		= THIS_MODULE,
		.mod_name	= KBUILD_MODNAME,
	},
};
module_driver(sedum_driver, mdev_register_driver, mdev_unregister_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("sedum");
