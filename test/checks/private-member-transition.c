// RUN: %check_vfio %s vfio-private-member %t -gen=transition

#include <linux/module.h>
#include <linux/vfio.h>

static void lamp_put(struct vfio_device *vdev)
{
	kref_put(&vdev->kref, vfio_device_release);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'kref_put' drops core's own reference
// CHECK-FIXES: vfio_put_device(vdev);
}

static void lamp_end(struct kref *kref)
{
	vfio_device_release(kref);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'vfio_device_release' is core's own: only the last 'vfio_put_device' calls it [vfio-private-member]
}
