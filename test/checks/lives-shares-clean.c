// RUN: %check_vfio %s vfio-open-contract,vfio-given-twice %t -gen=6.1,6.2 -expect-clean

/* Shares of one's own, tags that a switch asks, files that have another end. */

#include <linux/anon_inodes.h>
#include <linux/file.h>
#include <linux/refcount.h>
#include <linux/pci.h>
#include "Inputs/lives.h"

/* What .read puts is the share that it took. */
struct page_of {
	refcount_t readers;
	u32 lines;
};

struct ledger {
	struct vfio_device vdev;
	spinlock_t lock;
	struct page_of *page;
};

static struct ledger *ledger_of(struct vfio_device *vdev)
{
	return container_of(vdev, struct ledger, vdev);
}

static void page_put(struct page_of *p)
{
	if (refcount_dec_and_test(&p->readers))
		kfree(p);
}

static ssize_t ledger_read(struct vfio_device *vdev, char __user *buf,
			   size_t count, loff_t *ppos)
{
	struct ledger *s = ledger_of(vdev);
	struct page_of *p;
	ssize_t ret;

	spin_lock(&s->lock);
	p = s->page;
	if (p)
		refcount_inc(&p->readers);
	spin_unlock(&s->lock);
	if (!p)
		return 0;
	ret = p->lines;
	page_put(p);
	return ret;
}

static int ledger_open(struct vfio_device *vdev)
{
	struct ledger *s = ledger_of(vdev);
	struct page_of *p = kzalloc(sizeof(*p), GFP_KERNEL);

	if (!p)
		return -ENOMEM;
	refcount_set(&p->readers, 1);
	s->page = p;
	return 0;
}

static void ledger_close(struct vfio_device *vdev)
{
	struct ledger *s = ledger_of(vdev);
	struct page_of *p;

	spin_lock(&s->lock);
	p = s->page;
	s->page = NULL;
	spin_unlock(&s->lock);
	page_put(p);
}

static int ledger_init(struct vfio_device *vdev)
{
	spin_lock_init(&ledger_of(vdev)->lock);
	return 0;
}

static const struct vfio_device_ops ledger_ops = {
	IOMMUFD(emulated),
	.init = ledger_init,
	.release = plain_release,
	.open_device = ledger_open,
	.close_device = ledger_close,
	.read = ledger_read,
};
PLAIN_DRIVER(ledger);

/* What is there, the tag says. */
struct parcel {
	struct vfio_device vdev;
	enum { EMPTY, BELL } kind;
	struct eventfd_ctx *bell;
};

static void parcel_drop(struct parcel *s)
{
	switch (s->kind) {
	case BELL:
		eventfd_ctx_put(s->bell);
		break;
	default:
		break;
	}
	s->kind = EMPTY;
}

static long parcel_ioctl(struct vfio_device *vdev, unsigned int cmd,
			 unsigned long arg)
{
	struct parcel *s = container_of(vdev, struct parcel, vdev);
	struct eventfd_ctx *bell = eventfd_ctx_fdget(arg);

	if (IS_ERR(bell))
		return PTR_ERR(bell);
	parcel_drop(s);
	s->bell = bell;
	s->kind = BELL;
	return 0;
}

static void parcel_close(struct vfio_device *vdev)
{
	parcel_drop(container_of(vdev, struct parcel, vdev));
}

static const struct vfio_device_ops parcel_ops = {
	IOMMUFD(emulated),
	.close_device = parcel_close,
	.ioctl = parcel_ioctl,
};
PLAIN_DRIVER(parcel);

/* A device that is asked for may be none. */
struct guest {
	struct vfio_device vdev;
	struct pci_dev *host;
};

static int guest_open(struct vfio_device *vdev)
{
	struct guest *s = container_of(vdev, struct guest, vdev);

	s->host = pci_dev_get(dev_get_drvdata(vdev->dev));
	if (!s->host)
		return -ENODEV;
	return 0;
}

static void guest_close(struct vfio_device *vdev)
{
	struct guest *s = container_of(vdev, struct guest, vdev);

	pci_dev_put(s->host);
}

static const struct vfio_device_ops guest_ops = {
	IOMMUFD(emulated),
	.open_device = guest_open,
	.close_device = guest_close,
};
PLAIN_DRIVER(guest);

/* The structure is freed where there is no file of it. */
struct tape {
	struct file *file;
	void *data;
};

struct deck {
	struct vfio_device vdev;
	struct tape *tape;
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
	return ret;
free:
	kfree(t);
	return ret;
}

static const struct vfio_device_ops deck_ops = {
	IOMMUFD(emulated),
	.ioctl = deck_ioctl,
};
PLAIN_DRIVER(deck);
