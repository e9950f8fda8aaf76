// RUN: %check_vfio %s 'vfio-lifecycle,vfio-alloc-result,vfio-mismatched-free' %t -gen=6.1,6.2

/* Mistakes that need a helper, a flag, a loop or the other function to be
 * seen; one in each function, but for those that are named _ok. */

#include <linux/module.h>
#include <linux/mdev.h>
#include <linux/slab.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/vfio.h>

struct lamp {
	struct vfio_device vdev;
	int watts;
	struct list_head next;
};
static DEFINE_MUTEX(lamps_lock);
int other_check(struct device *dev);

extern const struct vfio_device_ops lamp_ops;

/* create helper returns ERR_PTR but leaks */
static struct lamp *lamp_create(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	int ret;

	if (IS_ERR(l))
		return l;
	ret = vfio_register_group_dev(&l->vdev);
	if (ret)
		return ERR_PTR(ret);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the 'struct lamp' is not put on this path, so the reference that 'vfio_alloc_device' gave, and the structure, are leaked [vfio-lifecycle]
	return l;
}
static int probe_a(struct mdev_device *mdev)
{
	struct device *dev = &mdev->dev;
	struct lamp *l = lamp_create(dev);
	if (IS_ERR(l))
		return PTR_ERR(l);
	dev_set_drvdata(dev, l);
	return 0;
}
/* leak of what a helper made */
static struct lamp *make_b(struct device *dev)
{
	return vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
}
static int probe_b(struct mdev_device *mdev)
{
	struct device *dev = &mdev->dev;
	struct lamp *l = make_b(dev);
	int ret;
	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = vfio_register_group_dev(&l->vdev);
	if (ret)
		return ret;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the 'struct lamp' is not put on this path, so the reference that 'vfio_alloc_device' gave, and the structure, are leaked [vfio-lifecycle]
	dev_set_drvdata(dev, l);
	return 0;
}
/* null test of helper's result */
static int probe_c(struct mdev_device *mdev)
{
	struct device *dev = &mdev->dev;
	struct lamp *l = make_b(dev);
	int ret;
	if (!l)
// CHECK-MESSAGES: :[[@LINE-1]]:6: warning: the result of 'vfio_alloc_device' is tested against NULL, but it is an error pointer when it fails: test it with 'IS_ERR' [vfio-alloc-result]
		return -ENOMEM;
	ret = vfio_register_group_dev(&l->vdev);
	if (ret) {
		vfio_put_device(&l->vdev);
		return ret;
	}
	dev_set_drvdata(dev, l);
	return 0;
}
/* cleanup helper puts; caller puts as well */
static void lamp_cleanup(struct lamp *l)
{
	vfio_put_device(&l->vdev);
}
static int probe_d(struct mdev_device *mdev)
{
	struct device *dev = &mdev->dev;
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	int ret;
	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = vfio_register_group_dev(&l->vdev);
	if (ret) {
		lamp_cleanup(l);
		goto out;
	}
	dev_set_drvdata(dev, l);
	return 0;
out:
	vfio_put_device(&l->vdev);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: '&l->vdev' is put a second time, but the driver holds one reference: the count underflows on a freed structure [vfio-lifecycle]
	return ret;
}
/* remove path: through list */
static void remove_e(struct mdev_device *mdev)
{
	struct device *dev = &mdev->dev;
	struct lamp *l = dev_get_drvdata(dev);

	vfio_unregister_group_dev(&l->vdev);
	vfio_put_device(&l->vdev);
	mutex_lock(&lamps_lock);
	list_del(&l->next);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the 'struct lamp' is used after its last reference was put, when '.release' may have freed it [vfio-lifecycle]
	mutex_unlock(&lamps_lock);
}
static void remove_f(struct mdev_device *mdev)
{
	struct device *dev = &mdev->dev;
	struct lamp *l = dev_get_drvdata(dev);
	struct vfio_device *v = &l->vdev;

	vfio_put_device(v);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'v' is put while it is registered: it can be freed under user space that has it open; unregister it first [vfio-lifecycle]
	vfio_unregister_group_dev(v);
}
/* kfree of drvdata in remove */
static void remove_g(struct mdev_device *mdev)
{
	struct device *dev = &mdev->dev;
	struct lamp *l = dev_get_drvdata(dev);

	vfio_unregister_group_dev(&l->vdev);
	kfree(l);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'struct lamp' was allocated by 'vfio_alloc_device' and is freed by 'kfree', which passes over core's references and its allocator; use 'vfio_put_device' [vfio-mismatched-free]
}
static void remove_h(struct mdev_device *mdev)
{
	struct device *dev = &mdev->dev;
	struct lamp *l = dev_get_drvdata(dev);

	vfio_unregister_group_dev(&l->vdev);
	kfree(dev_get_drvdata(dev));
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'struct lamp' was allocated by 'vfio_alloc_device' and is freed by 'kfree', which passes over core's references and its allocator; use 'vfio_put_device' [vfio-mismatched-free]
}
/* free of container of a parameter */
static void zap_i(struct vfio_device *v)
{
	kfree(container_of(v, struct lamp, vdev));
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'struct lamp' was allocated by 'vfio_alloc_device' and is freed by 'kfree', which passes over core's references and its allocator; use 'vfio_put_device' [vfio-mismatched-free]
}
static void remove_i(struct mdev_device *mdev)
{
	struct device *dev = &mdev->dev;
	struct lamp *l = dev_get_drvdata(dev);

	vfio_unregister_group_dev(&l->vdev);
	zap_i(&l->vdev);
}
/* loop registering several */
static int libprobe_j(struct device **devs, int n)
{
	int i, ret;
	for (i = 0; i < n; i++) {
		struct lamp *l = vfio_alloc_device(lamp, vdev, devs[i], &lamp_ops);
		if (IS_ERR(l))
			return PTR_ERR(l);
		ret = vfio_register_group_dev(&l->vdev);
		if (ret)
			return ret;
// CHECK-MESSAGES: :[[@LINE-1]]:4: warning: the 'struct lamp' is not put on this path, so the reference that 'vfio_alloc_device' gave, and the structure, are leaked [vfio-lifecycle]
		dev_set_drvdata(devs[i], l);
	}
	return 0;
}
/* the wrong label */
static int probe_k(struct mdev_device *mdev)
{
	struct device *dev = &mdev->dev;
	struct lamp *l;
	int err = 0;

	l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	if (IS_ERR(l)) {
		err = PTR_ERR(l);
		goto out;
	}
	if (other_check(dev)) {
		err = -EINVAL;
		goto out;
	}
	err = vfio_register_group_dev(&l->vdev);
	if (err)
		goto put;
	dev_set_drvdata(dev, l);
	goto out;
put:
	vfio_put_device(&l->vdev);
out:
	return err;
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the 'struct lamp' is not put on this path, so the reference that 'vfio_alloc_device' gave, and the structure, are leaked [vfio-lifecycle]
}
/* error swallowed by alloc failing */
static int probe_l(struct mdev_device *mdev)
{
	struct device *dev = &mdev->dev;
	struct lamp *l;
	int err = 0;

	l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	if (IS_ERR(l))
		goto out;
	err = vfio_register_group_dev(&l->vdev);
	if (err)
		vfio_put_device(&l->vdev);
	else
		dev_set_drvdata(dev, l);
out:
	return err;
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'vfio_alloc_device' has failed on this path, but success is returned; return the error by 'PTR_ERR' [vfio-alloc-result]
}
/* uses error pointer in error branch */
static int probe_m(struct mdev_device *mdev)
{
	struct device *dev = &mdev->dev;
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	int ret;
	if (IS_ERR(l)) {
		ret = PTR_ERR(l);
		goto err;
	}
	ret = vfio_register_group_dev(&l->vdev);
	if (ret)
		goto err;
	dev_set_drvdata(dev, l);
	return 0;
err:
	vfio_put_device(&l->vdev);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'vfio_alloc_device' has failed on this path: this takes its error for a device [vfio-alloc-result]
	return ret;
}
/* register result kept in unused var */
static int probe_n(struct mdev_device *mdev)
{
	struct device *dev = &mdev->dev;
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	int ret;
	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = vfio_register_group_dev(&l->vdev);
// CHECK-MESSAGES: :[[@LINE-1]]:8: warning: the registration of '&l->vdev' may fail, but its result is not looked at, and success is reported [vfio-lifecycle]
	ret = other_check(dev);
	dev_set_drvdata(dev, l);
	return 0;
}
/* register failure only logged */
static int probe_o(struct mdev_device *mdev)
{
	struct device *dev = &mdev->dev;
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	int ret;
	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = vfio_register_group_dev(&l->vdev);
	if (ret)
		dev_err(dev, "no\n");
	dev_set_drvdata(dev, l);
	return 0;
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: success is returned though the 'struct lamp' is not registered, and the remove function unregisters it [vfio-lifecycle]
}
/* register failure: put, and 0 is returned */
static int probe_p(struct mdev_device *mdev)
{
	struct device *dev = &mdev->dev;
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	int ret;
	if (IS_ERR(l))
		return PTR_ERR(l);
	dev_set_drvdata(dev, l);
	ret = vfio_register_group_dev(&l->vdev);
	if (ret) {
		vfio_put_device(&l->vdev);
		return 0;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: success is returned though the 'struct lamp' is not registered, and the remove function unregisters it [vfio-lifecycle]
	}
	return 0;
}
/* dev_set_drvdata fine, later failing step unregisters and forgets the put */
static int probe_q(struct mdev_device *mdev)
{
	struct device *dev = &mdev->dev;
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	int ret;
	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = vfio_register_group_dev(&l->vdev);
	if (ret)
		goto err_put;
	ret = other_check(dev);
	if (ret)
		goto err_unreg;
	dev_set_drvdata(dev, l);
	return 0;
err_unreg:
	vfio_unregister_group_dev(&l->vdev);
	return ret;
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the 'struct lamp' is not put on this path, so the reference that 'vfio_alloc_device' gave, and the structure, are leaked [vfio-lifecycle]
err_put:
	vfio_put_device(&l->vdev);
	return ret;
}
/* early return under negative test */
static int probe_r(struct mdev_device *mdev)
{
	struct device *dev = &mdev->dev;
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	if (IS_ERR(l))
		return PTR_ERR(l);
	if (vfio_register_group_dev(&l->vdev) < 0)
		return -EIO;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the 'struct lamp' is not put on this path, so the reference that 'vfio_alloc_device' gave, and the structure, are leaked [vfio-lifecycle]
	dev_set_drvdata(dev, l);
	return 0;
}
/* wrong condition on unwinding flag */
static int probe_s(struct mdev_device *mdev)
{
	struct device *dev = &mdev->dev;
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	bool registered = false;
	int ret;
	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = vfio_register_group_dev(&l->vdev);
	if (ret)
		goto out;
	registered = true;
	ret = other_check(dev);
	if (ret)
		goto out;
	dev_set_drvdata(dev, l);
	return 0;
out:
	if (registered)
		vfio_put_device(&l->vdev);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: '&l->vdev' is put while it is registered: it can be freed under user space that has it open; unregister it first [vfio-lifecycle]
	return ret;
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the 'struct lamp' is not put on this path, so the reference that 'vfio_alloc_device' gave, and the structure, are leaked [vfio-lifecycle]
}

static int probe_ok(struct mdev_device *mdev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, &mdev->dev, &lamp_ops);
	int ret;
	if (IS_ERR(l))
		return PTR_ERR(l);
	dev_set_drvdata(&mdev->dev, l);
	ret = vfio_register_group_dev(&l->vdev);
	if (ret)
		vfio_put_device(&l->vdev);
	return ret;
}
static void remove_ok(struct mdev_device *mdev)
{
	struct lamp *l = dev_get_drvdata(&mdev->dev);
	vfio_unregister_group_dev(&l->vdev);
	vfio_put_device(&l->vdev);
}
struct mdev_driver drv_a = { .probe = probe_a, .remove = remove_ok };
struct mdev_driver drv_b = { .probe = probe_b, .remove = remove_ok };
struct mdev_driver drv_c = { .probe = probe_c, .remove = remove_ok };
struct mdev_driver drv_d = { .probe = probe_d, .remove = remove_ok };
struct mdev_driver rdrv_e = { .probe = probe_ok, .remove = remove_e };
struct mdev_driver rdrv_f = { .probe = probe_ok, .remove = remove_f };
struct mdev_driver rdrv_g = { .probe = probe_ok, .remove = remove_g };
struct mdev_driver rdrv_h = { .probe = probe_ok, .remove = remove_h };
struct mdev_driver rdrv_i = { .probe = probe_ok, .remove = remove_i };
struct mdev_driver drv_k = { .probe = probe_k, .remove = remove_ok };
struct mdev_driver drv_l = { .probe = probe_l, .remove = remove_ok };
struct mdev_driver drv_m = { .probe = probe_m, .remove = remove_ok };
struct mdev_driver drv_n = { .probe = probe_n, .remove = remove_ok };
static void removed_o(struct mdev_device *mdev)
{
	struct lamp *l = dev_get_drvdata(&mdev->dev);
	vfio_unregister_group_dev(&l->vdev);
	vfio_put_device(&l->vdev);
}
struct mdev_driver drv_o = { .probe = probe_o, .remove = removed_o };
static void removed_p(struct mdev_device *mdev)
{
	struct lamp *l = dev_get_drvdata(&mdev->dev);
	vfio_unregister_group_dev(&l->vdev);
	vfio_put_device(&l->vdev);
}
struct mdev_driver drv_p = { .probe = probe_p, .remove = removed_p };
struct mdev_driver drv_q = { .probe = probe_q, .remove = remove_ok };
struct mdev_driver drv_r = { .probe = probe_r, .remove = remove_ok };
struct mdev_driver drv_s = { .probe = probe_s, .remove = remove_ok };
