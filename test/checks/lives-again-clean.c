// RUN: %check_vfio %s vfio-given-twice,vfio-open-contract %t -gen=6.1,6.2 -expect-clean

/* What looks as if it were given back twice, and is not. */

#include <linux/anon_inodes.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/refcount.h>
#include "Inputs/lives.h"

struct parcel {
	struct vfio_device vdev;
	struct slip *slip;
	bool closed, labelled;
	void *label;
};

struct slip {
	struct file *filp;
	refcount_t shares;
	bool last;
};

static int parcel_post(void *parcel, unsigned int weight)
{
	return weight < 20 ? 0 : -E2BIG;
}

/* Where it was freed, the one pointer to it says so. */
static int parcel_weigh(void **parcel, unsigned int weight)
{
	if (weight < 20)
		return 0;
	kfree(*parcel);
	*parcel = NULL;
	return -E2BIG;
}

static int parcel_state(struct parcel *p)
{
	if (p->closed)
		return -EIO;
	return pm_runtime_put(p->vdev.dev);
}

/* What the kernel answers is 0 or an error: both ask the same. */
static int parcel_wrap(struct parcel *p, void *box)
{
	int ret = parcel_state(p);

	if (ret)
		kfree(box);
	return ret;
}

static int parcel_send(struct parcel *p)
{
	void *box = kzalloc(128, GFP_KERNEL);
	int ret;

	if (!box)
		return -ENOMEM;
	ret = parcel_wrap(p, box);
	if (ret < 0)
		return ret;
	kfree(box);
	return 0;
}

static void slip_put(struct slip *slip)
{
	if (refcount_dec_and_test(&slip->shares))
		kfree(slip);
}

static void slip_drop(struct slip *slip)
{
	if (slip->last)
		kfree(slip);
}

static int parcel_count(void)
{
	struct slip *slip = kzalloc(sizeof(*slip), GFP_KERNEL);

	if (!slip)
		return -ENOMEM;
	refcount_set(&slip->shares, 2);
	slip_put(slip);
	slip_put(slip);
	return 0;
}

static int parcel_drop(unsigned int cmd)
{
	struct slip *slip = kzalloc(sizeof(*slip), GFP_KERNEL);

	if (!slip)
		return -ENOMEM;
	slip->last = cmd & 1;
	slip_drop(slip);
	if (!(cmd & 1))
		kfree(slip);
	return 0;
}

/* The flag says whether there is anything to undo. */
static void parcel_unlabel(struct parcel *p)
{
	if (!p->labelled)
		return;
	kfree(p->label);
}

static void parcel_label(struct parcel *p)
{
	p->label = kzalloc(16, GFP_KERNEL);
	if (!p->label)
		return;
	if (parcel_post(p, 30)) {
		kfree(p->label);
		return;
	}
	p->labelled = true;
}

static long parcel_ioctl(struct vfio_device *vdev, unsigned int cmd,
			 unsigned long arg)
{
	void *box;
	bool gone = false;
	int ret, tries = 0;

	if (cmd == 1)
		return parcel_count();
	if (cmd == 2)
		return parcel_drop(cmd);
	if (cmd == 4) {
		parcel_label(container_of(vdev, struct parcel, vdev));
		parcel_unlabel(container_of(vdev, struct parcel, vdev));
		return 0;
	}
	if (cmd == 3)
		return parcel_send(container_of(vdev, struct parcel, vdev));
again:
	box = kzalloc(128, GFP_KERNEL);
	if (!box)
		return -ENOMEM;
	ret = parcel_post(box, cmd);
	if (ret) {
		kfree(box);
		gone = true;
	}
	if (!gone) {
		ret = parcel_weigh(&box, arg);
		kfree(box);
	}
	if (ret == -E2BIG && tries++ < 2)
		goto again;
	return ret;
}

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
	p->slip = NULL;
}

static const struct vfio_device_ops parcel_ops = {
	.ioctl = parcel_ioctl,
	.open_device = parcel_open,
	.close_device = parcel_close,
	.release = plain_release,
	IOMMUFD(emulated),
};
PLAIN_DRIVER(parcel);
