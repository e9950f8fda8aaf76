// RUN: %check_vfio %s vfio-lifecycle %t -gen=6.1,6.2,transition

/* Each function makes one mistake on its way from allocation to put. */

#include <linux/module.h>
#include <linux/mdev.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct lamp {
	struct vfio_device vdev;
	int watts;
};

extern const struct vfio_device_ops lamp_ops;
int lamp_check(struct device *dev);

static int leak_when_register_fails(struct device *dev)
{
	struct lamp *l;
	int ret;

	l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = vfio_register_group_dev(&l->vdev);
	if (ret)
		return ret;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the 'struct lamp' is not put on this path, so the reference that 'vfio_alloc_device' gave, and the structure, are leaked [vfio-lifecycle]
// CHECK-FIXES: if (ret) {
// CHECK-FIXES-NEXT: vfio_put_device(&l->vdev);
// CHECK-FIXES-NEXT: return ret;
// CHECK-FIXES-NEXT: }
	dev_set_drvdata(dev, l);
	return 0;
}

static int leak_in_a_ladder(struct device *dev)
{
	struct lamp *l;
	int ret;

	l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = lamp_check(dev);
	if (ret)
		goto out;
	ret = vfio_register_group_dev(&l->vdev);
	if (ret)
		goto out_put;
	dev_set_drvdata(dev, l);
	return 0;
out_put:
	vfio_put_device(&l->vdev);
out:
	return ret;
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the 'struct lamp' is not put on this path
}

static int leak_of_a_returned_register(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);

	if (IS_ERR(l))
		return PTR_ERR(l);
	dev_set_drvdata(dev, l);
	return vfio_register_group_dev(&l->vdev);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the 'struct lamp' is not put on this path
}

static int leak_of_all(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);

	if (IS_ERR(l))
		return PTR_ERR(l);
	l->watts = 40;
	return 0;
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the 'struct lamp' is not put on this path
}

static int stays_registered(struct device *dev)
{
	struct lamp *l;
	int ret;

	l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = vfio_register_group_dev(&l->vdev);
	if (ret)
		goto out_put;
	ret = lamp_check(dev);
	if (ret)
		return ret;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the 'struct lamp' stays registered on this failing path
	dev_set_drvdata(dev, l);
	return 0;
out_put:
	vfio_put_device(&l->vdev);
	return ret;
}

static int put_with_the_register(struct device *dev)
{
	struct lamp *l;
	int ret;

	l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = vfio_register_group_dev(&l->vdev);
	if (ret)
		goto out_put;
	ret = lamp_check(dev);
	if (ret)
		goto out_put;
	dev_set_drvdata(dev, l);
	return 0;
out_put:
	vfio_put_device(&l->vdev);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: '&l->vdev' is put while it is registered: it can be freed under user space that has it open; unregister it first [vfio-lifecycle]
	return ret;
}

static int unchecked(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);

	if (IS_ERR(l))
		return PTR_ERR(l);
	vfio_register_group_dev(&l->vdev);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the registration of '&l->vdev' may fail, but its result is not looked at, and success is reported [vfio-lifecycle]
	dev_set_drvdata(dev, l);
	return 0;
}

static int twice(struct device *dev)
{
	struct lamp *l;
	int ret;

	l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = vfio_register_group_dev(&l->vdev);
	if (!ret)
		ret = vfio_register_group_dev(&l->vdev);
// CHECK-MESSAGES: :[[@LINE-1]]:9: warning: '&l->vdev' is registered a second time [vfio-lifecycle]
	if (ret)
		vfio_put_device(&l->vdev);
	return ret;
}

static int never_registered(struct device *dev)
{
	struct lamp *l;
	int ret;

	l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = vfio_register_group_dev(&l->vdev);
	if (ret)
		goto out;
	dev_set_drvdata(dev, l);
	return 0;
out:
	vfio_unregister_group_dev(&l->vdev);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: '&l->vdev' is unregistered, but on this path it is not registered [vfio-lifecycle]
	vfio_put_device(&l->vdev);
	return ret;
}

static void put_again(struct lamp *l)
{
// CHECK-FIXES: static void put_again
	vfio_unregister_group_dev(&l->vdev);
	vfio_put_device(&l->vdev);
	vfio_put_device(&l->vdev);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: '&l->vdev' is put a second time
// CHECK-FIXES: vfio_unregister_group_dev(&l->vdev);
// CHECK-FIXES-NEXT: vfio_put_device(&l->vdev);
// CHECK-FIXES-NEXT: {{^//}}
}

static int use_late(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);

	if (IS_ERR(l))
		return PTR_ERR(l);
	vfio_put_device(&l->vdev);
	return l->watts;
// CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'l->watts' is used after its last reference was put
}

/* Helpers of the same file are looked into. */

static void lamp_drop(struct lamp *l)
{
	struct vfio_device *vdev = &l->vdev;

	vfio_put_device(vdev);
}

static struct lamp *lamp_create(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	int ret;

	if (IS_ERR(l))
		return l;
	ret = lamp_check(dev);
	if (ret) {
		lamp_drop(l);
		return ERR_PTR(ret);
	}
	return l;
}

static int leak_after_create(struct device *dev)
{
	struct lamp *l = lamp_create(dev);
	int ret;

	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = vfio_register_group_dev(&l->vdev);
	if (ret)
		return ret;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the 'struct lamp' is not put on this path
	dev_set_drvdata(dev, l);
	return 0;
}

static int drop_twice(struct device *dev)
{
	struct lamp *l = lamp_create(dev);
	int ret;

	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = vfio_register_group_dev(&l->vdev);
	if (ret) {
		lamp_drop(l);
		goto out;
	}
	dev_set_drvdata(dev, l);
	return 0;
out:
	vfio_put_device(&l->vdev);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: '&l->vdev' is put a second time
	return ret;
}

/* An out-parameter. */

static int lamp_make(struct device *dev, struct lamp **out)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);

	if (IS_ERR(l))
		return PTR_ERR(l);
	*out = l;
	return 0;
}

static int leak_of_out(struct device *dev)
{
	struct lamp *l;
	int ret;

	ret = lamp_make(dev, &l);
	if (ret)
		return ret;
	ret = vfio_register_group_dev(&l->vdev);
	if (ret < 0)
		return ret;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the 'struct lamp' is not put on this path
	dev_set_drvdata(dev, l);
	return 0;
}

/* Each round but the last loses a lamp. */
static int leak_of_a_retry(struct device *dev)
{
	struct lamp *l;
	int ret, tries = 3;

	do {
		l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
// CHECK-MESSAGES: :[[@LINE-1]]:7: warning: the 'struct lamp' is allocated again before the one from the last time round is put, which is leaked [vfio-lifecycle]
		if (IS_ERR(l))
			return PTR_ERR(l);
		ret = vfio_register_group_dev(&l->vdev);
	} while (ret && --tries);
	if (ret)
		vfio_put_device(&l->vdev);
	else
		dev_set_drvdata(dev, l);
	return ret;
}

/* What is returned is known from before the registration. */
static int another_result(struct device *dev)
{
	struct lamp *l;
	int ret = lamp_check(dev);

	l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	if (IS_ERR(l))
		return PTR_ERR(l);
	dev_set_drvdata(dev, l);
	vfio_register_group_dev(&l->vdev);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the registration of '&l->vdev' may fail, but its result is not looked at, and success is reported
	return ret;
}

int (*const lamp_mistakes[])(struct device *) = {
	leak_when_register_fails, leak_in_a_ladder, leak_of_a_returned_register,
	leak_of_all, stays_registered, put_with_the_register, unchecked, twice,
	never_registered, use_late, leak_after_create, drop_twice, leak_of_out,
	leak_of_a_retry, another_result,
};
void (*const lamp_put_again)(struct lamp *) = put_again;
