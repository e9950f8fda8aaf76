// RUN: %check_vfio %s vfio-given-twice %t -gen=6.1,6.2

/* The last reference to a file has its release free the structure. */

#include <linux/anon_inodes.h>
#include <linux/file.h>
#include "Inputs/lives.h"

struct tape {
	struct file *file;
};

struct deck {
	struct vfio_device vdev;
};

static int tape_release(struct inode *inode, struct file *file)
{
	struct tape *t = file->private_data;

	kfree(t);
	return 0;
}

static const struct file_operations tape_fops = { .release = tape_release };

static long deck_ioctl(struct vfio_device *vdev, unsigned int cmd,
		       unsigned long arg)
{
	struct tape *t = kzalloc(sizeof(*t), GFP_KERNEL);
	long ret;

	if (!t)
		return -ENOMEM;
	t->file = anon_inode_getfile("tape", &tape_fops, t, 0);
	if (IS_ERR(t->file)) {
		ret = PTR_ERR(t->file);
		goto free;
	}
	ret = get_unused_fd_flags(0);
	if (ret < 0)
		goto put;
	fd_install(ret, t->file);
	return ret;
put:
	fput(t->file);
free:
	kfree(t);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the memory is freed here and by 'tape_release', which the last reference to its file calls [vfio-given-twice]
	return ret;
}

static const struct vfio_device_ops deck_ops = {
	IOMMUFD(emulated),
	.ioctl = deck_ioctl,
};
PLAIN_DRIVER(deck);
