// RUN: %check_vfio %s vfio-open-contract,vfio-given-twice %t -gen=6.1,6.2 -expect-clean

/* What a call leaves behind on purpose, and where it goes. */

#include <linux/anon_inodes.h>
#include <linux/fs.h>
#include <linux/kref.h>
#include <linux/uaccess.h>
#include <linux/xarray.h>
#include "Inputs/lives.h"

struct wallet {
	struct vfio_device vdev;
	struct xarray cards;
	struct ida seats;
	struct eventfd_ctx *chimes[4];
	struct device *till;
	struct card *chosen;
	bool awake;
};

struct card {
	struct kref shares;
	u32 limit;
};

struct tally {
	struct file *filp;
};

static const struct file_operations tally_fops;

static void card_free(struct kref *ref)
{
	kfree(container_of(ref, struct card, shares));
}

static struct card *card_find(struct wallet *w, unsigned long nr)
{
	struct card *card = xa_load(&w->cards, nr);

	if (card)
		kref_get(&card->shares);
	return card;
}

static int card_add(struct wallet *w, unsigned long nr)
{
	struct card *card = kzalloc(sizeof(*card), GFP_KERNEL);
	int ret;

	if (!card)
		return -ENOMEM;
	kref_init(&card->shares);
	ret = xa_insert(&w->cards, nr, card, GFP_KERNEL);
	if (ret)
		kfree(card);
	return ret;
}

/* No two have the same seat. */
static int chime_add(struct wallet *w, int fd)
{
	struct eventfd_ctx *chime;
	int seat;

	seat = ida_alloc_max(&w->seats, 3, GFP_KERNEL);
	if (seat < 0)
		return seat;
	chime = eventfd_ctx_fdget(fd);
	if (IS_ERR(chime)) {
		ida_free(&w->seats, seat);
		return PTR_ERR(chime);
	}
	w->chimes[seat] = chime;
	return seat;
}

static int chime_swap(struct wallet *w, u32 nr, int fd)
{
	struct eventfd_ctx *chime, *old;

	if (nr >= sizeof(w->chimes) / sizeof(w->chimes[0]))
		return -EINVAL;
	chime = eventfd_ctx_fdget(fd);
	if (IS_ERR(chime))
		return PTR_ERR(chime);
	old = w->chimes[nr];
	w->chimes[nr] = chime;
	if (old)
		eventfd_ctx_put(old);
	return 0;
}

static int tally_make(void)
{
	struct tally *t = kzalloc(sizeof(*t), GFP_KERNEL);

	if (!t)
		return -ENOMEM;
	t->filp = anon_inode_getfile("tally", &tally_fops, t, 0);
	if (IS_ERR(t->filp)) {
		int ret = PTR_ERR(t->filp);

		kfree(t);
		return ret;
	}
	return 0;
}

static int wallet_limit(struct vfio_info_cap *caps)
{
	struct vfio_info_cap_header cap = { .id = 8 };

	return vfio_info_add_capability(caps, &cap, sizeof(cap));
}

/* Where it fails, the kernel has freed what there was. */
static int wallet_tell(void __user *to, unsigned int which)
{
	struct vfio_info_cap caps = { .buf = NULL, .size = 0 };
	struct vfio_info_cap_header cap = { .id = 7 };
	int ret = 0;

	if (which & 1)
		ret = vfio_info_add_capability(&caps, &cap, sizeof(cap));
	if (!ret && (which & 2))
		ret = wallet_limit(&caps);
	if (ret)
		return ret;
	if (caps.size) {
		vfio_info_cap_shift(&caps, 32);
		if (copy_to_user(to, caps.buf, caps.size))
			ret = -EFAULT;
		kfree(caps.buf);
	}
	return ret;
}

static long wallet_ioctl(struct vfio_device *vdev, unsigned int cmd,
			 unsigned long arg)
{
	struct wallet *w = container_of(vdev, struct wallet, vdev);

	switch (cmd) {
	case 1:
		return card_add(w, arg);
	case 2:
		return chime_swap(w, arg & 3, arg >> 8);
	case 3:
		return chime_add(w, arg);
	case 4:
		return wallet_tell((void __user *)arg, arg >> 8);
	}
	return tally_make();
}

/* What it chooses it keeps, whether it has room or not. */
static ssize_t wallet_write(struct vfio_device *vdev, const char __user *buf,
			    size_t count, loff_t *ppos)
{
	struct wallet *w = container_of(vdev, struct wallet, vdev);
	struct card *card = card_find(w, *ppos);

	if (!card)
		return -ENOENT;
	if (card->limit < count) {
		w->chosen = card;
		return -ENOSPC;
	}
	card->limit -= count;
	kref_put(&card->shares, card_free);
	return count;
}

/* Where it is awake, it is so for as long as it is open. */
static ssize_t wallet_read(struct vfio_device *vdev, char __user *buf,
			   size_t count, loff_t *ppos)
{
	struct wallet *w = container_of(vdev, struct wallet, vdev);
	int ret;

	ret = pm_runtime_resume_and_get(w->till);
	if (ret)
		return ret;
	if (*ppos > 64) {
		ret = -EINVAL;
		goto out;
	}
	ret = count;
out:
	pm_runtime_put(w->till);
	return ret;
}

static void wallet_close(struct vfio_device *vdev)
{
	struct wallet *w = container_of(vdev, struct wallet, vdev);
	struct card *card;
	unsigned long nr;
	int i;

	if (w->chosen)
		kref_put(&w->chosen->shares, card_free);
	w->chosen = NULL;
	for (i = 0; i < 4; i++) {
		if (w->chimes[i])
			eventfd_ctx_put(w->chimes[i]);
		w->chimes[i] = NULL;
	}
	xa_for_each(&w->cards, nr, card) {
		xa_erase(&w->cards, nr);
		kref_put(&card->shares, card_free);
	}
}

static const struct vfio_device_ops wallet_ops = {
	.ioctl = wallet_ioctl,
	.read = wallet_read,
	.write = wallet_write,
	.close_device = wallet_close,
	.release = plain_release,
	IOMMUFD(emulated),
};
PLAIN_DRIVER(wallet);
