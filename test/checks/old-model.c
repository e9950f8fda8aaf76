// RUN: %check_vfio %s 'vfio-lifecycle,vfio-mismatched-free' %t -gen=5.15,transition

/* The old model: one mistake in each probe and remove function, none in pg
 * and rg. */

#include <linux/module.h>
#include <linux/mdev.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <linux/mm.h>
#include <linux/device.h>
#include <linux/vfio.h>

struct lamp {
	struct vfio_device vdev;
	int watts;
	void *mem;
};
extern const struct vfio_device_ops lamp_ops;
int other_check(struct device *dev);

static int p1(struct mdev_device *mdev)
{
	struct lamp *l = kzalloc(sizeof(*l), GFP_KERNEL);
	int ret;
	if (!l)
		return -ENOMEM;
	vfio_init_group_dev(&l->vdev, &mdev->dev, &lamp_ops);
	ret = vfio_register_group_dev(&l->vdev);
	if (ret) {
		kfree(l);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'l' is freed without 'vfio_uninit_group_dev' before it, so its device set keeps a pointer to freed memory [vfio-lifecycle]
		return ret;
	}
	dev_set_drvdata(&mdev->dev, l);
	return 0;
}
static int p2(struct mdev_device *mdev)
{
	struct lamp *l = kzalloc(sizeof(*l), GFP_KERNEL);
	int ret;
	if (!l)
		return -ENOMEM;
	vfio_init_group_dev(&l->vdev, &mdev->dev, &lamp_ops);
	ret = vfio_register_group_dev(&l->vdev);
	if (ret) {
		vfio_uninit_group_dev(&l->vdev);
		return ret;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the 'struct lamp' is not uninitialised on this path, so its device set is leaked [vfio-lifecycle]
	}
	dev_set_drvdata(&mdev->dev, l);
	return 0;
}
static int p3(struct mdev_device *mdev)
{
	struct lamp *l = kzalloc(sizeof(*l), GFP_KERNEL);
	int ret;
	if (!l)
		return -ENOMEM;
	vfio_init_group_dev(&l->vdev, &mdev->dev, &lamp_ops);
	ret = vfio_register_group_dev(&l->vdev);
	if (ret)
		return ret;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the 'struct lamp' is not freed on this path, so it is leaked [vfio-lifecycle]
	dev_set_drvdata(&mdev->dev, l);
	return 0;
}
static int p4(struct mdev_device *mdev)
{
	struct lamp *l = vzalloc(sizeof(*l));
	int ret;
	if (!l)
		return -ENOMEM;
	vfio_init_group_dev(&l->vdev, &mdev->dev, &lamp_ops);
	ret = vfio_register_group_dev(&l->vdev);
	if (ret) {
		vfio_uninit_group_dev(&l->vdev);
		kfree(l);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'struct lamp' was allocated by 'vzalloc' and is freed by 'kfree', which is for another allocator [vfio-mismatched-free]
		return ret;
	}
	dev_set_drvdata(&mdev->dev, l);
	return 0;
}
static int p5(struct mdev_device *mdev)
{
	struct lamp *l = kzalloc(sizeof(*l), GFP_KERNEL);
	int ret;
	if (!l)
		return -ENOMEM;
	vfio_init_group_dev(&l->vdev, &mdev->dev, &lamp_ops);
	vfio_register_group_dev(&l->vdev);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the registration of '&l->vdev' may fail, but its result is not looked at, and success is reported [vfio-lifecycle]
	dev_set_drvdata(&mdev->dev, l);
	return 0;
}
static int p6(struct mdev_device *mdev)
{
	struct lamp *l = kzalloc(sizeof(*l), GFP_KERNEL);
	int ret;
	if (!l)
		return -ENOMEM;
	vfio_init_group_dev(&l->vdev, &mdev->dev, &lamp_ops);
	ret = vfio_register_group_dev(&l->vdev);
	if (ret)
		goto out;
	ret = other_check(&mdev->dev);
	if (ret)
		goto out;
	dev_set_drvdata(&mdev->dev, l);
	return 0;
out:
	vfio_uninit_group_dev(&l->vdev);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: '&l->vdev' is uninitialised while it is registered; unregister it first [vfio-lifecycle]
	kfree(l);
	return ret;
}
static int p7(struct mdev_device *mdev)
{
	struct lamp *l = kzalloc(sizeof(*l), GFP_KERNEL);
	int ret;
	if (!l)
		return -ENOMEM;
	vfio_init_group_dev(&l->vdev, &mdev->dev, &lamp_ops);
	ret = other_check(&mdev->dev);
	if (ret)
		goto out_free;
	ret = vfio_register_group_dev(&l->vdev);
	if (ret)
		goto out;
	dev_set_drvdata(&mdev->dev, l);
	return 0;
out:
	vfio_uninit_group_dev(&l->vdev);
out_free:
	kfree(l);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'l' is freed without 'vfio_uninit_group_dev' before it, so its device set keeps a pointer to freed memory [vfio-lifecycle]
	return ret;
}
static int p8(struct mdev_device *mdev)
{
	struct lamp *l = kzalloc(sizeof(*l), GFP_KERNEL);
	int ret;
	if (!l)
		return -ENOMEM;
	ret = vfio_register_group_dev(&l->vdev);
// CHECK-MESSAGES: :[[@LINE-1]]:8: warning: '&l->vdev' is registered, but no function of core has initialised it [vfio-lifecycle]
	if (ret) {
		kfree(l);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, l);
	return 0;
}
static int p9(struct mdev_device *mdev)
{
	struct lamp *l = devm_kzalloc(&mdev->dev, sizeof(*l), GFP_KERNEL);
	int ret;
	if (!l)
		return -ENOMEM;
	vfio_init_group_dev(&l->vdev, &mdev->dev, &lamp_ops);
	ret = vfio_register_group_dev(&l->vdev);
	if (ret)
		return ret;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the 'struct lamp' is not uninitialised on this path, so its device set is leaked [vfio-lifecycle]
	dev_set_drvdata(&mdev->dev, l);
	return 0;
}
/* good */
static int pg(struct mdev_device *mdev)
{
	struct lamp *l = kzalloc(sizeof(*l), GFP_KERNEL);
	int ret;
	if (!l)
		return -ENOMEM;
	vfio_init_group_dev(&l->vdev, &mdev->dev, &lamp_ops);
	ret = vfio_register_group_dev(&l->vdev);
	if (ret) {
		vfio_uninit_group_dev(&l->vdev);
		kfree(l);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, l);
	return 0;
}
static void r1(struct mdev_device *mdev)
{
	struct lamp *l = dev_get_drvdata(&mdev->dev);
	vfio_unregister_group_dev(&l->vdev);
	kfree(l);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'l' is freed without 'vfio_uninit_group_dev' before it, so its device set keeps a pointer to freed memory [vfio-lifecycle]
}
static void r2(struct mdev_device *mdev)
{
	struct lamp *l = dev_get_drvdata(&mdev->dev);
	vfio_uninit_group_dev(&l->vdev);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: '&l->vdev' is uninitialised while it is registered; unregister it first [vfio-lifecycle]
	vfio_unregister_group_dev(&l->vdev);
	kfree(l);
}
static void r3(struct mdev_device *mdev)
{
	struct lamp *l = dev_get_drvdata(&mdev->dev);
	vfio_unregister_group_dev(&l->vdev);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: '&l->vdev' is unregistered but never ended by 'vfio_uninit_group_dev' and a free, so the structure is leaked [vfio-lifecycle]
	vfio_uninit_group_dev(&l->vdev);
}
static void r4(struct mdev_device *mdev)
{
	struct lamp *l = dev_get_drvdata(&mdev->dev);
	vfio_unregister_group_dev(&l->vdev);
	kfree(l);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'l' is freed without 'vfio_uninit_group_dev' before it, so its device set keeps a pointer to freed memory [vfio-lifecycle]
	vfio_uninit_group_dev(&l->vdev);
}
static void r5(struct mdev_device *mdev)
{
	struct lamp *l = dev_get_drvdata(&mdev->dev);
	vfio_unregister_group_dev(&l->vdev);
	vfio_uninit_group_dev(&l->vdev);
	kfree(l);
	dev_info(&mdev->dev, "%d\n", l->watts);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'l->watts' is used after it was freed [vfio-lifecycle]
}
static void r6(struct mdev_device *mdev)
{
	struct lamp *l = dev_get_drvdata(&mdev->dev);
	kfree(l->mem);
	kfree(l);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'l' is freed while it is registered: user space that has it open uses freed memory; unregister it first [vfio-lifecycle]
}
static void r7(struct mdev_device *mdev)
{
	struct lamp *l = dev_get_drvdata(&mdev->dev);
	vfio_unregister_group_dev(&l->vdev);
	vfio_uninit_group_dev(&l->vdev);
	vfree(l);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'struct lamp' was allocated by 'kzalloc' and is freed by 'vfree', which is for another allocator [vfio-mismatched-free]
}
static void r8(struct mdev_device *mdev)
{
	struct lamp *l = dev_get_drvdata(&mdev->dev);
	vfio_unregister_group_dev(&l->vdev);
	vfio_uninit_group_dev(&l->vdev);
	kfree(l);
	kfree(l);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'l' is freed a second time [vfio-lifecycle]
}
static void rg(struct mdev_device *mdev)
{
	struct lamp *l = dev_get_drvdata(&mdev->dev);
	vfio_unregister_group_dev(&l->vdev);
	vfio_uninit_group_dev(&l->vdev);
	kfree(l->mem);
	kfree(l);
}
#define D(n, p, r) struct mdev_driver drv_##n = { .probe = p, .remove = r };
D(r1, pg, r1)
D(r2, pg, r2)
D(r3, pg, r3)
D(r4, pg, r4)
D(r5, pg, r5)
D(r6, pg, r6)
D(r7, pg, r7)
D(r8, pg, r8)
D(p1, p1, rg)
D(p2, p2, rg)
D(p3, p3, rg)
D(p4, p4, rg)
D(p5, p5, rg)
D(p6, p6, rg)
D(p7, p7, rg)
D(p8, p8, rg)
D(p9, p9, rg)
