// SPDX-License-Identifier: GPL-2.0
/*
 * nofree - @release does not free
 *
 * Seen: the structure is still allocated after the device is gone.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct nofree {
	struct vfio_device vdev;
	u8 data[64];
};

static struct platform_device *nofree_box;
static struct mdev_parent nofree_parent;

static ssize_t nofree_read(struct vfio_device *vdev, char __user *buf,
			   size_t count, loff_t *ppos)
{
	struct nofree *nf = container_of(vdev, struct nofree, vdev);

	return simple_read_from_buffer(buf, count, ppos, nf->data,
				       sizeof(nf->data));
}

static ssize_t nofree_write(struct vfio_device *vdev, const char __user *buf,
			    size_t count, loff_t *ppos)
{
	struct nofree *nf = container_of(vdev, struct nofree, vdev);

	return simple_write_to_buffer(nf->data, sizeof(nf->data), ppos, buf,
				      count);
}

static long nofree_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = sizeof_field(struct nofree, data);
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static void nofree_release_dev(struct vfio_device *vdev)
{
	dev_dbg(vdev->dev, "released\n");
} /* BUG: vfio-release-contract */

static const struct vfio_device_ops nofree_ops = {
	.name = "nofree",
	.release = nofree_release_dev,
	.read = nofree_read,
	.write = nofree_write,
	.ioctl = nofree_ioctl,
};

static int nofree_probe(struct mdev_device *mdev)
{
	struct nofree *nf;
	int ret;

	nf = vfio_alloc_device(nofree, vdev, &mdev->dev, &nofree_ops);
	if (IS_ERR(nf))
		return PTR_ERR(nf);

	ret = vfio_register_emulated_iommu_dev(&nf->vdev);
	if (ret) {
		vfio_put_device(&nf->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, nf);
	return 0;
}

static void nofree_remove(struct mdev_device *mdev)
{
	struct nofree *nf = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&nf->vdev);
	vfio_put_device(&nf->vdev);
}

static struct mdev_driver nofree_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = nofree_probe,
	.remove = nofree_remove,
	.driver = {
		.name = "nofree",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type nofree_type = {
	.sysfs_name = "one",
	.pretty_name = "One of them",
};

static struct mdev_type *nofree_types[] = { &nofree_type };

static int __init nofree_init(void)
{
	int ret;

	ret = mdev_register_driver(&nofree_driver);
	if (ret)
		return ret;

	nofree_box = platform_device_register_simple("nofree", -1, NULL, 0);
	if (IS_ERR(nofree_box)) {
		ret = PTR_ERR(nofree_box);
		goto err_driver;
	}

	ret = mdev_register_parent(&nofree_parent, &nofree_box->dev,
				   &nofree_driver, nofree_types,
				   ARRAY_SIZE(nofree_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(nofree_box);
err_driver:
	mdev_unregister_driver(&nofree_driver);
	return ret;
}

static void __exit nofree_exit(void)
{
	mdev_unregister_parent(&nofree_parent);
	platform_device_unregister(nofree_box);
	mdev_unregister_driver(&nofree_driver);
}

module_init(nofree_init);
module_exit(nofree_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a bug on purpose (vfio-release-contract)");
