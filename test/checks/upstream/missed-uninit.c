// RUN: %check_vfio %s vfio-lifecycle %t -gen=5.15

/* "vfio/ap_ops: Add missed vfio_uninit_group_dev()": neither the failing probe
 * nor the remove function took the device out of its device set. */

#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct loom {
	struct vfio_device vdev;
	int threads;
};

extern const struct vfio_device_ops loom_ops;

static int loom_probe(struct mdev_device *mdev)
{
	struct loom *l = kzalloc(sizeof(*l), GFP_KERNEL);
	int ret;

	if (!l)
		return -ENOMEM;
	vfio_init_group_dev(&l->vdev, &mdev->dev, &loom_ops);
	ret = vfio_register_group_dev(&l->vdev);
	if (ret)
		goto err_free;
	dev_set_drvdata(&mdev->dev, l);
	return 0;

err_free:
	kfree(l);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'l' is freed without 'vfio_uninit_group_dev'
	return ret;
}

static void loom_remove(struct mdev_device *mdev)
{
	struct loom *l = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&l->vdev);
	kfree(l);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'l' is freed without 'vfio_uninit_group_dev'
}

struct mdev_driver loom_driver = {
	.probe = loom_probe,
	.remove = loom_remove,
};
