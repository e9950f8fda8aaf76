// RUN: %check_vfio %s vfio-mismatched-free %t -gen=6.1

#include <linux/module.h>
#include <linux/mdev.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <linux/vfio.h>

struct toaster {
	struct vfio_device vdev;
	void *crumbs;
};

static void toaster_release(struct vfio_device *vdev)
{
	struct toaster *t = container_of(vdev, struct toaster, vdev);

	kfree(t->crumbs);
	kfree(t);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'struct toaster' was allocated by 'vfio_alloc_device' and is freed by 'kfree'
// CHECK-FIXES: vfio_free_device(&t->vdev);
}

static const struct vfio_device_ops toaster_ops = {
	.release = toaster_release,
};

static int toaster_probe(struct mdev_device *mdev)
{
	struct toaster *t;
	int ret;

	t = vfio_alloc_device(toaster, vdev, &mdev->dev, &toaster_ops);
	if (IS_ERR(t))
		return PTR_ERR(t);
	ret = vfio_register_emulated_iommu_dev(&t->vdev);
	if (ret) {
		kvfree(t);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'struct toaster' was allocated by 'vfio_alloc_device' and is freed by 'kvfree'
// CHECK-FIXES: vfio_put_device(&t->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, t);
	return 0;
}

static void toaster_remove(struct mdev_device *mdev)
{
	struct toaster *t = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&t->vdev);
	vfree(t);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'struct toaster' was allocated by 'vfio_alloc_device' and is freed by 'vfree'
// CHECK-FIXES: vfio_put_device(&t->vdev);
}

static struct mdev_driver toaster_driver = {
	.probe = toaster_probe,
	.remove = toaster_remove,
};

/* Of a free and a put, the put stays. */
static int freed_and_put(struct mdev_device *mdev)
{
	struct toaster *t;
	int ret;

	t = vfio_alloc_device(toaster, vdev, &mdev->dev, &toaster_ops);
	if (IS_ERR(t))
		return PTR_ERR(t);
	ret = vfio_register_emulated_iommu_dev(&t->vdev);
	if (ret) {
		kfree(t);
		vfio_put_device(&t->vdev);
		return ret;
// CHECK-MESSAGES: :[[@LINE-3]]:3: warning: 'struct toaster' was allocated by 'vfio_alloc_device' and is freed by 'kfree'
// CHECK-FIXES: if (ret) {
// CHECK-FIXES-NEXT: vfio_put_device(&t->vdev);
// CHECK-FIXES-NEXT: return ret;
	}
	dev_set_drvdata(&mdev->dev, t);
	return 0;
}
static struct mdev_driver freed_and_put_driver = { .probe = freed_and_put };
