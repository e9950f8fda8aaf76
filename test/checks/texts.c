// RUN: %check_vfio %s vfio-lifecycle,vfio-mismatched-free,vfio-missing-release %t -gen=6.2

// How messages name things: the variable, not the macro that it was given to; the end
// of the scope, not the macro that makes a cleanup; the structure, not what is in it.

#include <linux/module.h>
#include <linux/cleanup.h>
#include <linux/mdev.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct finch {
	struct vfio_device vdev;
	u8 buf[64];
	struct mutex lock;
	u8 *page;
};

static const struct vfio_device_ops finch_ops = { .name = "finch" };

DEFINE_FREE(put_finch, struct finch *, if (_T) vfio_put_device(&_T->vdev))

static int finch_probe(struct mdev_device *mdev)
{
	struct finch *f = vfio_alloc_device(finch, vdev, &mdev->dev, &finch_ops);
	int ret;

	if (IS_ERR(f))
		return PTR_ERR(f);
	ret = vfio_register_emulated_iommu_dev(&f->vdev);
	if (ret) {
		vfio_put_device(&f->vdev);
		dev_info(f->vdev.dev, "gone");
// CHECK-NOTES: :[[@LINE-1]]:3: warning: 'f->vdev.dev' is used after its last reference was put
// CHECK-NOTES: :[[@LINE-3]]:3: note: the last reference was put here
		return ret;
	}
	dev_set_drvdata(&mdev->dev, f);
	return 0;
}

static void finch_remove(struct mdev_device *mdev)
{
	struct finch *f __free(put_finch) = dev_get_drvdata(&mdev->dev);

	f->buf[0] = 1;
}
// CHECK-NOTES: :[[@LINE-1]]:1: warning: 'f' is put while it is registered
// CHECK-NOTES: :[[@LINE-5]]:16: note: by the cleanup of 'f', which runs at the end of its scope
// CHECK-NOTES: :[[@LINE-20]]:8: note: registered by the probe function here

static struct mdev_driver finch_driver = { .probe = finch_probe, .remove = finch_remove };
module_driver(finch_driver, mdev_register_driver, mdev_unregister_driver);
