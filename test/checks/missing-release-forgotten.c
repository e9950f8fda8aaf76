// RUN: %check_vfio %s vfio-missing-release %t -gen=6.1

#include <linux/module.h>
#include <linux/mdev.h>
#include <linux/vfio.h>

// A release that was written, and not entered: the ready-made one is not offered then.
struct forgetful {
	struct vfio_device vdev;
};

static void forgetful_release(struct vfio_device *vdev)
// CHECK-NOTES: :[[@LINE+6]]:37: warning: ops table 'forgetful_ops' has no '.release'
// CHECK-NOTES: :[[@LINE-2]]:13: note: 'forgetful_release' has the type of a '.release', and nobody uses it
{
	vfio_free_device(vdev);
}

static const struct vfio_device_ops forgetful_ops = { .name = "forgetful" };

int forgetful_start(struct device *dev)
{
	struct forgetful *f = vfio_alloc_device(forgetful, vdev, dev, &forgetful_ops);
// CHECK-NOTES: :[[@LINE-1]]:24: note: the device is allocated with this table here
// CHECK-NOTES: :[[@LINE-17]]:8: note: the structure to be freed is 'struct forgetful'

	return IS_ERR(f) ? PTR_ERR(f) : vfio_register_group_dev(&f->vdev);
}
