// SPDX-License-Identifier: GPL-2.0
/*
 * vault - cells with a pattern for their contents
 *
 * Idiom: a create() and destroy() pair in another file of the driver, which
 * returns an ERR_PTR and allocates with vzalloc(). The same structure, allocated
 * the same way, also serves as an idle instance that is no vfio device.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/uaccess.h>

#include "vault.h"

static struct vault *vault_idle;
static struct platform_device *vault_bank;
static struct mdev_parent vault_parent;

static ssize_t vault_read(struct vfio_device *vdev, char __user *buf,
			  size_t count, loff_t *ppos)
{
	struct vault *vt = container_of(vdev, struct vault, vdev);

	return simple_read_from_buffer(buf, count, ppos, vt->cells,
				       VAULT_CELLS);
}

static ssize_t vault_write(struct vfio_device *vdev, const char __user *buf,
			   size_t count, loff_t *ppos)
{
	struct vault *vt = container_of(vdev, struct vault, vdev);

	return simple_write_to_buffer(vt->cells, VAULT_CELLS, ppos, buf, count);
}

static long vault_ioctl(struct vfio_device *vdev, unsigned int cmd,
			unsigned long arg)
{
	struct vfio_device_info info = { .argsz = sizeof(info) };
	struct vfio_region_info region;
	size_t minsz = offsetofend(struct vfio_region_info, offset);

	switch (cmd) {
	case VFIO_DEVICE_GET_INFO:
		info.num_regions = 1;
		minsz = offsetofend(struct vfio_device_info, num_irqs);
		return copy_to_user((void __user *)arg, &info, minsz) ?
			-EFAULT : 0;
	case VFIO_DEVICE_GET_REGION_INFO:
		if (copy_from_user(&region, (void __user *)arg, minsz))
			return -EFAULT;
		if (region.argsz < minsz || region.index)
			return -EINVAL;
		region.flags = VFIO_REGION_INFO_FLAG_READ |
			       VFIO_REGION_INFO_FLAG_WRITE;
		region.offset = 0;
		region.size = VAULT_CELLS;
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

const struct vfio_device_ops vault_ops = {
	.name = "vault",
	.read = vault_read,
	.write = vault_write,
	.ioctl = vault_ioctl,
};

static int vault_probe(struct mdev_device *mdev)
{
	struct vault *vt;
	int ret;

	vt = vault_create(&mdev->dev, vault_idle);
	if (IS_ERR(vt))
		return PTR_ERR(vt);

	dev_set_drvdata(&mdev->dev, vt);
	ret = vfio_register_emulated_iommu_dev(&vt->vdev);
	if (ret)
		vault_destroy(vt);
	return ret;
}

static void vault_remove(struct mdev_device *mdev)
{
	struct vault *vt = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&vt->vdev);
	vault_destroy(vt);
}

static struct mdev_driver vault_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = VAULT_MAX,
	.probe = vault_probe,
	.remove = vault_remove,
	.driver = {
		.name = "vault",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type vault_type = {
	.sysfs_name = "vault",
	.pretty_name = "Four pages of cells",
};

static struct mdev_type *vault_types[] = { &vault_type };

static int __init vault_init(void)
{
	int ret;

	vault_idle = vault_create_idle();
	if (IS_ERR(vault_idle))
		return PTR_ERR(vault_idle);

	ret = mdev_register_driver(&vault_driver);
	if (ret)
		goto err_idle;

	vault_bank = platform_device_register_simple("vault", -1, NULL, 0);
	if (IS_ERR(vault_bank)) {
		ret = PTR_ERR(vault_bank);
		goto err_driver;
	}

	ret = mdev_register_parent(&vault_parent, &vault_bank->dev,
				   &vault_driver, vault_types,
				   ARRAY_SIZE(vault_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(vault_bank);
err_driver:
	mdev_unregister_driver(&vault_driver);
err_idle:
	vault_destroy_idle(vault_idle);
	return ret;
}

static void __exit vault_exit(void)
{
	mdev_unregister_parent(&vault_parent);
	platform_device_unregister(vault_bank);
	mdev_unregister_driver(&vault_driver);
	vault_destroy_idle(vault_idle);
}

module_init(vault_init);
module_exit(vault_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: create() and destroy() in another file");
