// RUN: %check_vfio %s 'vfio-*' %t -gen=6.1,6.2 -expect-clean

/* Right drivers whose flags, states, steps and counters tell how far they came. */

#include <linux/bitops.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/version.h>
#include <linux/vfio.h>
#include "Inputs/iommufd.h"

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define END(v) vfio_free_device(v)
#define PLAIN_RELEASE .release = vfio_free_device,
#else
#define END(v)                                                                           \
	do {                                                                             \
	} while (0)
#define PLAIN_RELEASE
#endif

/* probe in three functions, each unwinding its own part */
struct gear {
	struct vfio_device vdev;
	struct device *dev;
	void *ring;
	int irq;
	bool live;
};
static const struct vfio_device_ops gear_ops;

static int gear_hw_on(struct gear *g)
{
	return g->irq < 0 ? g->irq : 0;
}

static void gear_hw_off(struct gear *g)
{
	g->live = false;
}

static int gear_stage1(struct gear *g)
{
	int ret;
	g->ring = kzalloc(4096, GFP_KERNEL);
	if (!g->ring)
		return -ENOMEM;
	ret = gear_hw_on(g);
	if (ret) {
		kfree(g->ring);
		g->ring = NULL;
	}
	return ret;
}

static void gear_unstage1(struct gear *g)
{
	gear_hw_off(g);
	kfree(g->ring);
	g->ring = NULL;
}

static int gear_stage2(struct gear *g)
{
	int ret = vfio_register_emulated_iommu_dev(&g->vdev);
	if (ret)
		return ret;
	g->live = true;
	return 0;
}

static int gear_do_probe(struct device *dev, struct gear **out)
{
	struct gear *g = vfio_alloc_device(gear, vdev, dev, &gear_ops);
	int err;
	if (IS_ERR(g))
		return PTR_ERR(g);
	g->dev = dev;
	err = gear_stage1(g);
	if (err)
		goto put;
	err = gear_stage2(g);
	if (err)
		goto unstage;
	*out = g;
	return 0;
unstage:
	gear_unstage1(g);
put:
	vfio_put_device(&g->vdev);
	return err;
}

static int gear_probe(struct mdev_device *mdev)
{
	struct gear *g;
	int ret = gear_do_probe(&mdev->dev, &g);
	if (!ret)
		dev_set_drvdata(&mdev->dev, g);
	return ret;
}

static void gear_remove(struct mdev_device *mdev)
{
	struct gear *g = dev_get_drvdata(&mdev->dev);
	vfio_unregister_group_dev(&g->vdev);
	gear_unstage1(g);
	vfio_put_device(&g->vdev);
}

static void gear_release(struct vfio_device *v)
{
	END(v);
}
static const struct vfio_device_ops gear_ops = {IOMMUFD(emulated), .name = "gear", .release = gear_release};
struct mdev_driver gear_driver = {.probe = gear_probe, .remove = gear_remove};

/* retry loops of several shapes */
struct pump {
	struct vfio_device vdev;
	int tries;
};
static const struct vfio_device_ops pump_ops = {IOMMUFD(emulated), PLAIN_RELEASE};

static int pump_probe(struct mdev_device *mdev)
{
	struct pump *p;
	int ret;
retry:
	p = vfio_alloc_device(pump, vdev, &mdev->dev, &pump_ops);
	if (IS_ERR(p))
		return PTR_ERR(p);
	ret = vfio_register_emulated_iommu_dev(&p->vdev);
	if (ret == -EAGAIN) {
		vfio_put_device(&p->vdev);
		msleep(10);
		goto retry;
	}
	if (ret) {
		vfio_put_device(&p->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, p);
	return 0;
}

static int pump2_probe(struct mdev_device *mdev)
{
	struct pump *p;
	int ret, i;

	p = vfio_alloc_device(pump, vdev, &mdev->dev, &pump_ops);
	if (IS_ERR(p))
		return PTR_ERR(p);
	for (i = 0; i < 5; i++) {
		ret = vfio_register_emulated_iommu_dev(&p->vdev);
		if (!ret)
			break;
		msleep(1);
	}
	if (i == 5) {
		vfio_put_device(&p->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, p);
	return 0;
}

static int pump3_probe(struct mdev_device *mdev)
{
	struct pump *p;
	int ret = 0;

	do {
		p = vfio_alloc_device(pump, vdev, &mdev->dev, &pump_ops);
		if (IS_ERR(p)) {
			ret = PTR_ERR(p);
			break;
		}
		ret = vfio_register_emulated_iommu_dev(&p->vdev);
		if (ret < 0) {
			vfio_put_device(&p->vdev);
			break;
		}
		dev_set_drvdata(&mdev->dev, p);
	} while (0);
	return ret;
}

static int pump4_probe(struct mdev_device *mdev)
{
	struct pump *p = vfio_alloc_device(pump, vdev, &mdev->dev, &pump_ops);
	int tries = 3, ret = -EBUSY;

	if (IS_ERR(p))
		return PTR_ERR(p);
	while (tries-- > 0 && (ret = vfio_register_emulated_iommu_dev(&p->vdev)) == -EBUSY)
		msleep(1);
	if (ret)
		goto err;
	dev_set_drvdata(&mdev->dev, p);
	return 0;
err:
	vfio_put_device(&p->vdev);
	return ret;
}

static void pump_remove(struct mdev_device *mdev)
{
	struct pump *p = dev_get_drvdata(&mdev->dev);
	struct vfio_device *v = &p->vdev;
	vfio_unregister_group_dev(v);
	vfio_put_device(v);
}
struct mdev_driver d[] = {{.probe = pump_probe, .remove = pump_remove},
			  {.probe = pump2_probe, .remove = pump_remove},
			  {.probe = pump3_probe, .remove = pump_remove},
			  {.probe = pump4_probe, .remove = pump_remove}};

/* a state in the structure says how far it came */
enum mill_state { MILL_NONE, MILL_ALLOCATED, MILL_IRQ, MILL_REGISTERED };

struct mill {
	struct vfio_device vdev;
	enum mill_state state;
	int irq;
};
static const struct vfio_device_ops mill_ops = {IOMMUFD(emulated), PLAIN_RELEASE};

static void mill_teardown(struct mill *m)
{
	switch (m->state) {
	case MILL_REGISTERED:
		vfio_unregister_group_dev(&m->vdev);
		fallthrough;
	case MILL_IRQ:
		m->irq = 0;
		fallthrough;
	case MILL_ALLOCATED:
		vfio_put_device(&m->vdev);
		break;
	default:
		break;
	}
}

static int mill_probe(struct mdev_device *mdev)
{
	struct mill *m = vfio_alloc_device(mill, vdev, &mdev->dev, &mill_ops);
	int ret;
	if (IS_ERR(m))
		return PTR_ERR(m);
	m->state = MILL_ALLOCATED;
	m->irq = 5;
	m->state = MILL_IRQ;
	ret = vfio_register_emulated_iommu_dev(&m->vdev);
	if (ret)
		goto err;
	m->state = MILL_REGISTERED;
	if (!mdev->type) {
		ret = -EINVAL;
		goto err;
	}
	dev_set_drvdata(&mdev->dev, m);
	return 0;
err:
	mill_teardown(m);
	return ret;
}

static void mill_remove(struct mdev_device *mdev)
{
	struct mill *m = dev_get_drvdata(&mdev->dev);
	if (m)
		mill_teardown(m);
}
struct mdev_driver mill_driver = {.probe = mill_probe, .remove = mill_remove};

/* bits */
struct weir {
	struct vfio_device vdev;
	unsigned long flags;
};

#define WEIR_REG 0
static const struct vfio_device_ops weir_ops = {IOMMUFD(emulated), PLAIN_RELEASE};

static void weir_stop(struct weir *w)
{
	if (test_and_clear_bit(WEIR_REG, &w->flags))
		vfio_unregister_group_dev(&w->vdev);
	vfio_put_device(&w->vdev);
}

static int weir_probe(struct mdev_device *mdev)
{
	struct weir *w = vfio_alloc_device(weir, vdev, &mdev->dev, &weir_ops);
	int ret;
	if (IS_ERR(w))
		return PTR_ERR(w);
	ret = vfio_register_emulated_iommu_dev(&w->vdev);
	if (ret) {
		weir_stop(w);
		return ret;
	}
	set_bit(WEIR_REG, &w->flags);
	if (!mdev->type) {
		weir_stop(w);
		return -EINVAL;
	}
	dev_set_drvdata(&mdev->dev, w);
	return 0;
}

static void weir_remove(struct mdev_device *mdev)
{
	weir_stop(dev_get_drvdata(&mdev->dev));
}
struct mdev_driver weir_driver = {.probe = weir_probe, .remove = weir_remove};

/* with |= and & */
static void weir2_stop(struct weir *w)
{
	if (w->flags & BIT(WEIR_REG))
		vfio_unregister_group_dev(&w->vdev);
	w->flags &= ~BIT(WEIR_REG);
	vfio_put_device(&w->vdev);
}

static int weir2_probe(struct mdev_device *mdev)
{
	struct weir *w = vfio_alloc_device(weir, vdev, &mdev->dev, &weir_ops);
	int ret;
	if (IS_ERR(w))
		return PTR_ERR(w);
	w->flags = 0;
	ret = vfio_register_emulated_iommu_dev(&w->vdev);
	if (ret) {
		weir2_stop(w);
		return ret;
	}
	w->flags |= BIT(WEIR_REG);
	if (!mdev->type) {
		weir2_stop(w);
		return -EINVAL;
	}
	dev_set_drvdata(&mdev->dev, w);
	return 0;
}

static void weir2_remove(struct mdev_device *mdev)
{
	weir2_stop(dev_get_drvdata(&mdev->dev));
}
struct mdev_driver weir2_driver = {.probe = weir2_probe, .remove = weir2_remove};

/* the put is in a helper that is told what has been done, as an enum, a count, a bool */
struct tray {
	struct vfio_device vdev;
	void *x;
};
static const struct vfio_device_ops tray_ops = {IOMMUFD(emulated), PLAIN_RELEASE};

enum step { NOTHING, ALLOCATED, REGISTERED };

static int tray_undo(struct tray *t, enum step step, int ret)
{
	if (step >= REGISTERED)
		vfio_unregister_group_dev(&t->vdev);
	if (step >= ALLOCATED)
		vfio_put_device(&t->vdev);
	return ret;
}

static int tray_probe(struct mdev_device *mdev)
{
	struct tray *t = vfio_alloc_device(tray, vdev, &mdev->dev, &tray_ops);
	int ret;
	if (IS_ERR(t))
		return tray_undo(NULL, NOTHING, PTR_ERR(t));
	ret = vfio_register_emulated_iommu_dev(&t->vdev);
	if (ret)
		return tray_undo(t, ALLOCATED, ret);
	if (!mdev->type)
		return tray_undo(t, REGISTERED, -ENODEV);
	dev_set_drvdata(&mdev->dev, t);
	return 0;
}

static void tray_remove(struct mdev_device *mdev)
{
	tray_undo(dev_get_drvdata(&mdev->dev), REGISTERED, 0);
}
struct mdev_driver tray_driver = {.probe = tray_probe, .remove = tray_remove};

/* steps in a table */
struct stage {
	int (*up)(struct tray *t);
	void (*down)(struct tray *t);
};

static int up_mem(struct tray *t)
{
	t->x = kzalloc(8, GFP_KERNEL);
	return t->x ? 0 : -ENOMEM;
}

static void down_mem(struct tray *t)
{
	kfree(t->x);
}

static int up_reg(struct tray *t)
{
	return vfio_register_emulated_iommu_dev(&t->vdev);
}

static void down_reg(struct tray *t)
{
	vfio_unregister_group_dev(&t->vdev);
}
static const struct stage stages[] = {{up_mem, down_mem}, {up_reg, down_reg}};

static int staged_probe(struct mdev_device *mdev)
{
	struct tray *t = vfio_alloc_device(tray, vdev, &mdev->dev, &tray_ops);
	int ret, i;
	if (IS_ERR(t))
		return PTR_ERR(t);
	for (i = 0; i < ARRAY_SIZE(stages); i++) {
		ret = stages[i].up(t);
		if (ret)
			goto down;
	}
	dev_set_drvdata(&mdev->dev, t);
	return 0;
down:
	while (--i >= 0)
		stages[i].down(t);
	vfio_put_device(&t->vdev);
	return ret;
}

static void staged_remove(struct mdev_device *mdev)
{
	struct tray *t = dev_get_drvdata(&mdev->dev);
	int i = ARRAY_SIZE(stages);
	while (i--)
		stages[i].down(t);
	vfio_put_device(&t->vdev);
}
struct mdev_driver staged_driver = {.probe = staged_probe, .remove = staged_remove};

/* probe in which the success is in the middle, and the failure falls out of it */
static int odd_probe(struct mdev_device *mdev)
{
	struct tray *t;
	int ret;
	t = vfio_alloc_device(tray, vdev, &mdev->dev, &tray_ops);
	if (!IS_ERR(t)) {
		ret = vfio_register_emulated_iommu_dev(&t->vdev);
		if (!ret) {
			dev_set_drvdata(&mdev->dev, t);
			return 0;
		}
		vfio_put_device(&t->vdev);
	} else {
		ret = PTR_ERR(t);
	}
	dev_err(&mdev->dev, "failed: %d\n", ret);
	return ret;
}

static void odd_remove(struct mdev_device *mdev)
{
	struct tray *t = dev_get_drvdata(&mdev->dev);
	struct vfio_device *vdev = &t->vdev;
	vfio_unregister_group_dev(vdev);
	vfio_put_device(vdev);
}
struct mdev_driver odd_driver = {.probe = odd_probe, .remove = odd_remove};

/* goto into the shared tail with ret = 0 for success too */
static int tail_probe(struct mdev_device *mdev)
{
	struct tray *t;
	void *scratch;
	int ret = -ENOMEM;
	scratch = kmalloc(128, GFP_KERNEL);
	if (!scratch)
		return ret;
	t = vfio_alloc_device(tray, vdev, &mdev->dev, &tray_ops);
	if (IS_ERR(t)) {
		ret = PTR_ERR(t);
		goto out;
	}
	ret = vfio_register_emulated_iommu_dev(&t->vdev);
	if (ret < 0) {
		vfio_put_device(&t->vdev);
		goto out;
	}
	dev_set_drvdata(&mdev->dev, t);
	ret = 0;
out:
	kfree(scratch);
	return ret;
}
struct mdev_driver tail_driver = {.probe = tail_probe, .remove = odd_remove};
