// RUN: %check_vfio %s vfio-init-contract,vfio-open-contract,vfio-probe-contract %t -gen=6.2 -expect-clean

#include "Inputs/lives.h"
#include <linux/uaccess.h>

struct firmware;
struct xarray;
struct xa_limit {
	u32 max, min;
};
int request_firmware(const struct firmware **fw, const char *name,
		     struct device *dev);
void release_firmware(const struct firmware *fw);
int xa_alloc(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit,
	     gfp_t gfp);
void *xa_erase(struct xarray *xa, unsigned long id);
extern struct idr doors;
extern struct xarray rooms;

/* How far it came is counted, and undone from there: of two that hold the same,
 * it is known that they hold it. */
struct stairs {
	struct vfio_device vdev;
	void *first;
	void *second;
	const struct firmware *carpet;
	int door;
	u32 room;
};

static void stairs_down(struct stairs *s, unsigned int level)
{
	switch (level) {
	case 4:
	case 3:
		kfree(s->second);
		fallthrough;
	case 2:
	case 1:
		kfree(s->first);
		fallthrough;
	case 0:
		break;
	}
}

static int stairs_open(struct vfio_device *vdev)
{
	struct stairs *s = container_of(vdev, struct stairs, vdev);
	unsigned int level = 0;
	int ret = -ENOMEM;

	s->first = kzalloc(8, GFP_KERNEL);
	if (!s->first)
		goto undo;
	level++;
	ret = copy_from_user(s->first, NULL, 8) ? -EFAULT : 0;
	if (ret)
		goto undo;
	level++;
	s->second = kzalloc(8, GFP_KERNEL);
	if (!s->second) {
		ret = -ENOMEM;
		goto undo;
	}
	level++;
	ret = copy_from_user(s->second, NULL, 8) ? -EFAULT : 0;
	if (ret)
		goto undo;
	level++;
	return 0;

undo:
	stairs_down(s, level);
	return ret;
}

static void stairs_close(struct vfio_device *vdev)
{
	stairs_down(container_of(vdev, struct stairs, vdev), 4);
}

/* Ids that start at 1, and a pointer that is there where the call has worked:
 * 0 stands for none. */
static void stairs_lock(struct stairs *s)
{
	if (s->carpet)
		release_firmware(s->carpet);
	s->carpet = NULL;
	if (s->door)
		idr_remove(&doors, s->door);
	s->door = 0;
	if (s->room)
		xa_erase(&rooms, s->room);
	s->room = 0;
}

static int stairs_init(struct vfio_device *vdev)
{
	struct stairs *s = container_of(vdev, struct stairs, vdev);
	struct xa_limit limit = { .min = 1, .max = 9 };
	int ret;

	ret = idr_alloc(&doors, s, 1, 0, GFP_KERNEL);
	if (ret < 0)
		goto undo;
	s->door = ret;
	ret = request_firmware(&s->carpet, "carpet", vdev->dev);
	if (ret)
		goto undo;
	ret = xa_alloc(&rooms, &s->room, s, limit, GFP_KERNEL);
	if (ret)
		goto undo;
	return 0;

undo:
	stairs_lock(s);
	return ret;
}

static void stairs_release(struct vfio_device *vdev)
{
	stairs_lock(container_of(vdev, struct stairs, vdev));
}

static const struct vfio_device_ops stairs_ops = {
	.init = stairs_init,
	.release = stairs_release,
	.open_device = stairs_open,
	.close_device = stairs_close,
};

static int stairs_probe(struct device *dev)
{
	struct stairs *s = vfio_alloc_device(stairs, vdev, dev, &stairs_ops);

	if (IS_ERR(s))
		return PTR_ERR(s);
	vfio_put_device(&s->vdev);
	return 0;
}

/* What a scope ends with may give back what is in the structure, too. */
struct parcel {
	void *paper;
	void *string;
};

struct post {
	struct vfio_device vdev;
	struct parcel *parcel;
};

static void parcel_end(struct parcel *p)
{
	if (!p)
		return;
	kfree(p->string);
	kfree(p->paper);
	kfree(p);
}

static void parcel_leave(struct parcel **p)
{
	parcel_end(*p);
}

static struct parcel *parcel_wrap(void)
{
	struct parcel *p __attribute__((cleanup(parcel_leave))) =
		kzalloc(sizeof(*p), GFP_KERNEL);
	struct parcel *done;

	if (!p)
		return NULL;
	p->paper = kzalloc(8, GFP_KERNEL);
	if (!p->paper)
		return NULL;
	p->string = kzalloc(8, GFP_KERNEL);
	if (!p->string)
		return NULL;
	done = p;
	p = NULL;
	return done;
}

static int post_open(struct vfio_device *vdev)
{
	struct post *s = container_of(vdev, struct post, vdev);

	s->parcel = parcel_wrap();
	return s->parcel ? 0 : -ENOMEM;
}

static void post_close(struct vfio_device *vdev)
{
	parcel_end(container_of(vdev, struct post, vdev)->parcel);
}

static const struct vfio_device_ops post_ops = {
	.open_device = post_open,
	.close_device = post_close,
};

static int post_probe(struct device *dev)
{
	struct post *s = vfio_alloc_device(post, vdev, dev, &post_ops);

	if (IS_ERR(s))
		return PTR_ERR(s);
	vfio_put_device(&s->vdev);
	return 0;
}
