// SPDX-License-Identifier: GPL-2.0
/*
 * tokenpool - devices that share a fixed number of tokens
 *
 * Idiom: a reservation on a module-wide count is made before anything is
 * allocated, and given back when probe fails and in remove.
 */
#include <linux/atomic.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define TOKENPOOL_TOKENS	64

struct tokenpool_type {
	struct mdev_type type;
	unsigned int tokens;
};

struct tokenpool {
	struct vfio_device vdev;
	const struct tokenpool_type *type;
	u64 *slots;
};

static atomic_t tokenpool_left = ATOMIC_INIT(TOKENPOOL_TOKENS);
module_param_named(left, tokenpool_left.counter, int, 0444);
MODULE_PARM_DESC(left, "tokens that no device holds");

static struct platform_device *tokenpool_bank;
static struct mdev_parent tokenpool_parent;

static struct tokenpool_type tokenpool_kinds[] = {
	{
		.type.sysfs_name = "small",
		.type.pretty_name = "Eight tokens",
		.tokens = 8,
	}, {
		.type.sysfs_name = "large",
		.type.pretty_name = "Half of the pool",
		.tokens = TOKENPOOL_TOKENS / 2,
	},
};

static struct mdev_type *tokenpool_types[] = {
	&tokenpool_kinds[0].type,
	&tokenpool_kinds[1].type,
};

static size_t tokenpool_size(struct tokenpool *tp)
{
	return tp->type->tokens * sizeof(*tp->slots);
}

static ssize_t tokenpool_read(struct vfio_device *vdev, char __user *buf,
			      size_t count, loff_t *ppos)
{
	struct tokenpool *tp = container_of(vdev, struct tokenpool, vdev);

	return simple_read_from_buffer(buf, count, ppos, tp->slots,
				       tokenpool_size(tp));
}

static ssize_t tokenpool_write(struct vfio_device *vdev,
			       const char __user *buf, size_t count,
			       loff_t *ppos)
{
	struct tokenpool *tp = container_of(vdev, struct tokenpool, vdev);

	return simple_write_to_buffer(tp->slots, tokenpool_size(tp), ppos, buf,
				      count);
}

static long tokenpool_ioctl(struct vfio_device *vdev, unsigned int cmd,
			    unsigned long arg)
{
	struct tokenpool *tp = container_of(vdev, struct tokenpool, vdev);
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
		region.size = tokenpool_size(tp);
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static const struct vfio_device_ops tokenpool_ops = {
	.name = "tokenpool",
	.read = tokenpool_read,
	.write = tokenpool_write,
	.ioctl = tokenpool_ioctl,
};

static int tokenpool_probe(struct mdev_device *mdev)
{
	struct tokenpool_type *type =
		container_of(mdev->type, struct tokenpool_type, type);
	int left = atomic_read(&tokenpool_left);
	struct tokenpool *tp;
	int ret;

	do {
		if (left < type->tokens)
			return -ENOSPC;
	} while (!atomic_try_cmpxchg(&tokenpool_left, &left,
				     left - type->tokens));

	tp = kzalloc_node(sizeof(*tp), GFP_KERNEL, dev_to_node(&mdev->dev));
	if (!tp) {
		ret = -ENOMEM;
		goto err_give_back;
	}
	vfio_init_group_dev(&tp->vdev, &mdev->dev, &tokenpool_ops);

	tp->type = type;
	tp->slots = kcalloc(type->tokens, sizeof(*tp->slots), GFP_KERNEL);
	if (!tp->slots) {
		ret = -ENOMEM;
		goto err_free;
	}

	ret = vfio_register_emulated_iommu_dev(&tp->vdev);
	if (ret)
		goto err_free;
	dev_set_drvdata(&mdev->dev, tp);
	return 0;

err_free:
	kfree(tp->slots);
	vfio_uninit_group_dev(&tp->vdev);
	kfree(tp);
err_give_back:
	atomic_add(type->tokens, &tokenpool_left);
	return ret;
}

static void tokenpool_remove(struct mdev_device *mdev)
{
	struct tokenpool *tp = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&tp->vdev);

	atomic_add(tp->type->tokens, &tokenpool_left);
	kfree(tp->slots);
	vfio_uninit_group_dev(&tp->vdev);
	kfree(tp);
}

static unsigned int tokenpool_available(struct mdev_type *mtype)
{
	struct tokenpool_type *type =
		container_of(mtype, struct tokenpool_type, type);

	return atomic_read(&tokenpool_left) / type->tokens;
}

static struct mdev_driver tokenpool_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.probe = tokenpool_probe,
	.remove = tokenpool_remove,
	.get_available = tokenpool_available,
	.driver = {
		.name = "tokenpool",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static int __init tokenpool_init(void)
{
	int ret;

	ret = mdev_register_driver(&tokenpool_driver);
	if (ret)
		return ret;

	tokenpool_bank = platform_device_register_simple("tokenpool", -1, NULL,
							 0);
	if (IS_ERR(tokenpool_bank)) {
		ret = PTR_ERR(tokenpool_bank);
		goto err_driver;
	}

	ret = mdev_register_parent(&tokenpool_parent, &tokenpool_bank->dev,
				   &tokenpool_driver, tokenpool_types,
				   ARRAY_SIZE(tokenpool_types));
	if (ret)
		goto err_bank;
	return 0;

err_bank:
	platform_device_unregister(tokenpool_bank);
err_driver:
	mdev_unregister_driver(&tokenpool_driver);
	return ret;
}

static void __exit tokenpool_exit(void)
{
	mdev_unregister_parent(&tokenpool_parent);
	platform_device_unregister(tokenpool_bank);
	mdev_unregister_driver(&tokenpool_driver);
}

module_init(tokenpool_init);
module_exit(tokenpool_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a reservation made before the allocation");
