// RUN: %check_vfio %s "vfio-*" %t -gen=transition,6.1,6.2 -expect-clean

/* Nothing is wrong here, though some of it looks so. */

#include <linux/module.h>
#include <linux/mdev.h>
#include <linux/slab.h>
#include <linux/mm.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/device.h>
#include <linux/vfio.h>
#include "Inputs/iommufd.h"
#ifndef DEFINE_FREE
#define DEFINE_FREE(_name, _type, _free) \
	static inline void __free_##_name(void *p) { _type _T = *(_type *)p; _free; }
#define __free(_name) __attribute__((__cleanup__(__free_##_name)))
#define no_free_ptr(p) ({ __auto_type __ptr = (p); (p) = NULL; __ptr; })
#endif
struct lamp { struct vfio_device vdev; int watts; struct list_head next; };
extern const struct vfio_device_ops lamp_ops;
int other_check(struct device *dev);
DEFINE_FREE(lamp_put, struct lamp *, if (!IS_ERR_OR_NULL(_T)) vfio_put_device(&_T->vdev))

static int n1(struct mdev_device *mdev)
{
	int ret;
	struct lamp *l __free(lamp_put) = vfio_alloc_device(lamp, vdev, &mdev->dev, &lamp_ops);
	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = vfio_register_emulated_iommu_dev(&l->vdev);
	if (ret)
		return ret;
	dev_set_drvdata(&mdev->dev, no_free_ptr(l));
	return 0;
}
static void nr(struct mdev_device *mdev)
{
	struct lamp *l = dev_get_drvdata(&mdev->dev);
	vfio_unregister_group_dev(&l->vdev);
	vfio_put_device(&l->vdev);
}
/* optional registration, remembered */
static int n2(struct mdev_device *mdev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, &mdev->dev, &lamp_ops);
	int ret;
	if (IS_ERR(l))
		return PTR_ERR(l);
	dev_set_drvdata(&mdev->dev, l);
	ret = vfio_register_emulated_iommu_dev(&l->vdev);
	if (ret)
		dev_warn(&mdev->dev, "without vfio\n");
	else
		l->watts = 1;
	return 0;
}
static void nr2(struct mdev_device *mdev)
{
	struct lamp *l = dev_get_drvdata(&mdev->dev);
	if (l->watts)
		vfio_unregister_group_dev(&l->vdev);
	vfio_put_device(&l->vdev);
}
/* put, drvdata cleared, remove looks */
static int n3(struct mdev_device *mdev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, &mdev->dev, &lamp_ops);
	int ret;
	if (IS_ERR(l))
		return PTR_ERR(l);
	dev_set_drvdata(&mdev->dev, l);
	ret = vfio_register_emulated_iommu_dev(&l->vdev);
	if (ret) {
		dev_set_drvdata(&mdev->dev, NULL);
		vfio_put_device(&l->vdev);
		return 0;
	}
	return 0;
}
static void nr3(struct mdev_device *mdev)
{
	struct lamp *l = dev_get_drvdata(&mdev->dev);
	if (!l)
		return;
	vfio_unregister_group_dev(&l->vdev);
	vfio_put_device(&l->vdev);
}
/* create returns NULL on error of its own making; no leak */
static struct lamp *create4(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	if (IS_ERR(l))
		return NULL;
	if (vfio_register_emulated_iommu_dev(&l->vdev)) {
		vfio_put_device(&l->vdev);
		return NULL;
	}
	return l;
}
static int n4(struct mdev_device *mdev)
{
	struct lamp *l = create4(&mdev->dev);
	if (!l)
		return -ENODEV;
	dev_set_drvdata(&mdev->dev, l);
	return 0;
}
/* output parameter */
static int create5(struct device *dev, struct lamp **out)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	int ret;
	*out = NULL;
	if (IS_ERR(l))
		return PTR_ERR(l);
	*out = l;
	ret = other_check(dev);
	if (ret)
		return ret;
	return vfio_register_emulated_iommu_dev(&l->vdev);
}
static int n5(struct mdev_device *mdev)
{
	struct lamp *l;
	int ret = create5(&mdev->dev, &l);
	if (ret) {
		if (l)
			vfio_put_device(&l->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, l);
	return 0;
}
/* one exit */
static int n6(struct mdev_device *mdev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, &mdev->dev, &lamp_ops);
	int ret = PTR_ERR_OR_ZERO(l);
	if (ret)
		goto out;
	ret = vfio_register_emulated_iommu_dev(&l->vdev);
	if (!ret)
		dev_set_drvdata(&mdev->dev, l);
out:
	if (ret && !IS_ERR(l))
		vfio_put_device(&l->vdev);
	return ret;
}
/* the pointer is reused */
static int n7(struct mdev_device *mdev)
{
	struct lamp *l = NULL;
	int tries, ret = -ENODEV;
	for (tries = 0; tries < 3; tries++) {
		l = vfio_alloc_device(lamp, vdev, &mdev->dev, &lamp_ops);
		if (IS_ERR(l))
			return PTR_ERR(l);
		ret = vfio_register_emulated_iommu_dev(&l->vdev);
		if (!ret)
			break;
		vfio_put_device(&l->vdev);
		l = NULL;
	}
	if (!l)
		return ret;
	dev_set_drvdata(&mdev->dev, l);
	return 0;
}
/* a list of devices, all ended */
static LIST_HEAD(all);
static void end_all(void)
{
	struct lamp *l, *n;
	list_for_each_entry_safe(l, n, &all, next) {
		list_del(&l->next);
		vfio_unregister_group_dev(&l->vdev);
		vfio_put_device(&l->vdev);
	}
}
static void __exit lamp_exit(void) { end_all(); }
/* devm action */
static void lamp_end(void *data) { struct lamp *l = data; vfio_put_device(&l->vdev); }
static int n8(struct mdev_device *mdev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, &mdev->dev, &lamp_ops);
	int ret;
	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = devm_add_action_or_reset(&mdev->dev, lamp_end, l);
	if (ret)
		return ret;
	dev_set_drvdata(&mdev->dev, l);
	return vfio_register_emulated_iommu_dev(&l->vdev);
}
static void nr8(struct mdev_device *mdev)
{
	struct lamp *l = dev_get_drvdata(&mdev->dev);
	vfio_unregister_group_dev(&l->vdev);
}
#define D(n, p, r) struct mdev_driver drv_##n = { .probe = p, .remove = r };
D(1, n1, nr) D(2, n2, nr2) D(3, n3, nr3) D(4, n4, nr) D(5, n5, nr) D(6, n6, nr) D(7, n7, nr) D(8, n8, nr8)
