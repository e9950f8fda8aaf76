// RUN: %check_vfio %s vfio-private-member %t -gen=6.1,6.2

#include <linux/module.h>
#include <linux/mdev.h>
#include <linux/vfio.h>

struct lamp {
	struct vfio_device vdev;
	struct device device;
	unsigned int open_count;
};

static int lamp_users(struct lamp *l)
{
	return l->vdev.open_count;
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: member 'open_count' of 'struct vfio_device' is private to core, which changes it, and its meaning, from kernel to kernel [vfio-private-member]
}

static void lamp_wait(struct vfio_device *vdev)
{
	wait_for_completion(&vdev->comp);
// CHECK-MESSAGES: :[[@LINE-1]]:29: warning: member 'comp' of 'struct vfio_device' is private to core
}

static void lamp_put(struct lamp *l)
{
	put_device(&l->vdev.device);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'put_device' drops core's own reference of the vfio_device; use 'vfio_put_device' [vfio-private-member]
// CHECK-FIXES: vfio_put_device(&l->vdev);
}

static void lamp_put_pointer(struct vfio_device *vdev)
{
	put_device(&vdev->device);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'put_device' drops core's own reference
// CHECK-FIXES: vfio_put_device(vdev);
}

#ifdef MOCK_6_2_LINUX_VFIO_H
/* A driver that maps memory of its own needs it. */
static struct inode *lamp_inode(struct vfio_device *vdev)
{
	return vdev->inode;
}
#endif

/* Right: the driver's own members of the same name, and core's public ones. */
static int lamp_mine(struct lamp *l)
{
	put_device(&l->device);
	put_device(l->vdev.dev);
	return l->open_count + (l->vdev.kvm != NULL) + l->vdev.migration_flags;
}
