// RUN: %check_vfio %s vfio-given-twice %t -gen=6.2

/* What is given back twice, on one way through a callback, or by a file. */

#include <linux/anon_inodes.h>
#include <linux/file.h>
#include <linux/fs.h>
#include "Inputs/lives.h"

struct parcel {
	struct vfio_device vdev;
	struct slip *slip;
	void *stamp;
};

struct slip {
	struct file *filp;
	size_t len;
};

/* Whoever posts it has nothing left where it fails. */
static int parcel_post(void *parcel, unsigned int weight)
{
	if (weight < 20)
		return 0;
	kfree(parcel);
	return -E2BIG;
}

static long parcel_ioctl(struct vfio_device *vdev, unsigned int cmd,
			 unsigned long arg)
{
	void *box = kzalloc(128, GFP_KERNEL);
	int ret;

	if (!box)
		return -ENOMEM;
	ret = parcel_post(box, cmd);
	if (ret)
		goto out;
	ret = -EAGAIN;
out:
	kfree(box);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the memory is given back here once more: on a way that comes here, it was before [vfio-given-twice]
	return ret;
}

/* The slip goes with its file. */
static int slip_release(struct inode *inode, struct file *filp)
{
	kfree(filp->private_data);
	return 0;
}

static const struct file_operations slip_fops = {
	.release = slip_release,
};

static int parcel_open(struct vfio_device *vdev)
{
	struct parcel *p = container_of(vdev, struct parcel, vdev);
	struct slip *slip = kzalloc(sizeof(*slip), GFP_KERNEL);

	if (!slip)
		return -ENOMEM;
	slip->filp = anon_inode_getfile("slip", &slip_fops, slip, 0);
	if (IS_ERR(slip->filp)) {
		int ret = PTR_ERR(slip->filp);

		kfree(slip);
		return ret;
	}
	p->slip = slip;
	return 0;
}

static void parcel_close(struct vfio_device *vdev)
{
	struct parcel *p = container_of(vdev, struct parcel, vdev);

	fput(p->slip->filp);
	kfree(p->slip);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the memory is freed here and by 'slip_release', which the last reference to its file calls [vfio-given-twice]
}

static const struct vfio_device_ops parcel_ops = {
	.ioctl = parcel_ioctl,
	.open_device = parcel_open,
	.close_device = parcel_close,
	IOMMUFD(emulated),
};
PLAIN_DRIVER(parcel);
