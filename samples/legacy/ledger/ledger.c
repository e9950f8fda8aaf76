// SPDX-License-Identifier: GPL-2.0
/*
 * ledger - a mediated ledger: a page of entries and a log of who wrote where
 *
 * Idiom: an mdev driver with two private buffers and a count of its own, set
 * up between init and register, with one label for each step to be undone.
 */
#include <linux/atomic.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define LEDGER_SIZE	PAGE_SIZE
#define LEDGER_NOTES	64

struct ledger {
	struct vfio_device vdev;
	struct mutex lock;	/* entries, notes and next_note */
	u8 *entries;
	loff_t *notes;
	unsigned int next_note;
};

static atomic_t ledger_books = ATOMIC_INIT(0);
module_param_named(books, ledger_books.counter, int, 0444);
MODULE_PARM_DESC(books, "number of ledgers in memory");

static struct platform_device *ledger_office;
static struct mdev_parent ledger_parent;

static ssize_t ledger_read(struct vfio_device *vdev, char __user *buf,
			   size_t count, loff_t *ppos)
{
	struct ledger *lg = container_of(vdev, struct ledger, vdev);
	ssize_t ret;

	mutex_lock(&lg->lock);
	ret = simple_read_from_buffer(buf, count, ppos, lg->entries,
				      LEDGER_SIZE);
	mutex_unlock(&lg->lock);
	return ret;
}

static ssize_t ledger_write(struct vfio_device *vdev, const char __user *buf,
			    size_t count, loff_t *ppos)
{
	struct ledger *lg = container_of(vdev, struct ledger, vdev);
	ssize_t ret;

	mutex_lock(&lg->lock);
	lg->notes[lg->next_note++ % LEDGER_NOTES] = *ppos;
	ret = simple_write_to_buffer(lg->entries, LEDGER_SIZE, ppos, buf,
				     count);
	mutex_unlock(&lg->lock);
	return ret;
}

static long ledger_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = LEDGER_SIZE;
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static const struct vfio_device_ops ledger_ops = {
	.name = "ledger",
	.read = ledger_read,
	.write = ledger_write,
	.ioctl = ledger_ioctl,
};

static int ledger_probe(struct mdev_device *mdev)
{
	struct ledger *lg;
	int ret;

	lg = kzalloc(sizeof(*lg), GFP_KERNEL);
	if (!lg)
		return -ENOMEM;
	vfio_init_group_dev(&lg->vdev, &mdev->dev, &ledger_ops);

	mutex_init(&lg->lock);
	lg->entries = kzalloc(LEDGER_SIZE, GFP_KERNEL);
	if (!lg->entries) {
		ret = -ENOMEM;
		goto err_uninit;
	}

	/* Where the last writes went, for the auditor. */
	lg->notes = kcalloc(LEDGER_NOTES, sizeof(*lg->notes), GFP_KERNEL);
	if (!lg->notes) {
		ret = -ENOMEM;
		goto err_free_entries;
	}
	atomic_inc(&ledger_books);

	ret = vfio_register_emulated_iommu_dev(&lg->vdev);
	if (ret)
		goto err_free_notes;

	dev_set_drvdata(&mdev->dev, lg);
	return 0;

err_free_notes:
	atomic_dec(&ledger_books);
	kfree(lg->notes);
err_free_entries:
	kfree(lg->entries);
err_uninit:
	vfio_uninit_group_dev(&lg->vdev);
	kfree(lg);
	return ret;
}

static void ledger_remove(struct mdev_device *mdev)
{
	struct ledger *lg = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&lg->vdev);

	atomic_dec(&ledger_books);
	kfree(lg->notes);
	kfree(lg->entries);
	vfio_uninit_group_dev(&lg->vdev);
	kfree(lg);
}

static struct mdev_driver ledger_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = ledger_probe,
	.remove = ledger_remove,
	.driver = {
		.name = "ledger",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type ledger_type = {
	.sysfs_name = "book",
	.pretty_name = "A ledger of one page",
};

static struct mdev_type *ledger_types[] = { &ledger_type };

static int __init ledger_init(void)
{
	int ret;

	ret = mdev_register_driver(&ledger_driver);
	if (ret)
		return ret;

	ledger_office = platform_device_register_simple("ledger", -1, NULL, 0);
	if (IS_ERR(ledger_office)) {
		ret = PTR_ERR(ledger_office);
		goto err_driver;
	}

	ret = mdev_register_parent(&ledger_parent, &ledger_office->dev,
				   &ledger_driver, ledger_types,
				   ARRAY_SIZE(ledger_types));
	if (ret)
		goto err_office;
	return 0;

err_office:
	platform_device_unregister(ledger_office);
err_driver:
	mdev_unregister_driver(&ledger_driver);
	return ret;
}

static void __exit ledger_exit(void)
{
	mdev_unregister_parent(&ledger_parent);
	platform_device_unregister(ledger_office);
	mdev_unregister_driver(&ledger_driver);
}

module_init(ledger_init);
module_exit(ledger_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: two private buffers and a counter");
