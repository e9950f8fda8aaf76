// RUN: %check_vfio %s vfio-alloc-result %t -gen=6.1,6.2,transition

#include <linux/module.h>
#include <linux/mdev.h>
#include <linux/vfio.h>

struct lamp {
	struct vfio_device vdev;
	int watts;
};

extern const struct vfio_device_ops lamp_ops;

static int lamp_finish(struct device *dev, struct lamp *l)
{
	int ret = vfio_register_group_dev(&l->vdev);

	if (ret)
		vfio_put_device(&l->vdev);
	else
		dev_set_drvdata(dev, l);
	return ret;
}

static int null_test(struct mdev_device *mdev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, &mdev->dev, &lamp_ops);

	if (!l)
		return -ENOMEM;
// CHECK-MESSAGES: :[[@LINE-2]]:6: warning: the result of 'vfio_alloc_device' is tested against NULL, but it is an error pointer when it fails: test it with 'IS_ERR' [vfio-alloc-result]
// CHECK-FIXES: if (IS_ERR(l))
// CHECK-FIXES-NEXT: return PTR_ERR(l);
	return lamp_finish(&mdev->dev, l);
}
static struct mdev_driver null_test_driver = { .probe = null_test };

static int null_comparison(struct mdev_device *mdev)
{
	struct lamp *l;

	l = vfio_alloc_device(lamp, vdev, &mdev->dev, &lamp_ops);
	if (l == NULL)
		return -ENOMEM;
// CHECK-MESSAGES: :[[@LINE-2]]:6: warning: the result of 'vfio_alloc_device' is tested against NULL
// CHECK-FIXES: if (IS_ERR(l))
// CHECK-FIXES-NEXT: return PTR_ERR(l);
	l->watts = 1;
	return lamp_finish(&mdev->dev, l);
}
static struct mdev_driver null_comparison_driver = { .probe = null_comparison };

static int untested(struct mdev_device *mdev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, &mdev->dev, &lamp_ops);

	l->watts = 60;
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the result of 'vfio_alloc_device' is used before it is tested with 'IS_ERR': it is an error pointer when it fails [vfio-alloc-result]
	return lamp_finish(&mdev->dev, l);
}
static struct mdev_driver untested_driver = { .probe = untested };

static int tested_late(struct mdev_device *mdev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, &mdev->dev, &lamp_ops);
	int ret;

	ret = vfio_register_group_dev(&l->vdev);
// CHECK-MESSAGES: :[[@LINE-1]]:8: warning: the result of 'vfio_alloc_device' is used before it is tested
	if (IS_ERR(l))
		return PTR_ERR(l);
	if (ret)
		vfio_put_device(&l->vdev);
	return ret;
}
static struct mdev_driver tested_late_driver = { .probe = tested_late };

static int error_lost(struct mdev_device *mdev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, &mdev->dev, &lamp_ops);

	if (IS_ERR(l))
		return 0;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'vfio_alloc_device' has failed on this path, but success is returned; return the error by 'PTR_ERR' [vfio-alloc-result]
// CHECK-FIXES: return PTR_ERR(l);
	return lamp_finish(&mdev->dev, l);
}
static struct mdev_driver error_lost_driver = { .probe = error_lost };

static int error_replaced(struct mdev_device *mdev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, &mdev->dev, &lamp_ops);

	if (IS_ERR(l))
		return -ENOMEM;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the error of 'vfio_alloc_device' is replaced by another; return it by 'PTR_ERR' [vfio-alloc-result]
// CHECK-FIXES: return PTR_ERR(l);
	return lamp_finish(&mdev->dev, l);
}
static struct mdev_driver error_replaced_driver = { .probe = error_replaced };

/* The helper hides the allocation, not its result. */
static struct lamp *lamp_new(struct device *dev)
{
	return vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
}

static int null_test_of_helper(struct mdev_device *mdev)
{
	struct lamp *l = lamp_new(&mdev->dev);

	if (!l)
// CHECK-MESSAGES: :[[@LINE-1]]:6: warning: the result of 'vfio_alloc_device' is tested against NULL
		return -ENOMEM;
	return lamp_finish(&mdev->dev, l);
}
static struct mdev_driver helper_driver = { .probe = null_test_of_helper };

static int wrong_sign(struct mdev_device *mdev)
{
	struct lamp *l = lamp_new(&mdev->dev);

	if (IS_ERR(l))
		return -PTR_ERR(l);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'vfio_alloc_device' has failed on this path, but success is returned; return the error by 'PTR_ERR' [vfio-alloc-result]
	return lamp_finish(&mdev->dev, l);
}
static struct mdev_driver wrong_sign_driver = { .probe = wrong_sign };

static int truth_for_error(struct mdev_device *mdev)
{
	struct lamp *l = lamp_new(&mdev->dev);

	if (IS_ERR(l))
		return IS_ERR(l);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'vfio_alloc_device' has failed on this path, but success is returned
	return lamp_finish(&mdev->dev, l);
}
static struct mdev_driver truth_driver = { .probe = truth_for_error };

static int never_set(struct mdev_device *mdev)
{
	struct lamp *l = lamp_new(&mdev->dev);
	int ret;

	if (IS_ERR(l))
		return ret;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'vfio_alloc_device' has failed on this path, but success is returned
	ret = lamp_finish(&mdev->dev, l);
	return ret;
}
static struct mdev_driver never_set_driver = { .probe = never_set };

static int another_pointer(struct mdev_device *mdev)
{
	struct lamp *l = lamp_new(&mdev->dev);
	struct device *parent = mdev->dev.parent;

	if (IS_ERR(l)) {
		dev_err(parent, "no lamp\n");
		return PTR_ERR(parent);
// CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'vfio_alloc_device' has failed on this path, but the error of another pointer is asked for, which is none [vfio-alloc-result]
// CHECK-FIXES: return PTR_ERR(l);
	}
	return lamp_finish(&mdev->dev, l);
}
static struct mdev_driver another_driver = { .probe = another_pointer };

static int earlier_success(struct mdev_device *mdev)
{
	struct lamp *l;
	int ret = dev_set_name(&mdev->dev, "lamp");

	if (ret)
		return ret;
	l = lamp_new(&mdev->dev);
	if (IS_ERR(l))
		goto out;
	ret = lamp_finish(&mdev->dev, l);
out:
	return ret;
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'vfio_alloc_device' has failed on this path, but success is returned
}
static struct mdev_driver earlier_driver = { .probe = earlier_success };

/* Right. */

static int tested(struct mdev_device *mdev)
{
	struct lamp *l;
	int ret;

	l = lamp_new(&mdev->dev);
	if (IS_ERR(l)) {
		ret = PTR_ERR(l);
		goto out;
	}
	ret = lamp_finish(&mdev->dev, l);
out:
	return ret;
}
static struct mdev_driver tested_driver = { .probe = tested };

static int tested_in_turn(struct mdev_device *mdev)
{
	struct lamp *l = lamp_new(&mdev->dev);

	if (!IS_ERR(l))
		return lamp_finish(&mdev->dev, l);
	dev_err(&mdev->dev, "no lamp %p\n", l);
	return PTR_ERR(l);
}
static struct mdev_driver in_turn_driver = { .probe = tested_in_turn };

/* Either may have failed. */

static int two_pointers(struct mdev_device *mdev)
{
	struct lamp *l = lamp_new(&mdev->dev);
	struct lamp *other;

	if (IS_ERR(l))
		return PTR_ERR(l);
	other = lamp_new(&mdev->dev);
	if (IS_ERR(other)) {
		vfio_put_device(&l->vdev);
		l = other;
		return PTR_ERR(l);
	}
	vfio_put_device(&other->vdev);
	return lamp_finish(&mdev->dev, l);
}
static struct mdev_driver two_driver = { .probe = two_pointers };
