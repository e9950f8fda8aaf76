// SPDX-License-Identifier: GPL-2.0
/*
 * reel - a film of still pictures
 *
 * Idiom: the structure comes from vzalloc(), its pictures from a helper that
 * allocates them one by one and another that frees those that exist.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>
#include <linux/vmalloc.h>

#define REEL_PICTURES	8
#define REEL_SIZE	(REEL_PICTURES * PAGE_SIZE)

struct reel {
	struct vfio_device vdev;
	u8 *picture[REEL_PICTURES];
};

static struct platform_device *reel_cinema;
static struct mdev_parent reel_parent;

static void reel_burn(struct reel *rl)
{
	int i;

	for (i = 0; i < REEL_PICTURES; i++)
		kfree(rl->picture[i]);
}

static int reel_expose(struct reel *rl)
{
	int i;

	for (i = 0; i < REEL_PICTURES; i++) {
		rl->picture[i] = kzalloc(PAGE_SIZE, GFP_KERNEL);
		if (!rl->picture[i])
			goto err_burn;
	}
	return 0;

err_burn:
	reel_burn(rl);
	return -ENOMEM;
}

/* One access stays inside one picture. */
static u8 *reel_locate(struct reel *rl, loff_t pos, size_t *count)
{
	if (pos < 0 || pos >= REEL_SIZE)
		return NULL;
	*count = min_t(size_t, *count, PAGE_SIZE - (pos & (PAGE_SIZE - 1)));
	return rl->picture[pos / PAGE_SIZE] + (pos & (PAGE_SIZE - 1));
}

static ssize_t reel_read(struct vfio_device *vdev, char __user *buf,
			 size_t count, loff_t *ppos)
{
	struct reel *rl = container_of(vdev, struct reel, vdev);
	u8 *from = reel_locate(rl, *ppos, &count);

	if (!from)
		return 0;
	if (copy_to_user(buf, from, count))
		return -EFAULT;
	*ppos += count;
	return count;
}

static ssize_t reel_write(struct vfio_device *vdev, const char __user *buf,
			  size_t count, loff_t *ppos)
{
	struct reel *rl = container_of(vdev, struct reel, vdev);
	u8 *to = reel_locate(rl, *ppos, &count);

	if (!to)
		return -ENOSPC;
	if (copy_from_user(to, buf, count))
		return -EFAULT;
	*ppos += count;
	return count;
}

static long reel_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = REEL_SIZE;
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static const struct vfio_device_ops reel_ops = {
	.name = "reel",
	.read = reel_read,
	.write = reel_write,
	.ioctl = reel_ioctl,
};

static int reel_probe(struct mdev_device *mdev)
{
	struct reel *rl;
	int ret;

	rl = vzalloc(sizeof(*rl));
	if (!rl)
		return -ENOMEM;

	vfio_init_group_dev(&rl->vdev, &mdev->dev, &reel_ops);
	ret = reel_expose(rl);
	if (ret)
		goto err_uninit;

	ret = vfio_register_emulated_iommu_dev(&rl->vdev);
	if (ret)
		goto err_burn;
	dev_set_drvdata(&mdev->dev, rl);
	return 0;

err_burn:
	reel_burn(rl);
err_uninit:
	vfio_uninit_group_dev(&rl->vdev);
	vfree(rl);
	return ret;
}

static void reel_remove(struct mdev_device *mdev)
{
	struct reel *rl = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&rl->vdev);
	reel_burn(rl);
	vfio_uninit_group_dev(&rl->vdev);
	vfree(rl);
}

static struct mdev_driver reel_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = reel_probe,
	.remove = reel_remove,
	.driver = {
		.name = "reel",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type reel_type = {
	.sysfs_name = "film",
	.pretty_name = "Eight pictures",
};

static struct mdev_type *reel_types[] = { &reel_type };

static int __init reel_init(void)
{
	int ret;

	ret = mdev_register_driver(&reel_driver);
	if (ret)
		return ret;

	reel_cinema = platform_device_register_simple("reel", -1, NULL, 0);
	if (IS_ERR(reel_cinema)) {
		ret = PTR_ERR(reel_cinema);
		goto err_driver;
	}

	ret = mdev_register_parent(&reel_parent, &reel_cinema->dev,
				   &reel_driver, reel_types,
				   ARRAY_SIZE(reel_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(reel_cinema);
err_driver:
	mdev_unregister_driver(&reel_driver);
	return ret;
}

static void __exit reel_exit(void)
{
	mdev_unregister_parent(&reel_parent);
	platform_device_unregister(reel_cinema);
	mdev_unregister_driver(&reel_driver);
}

module_init(reel_init);
module_exit(reel_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a structure from vzalloc(), helpers for its parts");
