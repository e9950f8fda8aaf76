// RUN: %check_vfio %s vfio-alloc-result,vfio-lifecycle %t -gen=6.1,6.2 -expect-clean

/* The error that an allocation gives may be told: it is a number. */

#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/vfio.h>

struct lamp {
	struct vfio_device vdev;
};

extern const struct vfio_device_ops lamp_ops;

static int lamp_probe(struct mdev_device *mdev)
{
	struct lamp *l;
	int ret;

	l = vfio_alloc_device(lamp, vdev, &mdev->dev, &lamp_ops);
	if (IS_ERR(l))
		return dev_err_probe(&mdev->dev, PTR_ERR(l), "no lamp\n");
	ret = vfio_register_emulated_iommu_dev(&l->vdev);
	if (ret) {
		vfio_put_device(&l->vdev);
		return dev_err_probe(&mdev->dev, ret, "no lamp at %p\n", l);
	}
	dev_set_drvdata(&mdev->dev, l);
	return 0;
}

static void lamp_remove(struct mdev_device *mdev)
{
	struct lamp *l = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&l->vdev);
	vfio_put_device(&l->vdev);
}

static struct mdev_driver lamp_driver = {
	.probe = lamp_probe,
	.remove = lamp_remove,
};
