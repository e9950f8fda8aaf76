// SPDX-License-Identifier: GPL-2.0
/*
 * archive - a box of papers and a catalogue of it
 *
 * Idiom: a structure too large for kmalloc(), from kvzalloc(), with a second
 * buffer from vzalloc().
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>
#include <linux/vmalloc.h>

#define ARCHIVE_PAPERS	(128 * 1024)
#define ARCHIVE_PAGES	(ARCHIVE_PAPERS / 4096)

struct archive {
	struct vfio_device vdev;
	struct mutex lock;	/* papers and catalogue */
	u64 *catalogue;
	u8 papers[ARCHIVE_PAPERS];
};

static struct platform_device *archive_house;
static struct mdev_parent archive_parent;

static ssize_t archive_read(struct vfio_device *vdev, char __user *buf,
			    size_t count, loff_t *ppos)
{
	struct archive *ar = container_of(vdev, struct archive, vdev);
	ssize_t ret;

	mutex_lock(&ar->lock);
	ret = simple_read_from_buffer(buf, count, ppos, ar->papers,
				      ARCHIVE_PAPERS);
	mutex_unlock(&ar->lock);
	return ret;
}

static ssize_t archive_write(struct vfio_device *vdev, const char __user *buf,
			     size_t count, loff_t *ppos)
{
	struct archive *ar = container_of(vdev, struct archive, vdev);
	ssize_t ret;

	mutex_lock(&ar->lock);
	if (*ppos < ARCHIVE_PAPERS)
		ar->catalogue[*ppos / 4096]++;
	ret = simple_write_to_buffer(ar->papers, ARCHIVE_PAPERS, ppos, buf,
				     count);
	mutex_unlock(&ar->lock);
	return ret;
}

static long archive_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = ARCHIVE_PAPERS;
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static const struct vfio_device_ops archive_ops = {
	.name = "archive",
	.read = archive_read,
	.write = archive_write,
	.ioctl = archive_ioctl,
};

static int archive_probe(struct mdev_device *mdev)
{
	struct archive *ar;
	int ret;

	ar = kvzalloc(sizeof(*ar), GFP_KERNEL);
	if (!ar)
		return -ENOMEM;

	vfio_init_group_dev(&ar->vdev, &mdev->dev, &archive_ops);
	mutex_init(&ar->lock);
	ar->catalogue = vzalloc(ARCHIVE_PAGES * sizeof(*ar->catalogue));
	if (!ar->catalogue) {
		ret = -ENOMEM;
		goto err_uninit;
	}

	ret = vfio_register_emulated_iommu_dev(&ar->vdev);
	if (ret)
		goto err_catalogue;
	dev_set_drvdata(&mdev->dev, ar);
	return 0;

err_catalogue:
	vfree(ar->catalogue);
err_uninit:
	vfio_uninit_group_dev(&ar->vdev);
	kvfree(ar);
	return ret;
}

static void archive_remove(struct mdev_device *mdev)
{
	struct archive *ar = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&ar->vdev);
	vfree(ar->catalogue);
	vfio_uninit_group_dev(&ar->vdev);
	kvfree(ar);
}

static struct mdev_driver archive_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = archive_probe,
	.remove = archive_remove,
	.driver = {
		.name = "archive",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type archive_type = {
	.sysfs_name = "box",
	.pretty_name = "A box of 128 KiB",
};

static struct mdev_type *archive_types[] = { &archive_type };

static int __init archive_init(void)
{
	int ret;

	ret = mdev_register_driver(&archive_driver);
	if (ret)
		return ret;

	archive_house = platform_device_register_simple("archive", -1, NULL, 0);
	if (IS_ERR(archive_house)) {
		ret = PTR_ERR(archive_house);
		goto err_driver;
	}

	ret = mdev_register_parent(&archive_parent, &archive_house->dev,
				   &archive_driver, archive_types,
				   ARRAY_SIZE(archive_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(archive_house);
err_driver:
	mdev_unregister_driver(&archive_driver);
	return ret;
}

static void __exit archive_exit(void)
{
	mdev_unregister_parent(&archive_parent);
	platform_device_unregister(archive_house);
	mdev_unregister_driver(&archive_driver);
}

module_init(archive_init);
module_exit(archive_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a structure from kvzalloc()");
