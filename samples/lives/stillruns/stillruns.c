// SPDX-License-Identifier: GPL-2.0
/*
 * stillruns - a work that is not cancelled before its structure goes
 *
 * Seen: debugobjects finds an armed timer in memory that is freed.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>

struct stillruns {
	struct vfio_device vdev;
	struct delayed_work tick;
	unsigned int ticks;
	u8 data[64];
};

static struct platform_device *stillruns_box;
static struct mdev_parent stillruns_parent;

static ssize_t stillruns_read(struct vfio_device *vdev, char __user *buf,
			      size_t count, loff_t *ppos)
{
	struct stillruns *sr = container_of(vdev, struct stillruns, vdev);

	return simple_read_from_buffer(buf, count, ppos, sr->data,
				       sizeof(sr->data));
}

static ssize_t stillruns_write(struct vfio_device *vdev, const char __user *buf,
			       size_t count, loff_t *ppos)
{
	struct stillruns *sr = container_of(vdev, struct stillruns, vdev);

	return simple_write_to_buffer(sr->data, sizeof(sr->data), ppos, buf,
				      count);
}

static long stillruns_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = sizeof_field(struct stillruns, data);
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static void stillruns_tick(struct work_struct *work)
{
	struct stillruns *sr = container_of(to_delayed_work(work),
					    struct stillruns, tick);

	sr->ticks++;
	schedule_delayed_work(&sr->tick, HZ);
}

static int stillruns_open_device(struct vfio_device *vdev)
{
	struct stillruns *sr = container_of(vdev, struct stillruns, vdev);

	schedule_delayed_work(&sr->tick, HZ); /* BUG: vfio-runs-late */
	return 0;
}

static const struct vfio_device_ops stillruns_ops = {
	.name = "stillruns",
	.bind_iommufd = vfio_iommufd_emulated_bind,
	.unbind_iommufd = vfio_iommufd_emulated_unbind,
	.attach_ioas = vfio_iommufd_emulated_attach_ioas,
	.detach_ioas = vfio_iommufd_emulated_detach_ioas,
	.open_device = stillruns_open_device,
	.read = stillruns_read,
	.write = stillruns_write,
	.ioctl = stillruns_ioctl,
};

static int stillruns_probe(struct mdev_device *mdev)
{
	struct stillruns *sr;
	int ret;

	sr = vfio_alloc_device(stillruns, vdev, &mdev->dev, &stillruns_ops);
	if (IS_ERR(sr))
		return PTR_ERR(sr);

	INIT_DELAYED_WORK(&sr->tick, stillruns_tick);
	ret = vfio_register_emulated_iommu_dev(&sr->vdev);
	if (ret) {
		vfio_put_device(&sr->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, sr);
	return 0;
}

static void stillruns_remove(struct mdev_device *mdev)
{
	struct stillruns *sr = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&sr->vdev);
	vfio_put_device(&sr->vdev);
}

static struct mdev_driver stillruns_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = stillruns_probe,
	.remove = stillruns_remove,
	.driver = {
		.name = "stillruns",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type stillruns_type = {
	.sysfs_name = "one",
	.pretty_name = "One of them",
};

static struct mdev_type *stillruns_types[] = { &stillruns_type };

static int __init stillruns_init(void)
{
	int ret;

	ret = mdev_register_driver(&stillruns_driver);
	if (ret)
		return ret;

	stillruns_box = platform_device_register_simple("stillruns", -1, NULL,
							0);
	if (IS_ERR(stillruns_box)) {
		ret = PTR_ERR(stillruns_box);
		goto err_driver;
	}

	ret = mdev_register_parent(&stillruns_parent, &stillruns_box->dev,
				   &stillruns_driver, stillruns_types,
				   ARRAY_SIZE(stillruns_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(stillruns_box);
err_driver:
	mdev_unregister_driver(&stillruns_driver);
	return ret;
}

static void __exit stillruns_exit(void)
{
	mdev_unregister_parent(&stillruns_parent);
	platform_device_unregister(stillruns_box);
	mdev_unregister_driver(&stillruns_driver);
}

module_init(stillruns_init);
module_exit(stillruns_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a bug on purpose (vfio-runs-late)");
