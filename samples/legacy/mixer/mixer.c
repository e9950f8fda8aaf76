// SPDX-License-Identifier: GPL-2.0
/*
 * mixer - a stereo mixer with a title
 *
 * Idiom: one error label for all steps, which frees members that may still be
 * NULL. The structure comes from kmalloc() and memset().
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define MIXER_SAMPLES	1024
#define MIXER_SIZE	(MIXER_SAMPLES * sizeof(s16))

struct mixer {
	struct vfio_device vdev;
	struct mutex lock;	/* left and right */
	s16 *left;
	s16 *right;
	char *title;
};

static struct platform_device *mixer_desk;
static struct mdev_parent mixer_parent;

/* User space sees the left channel, then the right one. */
static s16 *mixer_channel(struct mixer *mx, loff_t *pos)
{
	if (*pos < MIXER_SIZE)
		return mx->left;
	*pos -= MIXER_SIZE;
	return mx->right;
}

static ssize_t mixer_read(struct vfio_device *vdev, char __user *buf,
			  size_t count, loff_t *ppos)
{
	struct mixer *mx = container_of(vdev, struct mixer, vdev);
	loff_t pos = *ppos;
	ssize_t ret;
	s16 *samples;

	mutex_lock(&mx->lock);
	samples = mixer_channel(mx, &pos);
	ret = simple_read_from_buffer(buf, count, &pos, samples, MIXER_SIZE);
	mutex_unlock(&mx->lock);
	if (ret > 0)
		*ppos += ret;
	return ret;
}

static ssize_t mixer_write(struct vfio_device *vdev, const char __user *buf,
			   size_t count, loff_t *ppos)
{
	struct mixer *mx = container_of(vdev, struct mixer, vdev);
	loff_t pos = *ppos;
	ssize_t ret;
	s16 *samples;

	mutex_lock(&mx->lock);
	samples = mixer_channel(mx, &pos);
	ret = simple_write_to_buffer(samples, MIXER_SIZE, &pos, buf, count);
	mutex_unlock(&mx->lock);
	if (ret > 0)
		*ppos += ret;
	return ret;
}

static long mixer_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = 2 * MIXER_SIZE;
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static const struct vfio_device_ops mixer_ops = {
	.name = "mixer",
	.read = mixer_read,
	.write = mixer_write,
	.ioctl = mixer_ioctl,
};

static int mixer_probe(struct mdev_device *mdev)
{
	struct mixer *mx;
	int ret = -ENOMEM;

	mx = kmalloc(sizeof(*mx), GFP_KERNEL);
	if (!mx)
		return -ENOMEM;
	memset(mx, 0, sizeof(*mx));

	vfio_init_group_dev(&mx->vdev, &mdev->dev, &mixer_ops);
	mutex_init(&mx->lock);

	mx->title = kstrdup(dev_name(&mdev->dev), GFP_KERNEL);
	if (!mx->title)
		goto err;

	mx->left = kcalloc(MIXER_SAMPLES, sizeof(*mx->left), GFP_KERNEL);
	mx->right = kcalloc(MIXER_SAMPLES, sizeof(*mx->right), GFP_KERNEL);
	if (!mx->left || !mx->right)
		goto err;

	dev_set_drvdata(&mdev->dev, mx);
	ret = vfio_register_emulated_iommu_dev(&mx->vdev);
	if (ret)
		goto err;

	dev_info(&mdev->dev, "mixer %s\n", mx->title);
	return 0;

err:
	kfree(mx->right);
	kfree(mx->left);
	kfree(mx->title);
	vfio_uninit_group_dev(&mx->vdev);
	kfree(mx);
	return ret;
}

static void mixer_remove(struct mdev_device *mdev)
{
	struct mixer *mx = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&mx->vdev);

	kfree(mx->right);
	kfree(mx->left);
	kfree(mx->title);
	vfio_uninit_group_dev(&mx->vdev);
	kfree(mx);
}

static struct mdev_driver mixer_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = mixer_probe,
	.remove = mixer_remove,
	.driver = {
		.name = "mixer",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type mixer_type = {
	.sysfs_name = "stereo",
	.pretty_name = "Two channels",
};

static struct mdev_type *mixer_types[] = { &mixer_type };

static int __init mixer_init(void)
{
	int ret;

	ret = mdev_register_driver(&mixer_driver);
	if (ret)
		return ret;

	mixer_desk = platform_device_register_simple("mixer", -1, NULL, 0);
	if (IS_ERR(mixer_desk)) {
		ret = PTR_ERR(mixer_desk);
		goto err_driver;
	}

	ret = mdev_register_parent(&mixer_parent, &mixer_desk->dev,
				   &mixer_driver, mixer_types,
				   ARRAY_SIZE(mixer_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(mixer_desk);
err_driver:
	mdev_unregister_driver(&mixer_driver);
	return ret;
}

static void __exit mixer_exit(void)
{
	mdev_unregister_parent(&mixer_parent);
	platform_device_unregister(mixer_desk);
	mdev_unregister_driver(&mixer_driver);
}

module_init(mixer_init);
module_exit(mixer_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: one label for members that may be NULL");
