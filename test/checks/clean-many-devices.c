// RUN: %check_vfio %s 'vfio-*' %t -gen=6.1,6.2 -expect-clean

/* Right drivers with several devices: arrays, lists, devices of a parent with a reference
 * count. */

#include <linux/auxiliary_bus.h>
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/mutex.h>
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

/* a parent object with a kref of its own holds the device by pointer */
struct belt {
	struct vfio_device vdev;
	struct wheel *owner;
};

struct wheel {
	struct kref ref;
	struct belt *belt;
	struct list_head node;
	struct device *dev;
};

static LIST_HEAD(wheels);
static DEFINE_MUTEX(wheels_lock);

static void belt_release(struct vfio_device *v)
{
	END(v);
}
static const struct vfio_device_ops belt_ops = {IOMMUFD(emulated), .release = belt_release};

static void wheel_free(struct kref *ref)
{
	struct wheel *w = container_of(ref, struct wheel, ref);
	if (w->belt)
		vfio_put_device(&w->belt->vdev);
	put_device(w->dev);
	kfree(w);
}

static struct wheel *wheel_new(struct device *dev)
{
	struct wheel *w = kzalloc(sizeof(*w), GFP_KERNEL);
	if (!w)
		return ERR_PTR(-ENOMEM);
	kref_init(&w->ref);
	w->dev = get_device(dev);
	w->belt = vfio_alloc_device(belt, vdev, dev, &belt_ops);
	if (IS_ERR(w->belt)) {
		long err = PTR_ERR(w->belt);
		w->belt = NULL;
		kref_put(&w->ref, wheel_free);
		return ERR_PTR(err);
	}
	w->belt->owner = w;
	return w;
}

static int wheel_probe(struct mdev_device *mdev)
{
	struct wheel *w = wheel_new(&mdev->dev);
	int ret;
	if (IS_ERR(w))
		return PTR_ERR(w);
	ret = vfio_register_emulated_iommu_dev(&w->belt->vdev);
	if (ret) {
		kref_put(&w->ref, wheel_free);
		return ret;
	}
	mutex_lock(&wheels_lock);
	list_add(&w->node, &wheels);
	mutex_unlock(&wheels_lock);
	return 0;
}

static void wheel_remove(struct mdev_device *mdev)
{
	struct wheel *w, *n;
	mutex_lock(&wheels_lock);
	list_for_each_entry_safe(w, n, &wheels, node)
	{
		if (w->dev != &mdev->dev)
			continue;
		list_del(&w->node);
		vfio_unregister_group_dev(&w->belt->vdev);
		kref_put(&w->ref, wheel_free);
		break;
	}
	mutex_unlock(&wheels_lock);
}
struct mdev_driver wheel_driver = {.probe = wheel_probe, .remove = wheel_remove};

/* two devices a probe, in an array; and a list of any number */
struct twin {
	struct vfio_device vdev;
	int n;
	struct list_head node;
};

struct pair {
	struct twin *t[2];
	struct list_head all;
	unsigned int nr;
};
static const struct vfio_device_ops twin_ops = {IOMMUFD(emulated), PLAIN_RELEASE};

static int pair_probe(struct auxiliary_device *adev, const struct auxiliary_device_id *id)
{
	struct pair *p = devm_kzalloc(&adev->dev, sizeof(*p), GFP_KERNEL);
	int i, ret;
	if (!p)
		return -ENOMEM;
	for (i = 0; i < 2; i++) {
		p->t[i] = vfio_alloc_device(twin, vdev, &adev->dev, &twin_ops);
		if (IS_ERR(p->t[i])) {
			ret = PTR_ERR(p->t[i]);
			goto unwind;
		}
		ret = vfio_register_emulated_iommu_dev(&p->t[i]->vdev);
		if (ret) {
			vfio_put_device(&p->t[i]->vdev);
			goto unwind;
		}
	}
	auxiliary_set_drvdata(adev, p);
	return 0;
unwind:
	while (i--) {
		vfio_unregister_group_dev(&p->t[i]->vdev);
		vfio_put_device(&p->t[i]->vdev);
	}
	return ret;
}

static void pair_remove(struct auxiliary_device *adev)
{
	struct pair *p = auxiliary_get_drvdata(adev);
	int i;
	for (i = ARRAY_SIZE(p->t) - 1; i >= 0; i--) {
		vfio_unregister_group_dev(&p->t[i]->vdev);
		vfio_put_device(&p->t[i]->vdev);
	}
}
struct auxiliary_driver pair_driver = {.probe = pair_probe, .remove = pair_remove};

static void all_gone(struct pair *p)
{
	struct twin *t, *n;
	list_for_each_entry_safe(t, n, &p->all, node)
	{
		list_del(&t->node);
		vfio_unregister_group_dev(&t->vdev);
		vfio_put_device(&t->vdev);
	}
}

static int many_probe(struct auxiliary_device *adev, const struct auxiliary_device_id *id)
{
	struct pair *p = devm_kzalloc(&adev->dev, sizeof(*p), GFP_KERNEL);
	struct twin *t;
	unsigned int i;
	int ret = 0;
	if (!p)
		return -ENOMEM;
	INIT_LIST_HEAD(&p->all);
	for (i = 0; i < id->driver_data; i++) {
		t = vfio_alloc_device(twin, vdev, &adev->dev, &twin_ops);
		if (IS_ERR(t)) {
			all_gone(p);
			return PTR_ERR(t);
		}
		t->n = i;
		if ((ret = vfio_register_emulated_iommu_dev(&t->vdev))) {
			vfio_put_device(&t->vdev);
			all_gone(p);
			return ret;
		}
		list_add_tail(&t->node, &p->all);
	}
	auxiliary_set_drvdata(adev, p);
	return ret;
}

static void many_remove(struct auxiliary_device *adev)
{
	all_gone(auxiliary_get_drvdata(adev));
}
struct auxiliary_driver many_driver = {.probe = many_probe, .remove = many_remove};

/* two, by hand */
static int both_probe(struct auxiliary_device *adev, const struct auxiliary_device_id *id)
{
	struct pair *p = devm_kzalloc(&adev->dev, sizeof(*p), GFP_KERNEL);
	struct twin *a, *b;
	int ret;
	if (!p)
		return -ENOMEM;
	a = vfio_alloc_device(twin, vdev, &adev->dev, &twin_ops);
	if (IS_ERR(a))
		return PTR_ERR(a);
	b = vfio_alloc_device(twin, vdev, &adev->dev, &twin_ops);
	if (IS_ERR(b)) {
		ret = PTR_ERR(b);
		goto put_a;
	}
	ret = vfio_register_emulated_iommu_dev(&a->vdev);
	if (ret)
		goto put_b;
	ret = vfio_register_emulated_iommu_dev(&b->vdev);
	if (ret)
		goto unreg_a;
	p->t[0] = a;
	p->t[1] = b;
	auxiliary_set_drvdata(adev, p);
	return 0;
unreg_a:
	vfio_unregister_group_dev(&a->vdev);
put_b:
	vfio_put_device(&b->vdev);
put_a:
	vfio_put_device(&a->vdev);
	return ret;
}
struct auxiliary_driver both_driver = {.probe = both_probe, .remove = pair_remove};

/* a sysfs switch turns devices on and off; create/destroy pair at file scope */
struct lane {
	struct vfio_device vdev;
	struct list_head node;
	int nr;
};

struct road {
	struct device *dev;
	struct list_head lanes;
	struct mutex lock;
	int count;
};
static const struct vfio_device_ops lane_ops = {IOMMUFD(emulated), PLAIN_RELEASE};

static struct lane *lane_create(struct road *r)
{
	struct lane *l;
	int err;
	l = vfio_alloc_device(lane, vdev, r->dev, &lane_ops);
	if (IS_ERR(l))
		return l;
	err = vfio_register_emulated_iommu_dev(&l->vdev);
	if (err)
		goto fail;
	return l;
fail:
	vfio_put_device(&l->vdev);
	return ERR_PTR(err);
}

static void lane_destroy(struct lane *l)
{
	vfio_unregister_group_dev(&l->vdev);
	vfio_put_device(&l->vdev);
}

int lanes_set(struct device *dev, unsigned int want)
{
	struct road *r = dev_get_drvdata(dev);
	struct lane *l, *n;
	int ret = 0;
	mutex_lock(&r->lock);
	while (r->count < want) {
		l = lane_create(r);
		if (IS_ERR(l)) {
			ret = PTR_ERR(l);
			break;
		}
		l->nr = r->count++;
		list_add_tail(&l->node, &r->lanes);
	}
	list_for_each_entry_safe(l, n, &r->lanes, node)
	{
		if (r->count <= want)
			break;
		list_del(&l->node);
		r->count--;
		lane_destroy(l);
	}
	mutex_unlock(&r->lock);
	return ret;
}

static int road_probe(struct auxiliary_device *adev, const struct auxiliary_device_id *id)
{
	struct road *r = devm_kzalloc(&adev->dev, sizeof(*r), GFP_KERNEL);
	if (!r)
		return -ENOMEM;
	r->dev = &adev->dev;
	INIT_LIST_HEAD(&r->lanes);
	mutex_init(&r->lock);
	auxiliary_set_drvdata(adev, r);
	return 0;
}

static void road_remove(struct auxiliary_device *adev)
{
	struct road *r = auxiliary_get_drvdata(adev);
	while (!list_empty(&r->lanes)) {
		struct lane *l = list_first_entry(&r->lanes, struct lane, node);
		list_del_init(&l->node);
		lane_destroy(l);
	}
}
struct auxiliary_driver road_driver = {.probe = road_probe, .remove = road_remove};

/* flags: probe may leave the device out; bookkeeping in a parent; a module parameter */
static bool enable = true;
module_param(enable, bool, 0444);

struct fox {
	struct vfio_device vdev;
	int v;
};

struct den {
	struct fox *fox;
	bool registered;
	struct mutex lock;
	int nr;
	struct fox *many[8];
};
static const struct vfio_device_ops fox_ops = {IOMMUFD(emulated), PLAIN_RELEASE};

static int den_probe(struct auxiliary_device *adev, const struct auxiliary_device_id *id)
{
	struct den *d = devm_kzalloc(&adev->dev, sizeof(*d), GFP_KERNEL);
	int ret;
	if (!d)
		return -ENOMEM;
	mutex_init(&d->lock);
	auxiliary_set_drvdata(adev, d);
	if (!enable)
		return 0;
	d->fox = vfio_alloc_device(fox, vdev, &adev->dev, &fox_ops);
	if (IS_ERR(d->fox))
		return PTR_ERR(d->fox);
	ret = vfio_register_emulated_iommu_dev(&d->fox->vdev);
	if (ret) {
		dev_warn(&adev->dev, "without vfio\n");
		vfio_put_device(&d->fox->vdev);
		d->fox = NULL;
		return 0;
	}
	d->registered = true;
	return 0;
}

static void den_remove(struct auxiliary_device *adev)
{
	struct den *d = auxiliary_get_drvdata(adev);
	if (d->registered)
		vfio_unregister_group_dev(&d->fox->vdev);
	if (d->fox)
		vfio_put_device(&d->fox->vdev);
}
struct auxiliary_driver den_driver = {.probe = den_probe, .remove = den_remove};

static void den_empty(struct den *d)
{
	int i;
	for (i = 0; i < d->nr; i++) {
		vfio_unregister_group_dev(&d->many[i]->vdev);
		vfio_put_device(&d->many[i]->vdev);
		d->many[i] = NULL;
	}
	d->nr = 0;
}

static int den_add(struct den *d, struct device *dev)
{
	struct fox *f;
	int ret;
	if (d->nr == ARRAY_SIZE(d->many))
		return -ENOSPC;
	f = vfio_alloc_device(fox, vdev, dev, &fox_ops);
	if (IS_ERR(f))
		return PTR_ERR(f);
	f->v = d->nr;
	ret = vfio_register_emulated_iommu_dev(&f->vdev);
	if (ret) {
		vfio_put_device(&f->vdev);
		return ret;
	}
	d->many[d->nr++] = f;
	return 0;
}

static int den2_probe(struct auxiliary_device *adev, const struct auxiliary_device_id *id)
{
	struct den *d = devm_kzalloc(&adev->dev, sizeof(*d), GFP_KERNEL);
	int i, ret;
	if (!d)
		return -ENOMEM;
	for (i = 0; i < id->driver_data; ++i) {
		ret = den_add(d, &adev->dev);
		if (ret) {
			den_empty(d);
			return ret;
		}
	}
	auxiliary_set_drvdata(adev, d);
	return 0;
}

static void den2_remove(struct auxiliary_device *adev)
{
	den_empty(auxiliary_get_drvdata(adev));
}
struct auxiliary_driver den2_driver = {.probe = den2_probe, .remove = den2_remove};

/* probe with a local flag in two places, and a late look */
static int flag_probe(struct mdev_device *mdev)
{
	struct fox *f;
	unsigned int done = 0;
	int ret;
	f = vfio_alloc_device(fox, vdev, &mdev->dev, &fox_ops);
	if (IS_ERR(f))
		return PTR_ERR(f);
	done |= 1;
	ret = vfio_register_emulated_iommu_dev(&f->vdev);
	if (ret)
		goto err;
	done |= 2;
	if (f->v > 3) {
		ret = -EINVAL;
		goto err;
	}
	dev_set_drvdata(&mdev->dev, f);
	return 0;
err:
	if (done & 2)
		vfio_unregister_group_dev(&f->vdev);
	if (done & 1)
		vfio_put_device(&f->vdev);
	return ret;
}

static void flag_remove(struct mdev_device *mdev)
{
	struct fox *f = dev_get_drvdata(&mdev->dev);
	vfio_unregister_group_dev(&f->vdev);
	vfio_put_device(&f->vdev);
}
struct mdev_driver flag_driver = {.probe = flag_probe, .remove = flag_remove};
