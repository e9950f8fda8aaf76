// RUN: %check_vfio %s vfio-deprecated-lifecycle %t -gen=transition
// RUN: %check_vfio %s vfio-deprecated-lifecycle %t -gen=5.15 -suffix=ASKED -config="{CheckOptions: {vfio-deprecated-lifecycle.WarnOnOldKernels: true}}"

#include <linux/module.h>
#include <linux/mdev.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct lamp {
	struct vfio_device vdev;
};

static const struct vfio_device_ops lamp_ops = { .name = "lamp" };

static int lamp_probe(struct mdev_device *mdev)
{
	struct lamp *l = kzalloc(sizeof(*l), GFP_KERNEL);
	int ret;

	if (!l)
		return -ENOMEM;
	vfio_init_group_dev(&l->vdev, &mdev->dev, &lamp_ops);
// CHECK-MESSAGES-TRANSITION: :[[@LINE-1]]:2: warning: 'vfio_init_group_dev' belongs to the old life cycle; use 'vfio_alloc_device', or let vfio-migrate convert the driver [vfio-deprecated-lifecycle]
// CHECK-MESSAGES-ASKED: :[[@LINE-2]]:2: warning: 'vfio_init_group_dev' is gone from kernel 6.1 on, where 'vfio_alloc_device' takes its place; vfio-migrate can convert the driver [vfio-deprecated-lifecycle]
	ret = vfio_register_group_dev(&l->vdev);
	if (ret) {
		vfio_uninit_group_dev(&l->vdev);
// CHECK-MESSAGES-TRANSITION: :[[@LINE-1]]:3: warning: 'vfio_uninit_group_dev' belongs to the old life cycle; use 'vfio_put_device'
// CHECK-MESSAGES-ASKED: :[[@LINE-2]]:3: warning: 'vfio_uninit_group_dev' is gone from kernel 6.1 on
		kfree(l);
	}
	return ret;
}

static struct mdev_driver lamp_driver = { .probe = lamp_probe };
