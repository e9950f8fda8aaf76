// RUN: %check_vfio %s vfio-open-contract,vfio-given-twice %t -gen=6.2

/* What a call leaves behind when it returns: what the map did not keep, a share
 * that only the good way drops, and what an element had before. */

#include <linux/anon_inodes.h>
#include <linux/fs.h>
#include <linux/kref.h>
#include <linux/uaccess.h>
#include <linux/xarray.h>
#include "Inputs/lives.h"

struct wallet {
	struct vfio_device vdev;
	struct xarray cards;
	struct eventfd_ctx *chimes[4];
	struct device *till;
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

	if (!card)
		return -ENOMEM;
	kref_init(&card->shares);
	return xa_insert(&w->cards, nr, card, GFP_KERNEL);
}

static int chime_set(struct wallet *w, u32 nr, int fd)
{
	struct eventfd_ctx *chime;

	if (nr >= sizeof(w->chimes) / sizeof(w->chimes[0]))
		return -EINVAL;
	chime = eventfd_ctx_fdget(fd);
	if (IS_ERR(chime))
		return PTR_ERR(chime);
	w->chimes[nr] = chime;
// CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'chimes' may have the reference of an earlier call, which is lost here: nothing looks at it, or gives it back, before [vfio-given-twice]
	return 0;
}

static int tally_make(void)
{
	struct tally *t = kzalloc(sizeof(*t), GFP_KERNEL);
	struct file *filp;

	if (!t)
		return -ENOMEM;
	filp = anon_inode_getfile("tally", &tally_fops, t, 0);
	if (IS_ERR(filp))
		return PTR_ERR(filp);
	t->filp = filp;
	return 0;
}

/* The capabilities are copied, and nobody frees them where that fails. */
static int wallet_tell(void __user *to)
{
	struct vfio_info_cap caps = { .buf = NULL, .size = 0 };
	struct vfio_info_cap_header cap = { .id = 7 };
	int ret;

	ret = vfio_info_add_capability(&caps, &cap, sizeof(cap));
	if (ret)
		return ret;
	vfio_info_cap_shift(&caps, 32);
	if (copy_to_user(to, caps.buf, caps.size))
		return -EFAULT;
	kfree(caps.buf);
	return 0;
}

static long wallet_ioctl(struct vfio_device *vdev, unsigned int cmd,
			 unsigned long arg)
{
	struct wallet *w = container_of(vdev, struct wallet, vdev);

	if (cmd == 1)
		return card_add(w, arg);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the memory taken by 'kzalloc' is lost when 'wallet_ioctl' returns here: nothing has it, and nothing gave it back [vfio-open-contract]
	if (cmd == 2)
		return chime_set(w, arg & 3, arg >> 8);
	if (cmd == 3)
		return wallet_tell((void __user *)arg);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the memory taken by 'vfio_info_add_capability' is lost when 'wallet_ioctl' returns here: nothing has it, and nothing gave it back [vfio-open-contract]
	return tally_make();
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the memory taken by 'kzalloc' is lost when 'wallet_ioctl' returns here: nothing has it, and nothing gave it back [vfio-open-contract]
}

static ssize_t wallet_write(struct vfio_device *vdev, const char __user *buf,
			    size_t count, loff_t *ppos)
{
	struct wallet *w = container_of(vdev, struct wallet, vdev);
	struct card *card = card_find(w, *ppos);

	if (!card)
		return -ENOENT;
	if (card->limit < count)
		return -ENOSPC;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the reference taken by 'kref_get' is lost when 'wallet_write' returns here: nothing has it, and nothing gave it back [vfio-open-contract]
	card->limit -= count;
	kref_put(&card->shares, card_free);
	return count;
}

static ssize_t wallet_read(struct vfio_device *vdev, char __user *buf,
			   size_t count, loff_t *ppos)
{
	struct wallet *w = container_of(vdev, struct wallet, vdev);
	int ret;

	ret = pm_runtime_resume_and_get(w->till);
	if (ret)
		return ret;
	if (*ppos > 64)
		return -EINVAL;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the runtime PM count taken by 'pm_runtime_resume_and_get' is lost when 'wallet_read' returns here: nothing has it, and nothing gave it back [vfio-open-contract]
	pm_runtime_put(w->till);
	return count;
}

static void wallet_close(struct vfio_device *vdev)
{
	struct wallet *w = container_of(vdev, struct wallet, vdev);
	int i;

	for (i = 0; i < 4; i++) {
		if (w->chimes[i])
			eventfd_ctx_put(w->chimes[i]);
		w->chimes[i] = NULL;
	}
}

static const struct vfio_device_ops wallet_ops = {
	.close_device = wallet_close,
	.ioctl = wallet_ioctl,
	.read = wallet_read,
	.write = wallet_write,
	IOMMUFD(emulated),
};
PLAIN_DRIVER(wallet);
