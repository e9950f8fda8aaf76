// RUN: %check_vfio %s vfio-mismatched-free %t -gen=6.1

// What lies in the structure itself was never allocated: to free it in another way would
// free the structure a second time.

#include <linux/module.h>
#include <linux/mdev.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct state { u32 regs[8]; };

struct pipit {
	struct vfio_device vdev;
	u8 buf[64];
	struct state states[2];
	u8 *page;
};

static void pipit_release(struct vfio_device *vdev)
{
	struct pipit *p = container_of(vdev, struct pipit, vdev);

	kfree(p->page);
	kfree(p->buf);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'buf' is a part of 'struct pipit' and was never allocated, but is freed by 'kfree'; drop this call
	vfio_free_device(vdev);
}

static const struct vfio_device_ops pipit_ops = { .name = "pipit", .release = pipit_release };

static void other_release(struct vfio_device *vdev)
{
	struct pipit *p = container_of(vdev, struct pipit, vdev);
	struct state *second = &p->states[1];

	kfree(second);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'states' is a part of 'struct pipit' and was never allocated, but is freed by 'kfree'; drop this call
	vfio_free_device(vdev);
}

static const struct vfio_device_ops other_ops = { .name = "other", .release = other_release };

// Through the device that lies in it, the structure itself is freed.
static void whole_release(struct vfio_device *vdev)
{
	struct pipit *p = container_of(vdev, struct pipit, vdev);

	kfree(&p->vdev);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'struct pipit' was allocated by 'vfio_alloc_device' and is freed by 'kfree'
// CHECK-FIXES: vfio_free_device(&p->vdev);
}

static const struct vfio_device_ops whole_ops = { .name = "whole", .release = whole_release };

int pipit_start(struct mdev_device *mdev, int which)
{
	struct pipit *p = vfio_alloc_device(pipit, vdev, &mdev->dev,
					    which == 1 ? &other_ops : which ? &whole_ops : &pipit_ops);

	if (IS_ERR(p))
		return PTR_ERR(p);
	dev_set_drvdata(&mdev->dev, p);
	return 0;
}
