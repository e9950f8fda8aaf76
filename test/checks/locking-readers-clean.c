// RUN: %check_vfio %s vfio-locking %t -gen=6.1,6.2 -expect-clean

/* What is used without the lock is kept by a share, or never replaced. */

#include "Inputs/lives.h"

struct choirbook {
	struct vfio_device vdev;
	struct mutex lock;
	u32 singers;
	u32 *notes;
	u8 *cover;
};

static struct choirbook *book_of(struct vfio_device *vdev)
{
	return container_of(vdev, struct choirbook, vdev);
}

static int book_get(struct choirbook *s)
{
	int ret = 0;

	mutex_lock(&s->lock);
	if (!s->notes)
		s->notes = kcalloc(8, sizeof(*s->notes), GFP_KERNEL);
	if (s->notes)
		s->singers++;
	else
		ret = -ENOMEM;
	mutex_unlock(&s->lock);
	return ret;
}

static void book_put(struct choirbook *s)
{
	mutex_lock(&s->lock);
	if (--s->singers == 0) {
		kfree(s->notes);
		s->notes = NULL;
	}
	mutex_unlock(&s->lock);
}

static long book_ioctl(struct vfio_device *vdev, unsigned int cmd,
		       unsigned long arg)
{
	struct choirbook *s = book_of(vdev);
	int ret = book_get(s);

	if (ret)
		return ret;
	s->notes[cmd & 7] = arg;
	book_put(s);
	return 0;
}

static ssize_t book_read(struct vfio_device *vdev, char __user *buf,
			 size_t count, loff_t *ppos)
{
	struct choirbook *s = book_of(vdev);
	ssize_t ret = 0;

	mutex_lock(&s->lock);
	if (s->notes)
		ret = s->notes[0] + s->cover[0];
	mutex_unlock(&s->lock);
	return ret;
}

static ssize_t book_write(struct vfio_device *vdev, const char __user *buf,
			  size_t count, loff_t *ppos)
{
	return book_of(vdev)->cover[1];
}

static int book_open(struct vfio_device *vdev)
{
	struct choirbook *s = book_of(vdev);

	s->cover = kzalloc(8, GFP_KERNEL);
	return s->cover ? 0 : -ENOMEM;
}

static void book_close(struct vfio_device *vdev)
{
	kfree(book_of(vdev)->cover);
	book_of(vdev)->cover = NULL;
}

static int book_init(struct vfio_device *vdev)
{
	mutex_init(&book_of(vdev)->lock);
	return 0;
}

static const struct vfio_device_ops choirbook_ops = {
	IOMMUFD(emulated),
	.init = book_init,
	.release = plain_release,
	.open_device = book_open,
	.close_device = book_close,
	.ioctl = book_ioctl,
	.read = book_read,
	.write = book_write,
};
PLAIN_DRIVER(choirbook);
