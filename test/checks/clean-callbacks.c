// RUN: %check_vfio %s 'vfio-*' %t -gen=6.1,6.2 -expect-clean

/* Right @init and @release functions, and ends that come later. */

#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/completion.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/idr.h>
#include <linux/kernel.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mdev.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/version.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>
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

/* put is left to a work item; release signals a completion that remove waits for */
struct vat {
	struct vfio_device vdev;
	struct work_struct put_work;
	struct completion *gone;
};
static struct workqueue_struct *vat_wq;

static void vat_put_fn(struct work_struct *work)
{
	struct vat *v = container_of(work, struct vat, put_work);
	vfio_put_device(&v->vdev);
}

static int vat_init(struct vfio_device *vdev)
{
	struct vat *v = container_of(vdev, struct vat, vdev);
	INIT_WORK(&v->put_work, vat_put_fn);
	return 0;
}

static void vat_release(struct vfio_device *vdev)
{
	struct vat *v = container_of(vdev, struct vat, vdev);
	struct completion *gone = v->gone;
	END(vdev);
	if (gone)
		complete(gone);
}
static const struct vfio_device_ops vat_ops = {IOMMUFD(emulated), .init = vat_init, .release = vat_release};

static int vat_probe(struct mdev_device *mdev)
{
	struct vat *v = vfio_alloc_device(vat, vdev, &mdev->dev, &vat_ops);
	int ret;
	if (IS_ERR(v))
		return PTR_ERR(v);
	ret = vfio_register_emulated_iommu_dev(&v->vdev);
	if (ret)
		vfio_put_device(&v->vdev);
	else
		dev_set_drvdata(&mdev->dev, v);
	return ret;
}

static void vat_remove(struct mdev_device *mdev)
{
	struct vat *v = dev_get_drvdata(&mdev->dev);
	vfio_unregister_group_dev(&v->vdev);
	queue_work(vat_wq, &v->put_work);
}

static void vat_remove_wait(struct mdev_device *mdev)
{
	DECLARE_COMPLETION(gone);
	struct vat *v = dev_get_drvdata(&mdev->dev);
	v->gone = &gone;
	vfio_unregister_group_dev(&v->vdev);
	vfio_put_device(&v->vdev);
	wait_for_completion(&gone);
}
struct mdev_driver vat_a = {.probe = vat_probe, .remove = vat_remove};
struct mdev_driver vat_b = {.probe = vat_probe, .remove = vat_remove_wait};

/* @init and @release share helpers; ids, references, counters, locks */
struct fern {
	struct vfio_device vdev;
	int id;
	void *a, *b;
	struct device *parent;
	bool half;
};

static DEFINE_IDA(fern_ida);
static atomic_t fern_left = ATOMIC_INIT(8);
static DEFINE_MUTEX(fern_lock);

static void fern_clean(struct fern *f)
{
	kfree(f->b);
	kfree(f->a);
	if (f->parent)
		put_device(f->parent);
	if (f->id >= 0)
		ida_free(&fern_ida, f->id);
}

static int fern_init(struct vfio_device *vdev)
{
	struct fern *f = container_of(vdev, struct fern, vdev);
	int ret = -ENOMEM;
	if (atomic_dec_if_positive(&fern_left) < 0)
		return -ENOSPC;
	f->id = ida_alloc(&fern_ida, GFP_KERNEL);
	if (f->id < 0) {
		ret = f->id;
		goto err;
	}
	f->parent = get_device(vdev->dev->parent);
	mutex_lock(&fern_lock);
	f->a = kzalloc(16, GFP_KERNEL);
	f->b = f->a ? kmemdup(f->a, 16, GFP_KERNEL) : NULL;
	mutex_unlock(&fern_lock);
	if (!f->a || !f->b)
		goto err;
	return 0;
err:
	fern_clean(f);
	atomic_inc(&fern_left);
	return ret;
}

static void fern_release(struct vfio_device *vdev)
{
	struct fern *f = container_of(vdev, struct fern, vdev);
	fern_clean(f);
	atomic_inc(&fern_left);
	END(vdev);
}
static const struct vfio_device_ops fern_ops = {IOMMUFD(emulated), .init = fern_init,
						.release = fern_release};

static int fern_probe(struct mdev_device *mdev)
{
	struct fern *f = vfio_alloc_device(fern, vdev, &mdev->dev, &fern_ops);
	int rc;
	if (IS_ERR(f))
		return PTR_ERR(f);
	if ((rc = vfio_register_emulated_iommu_dev(&f->vdev)) != 0) {
		vfio_put_device(&f->vdev);
		return rc;
	}
	dev_set_drvdata(&mdev->dev, f);
	return rc;
}

static void fern_remove(struct mdev_device *mdev)
{
	struct fern *f = dev_get_drvdata(&mdev->dev);
	vfio_unregister_group_dev(&f->vdev);
	vfio_put_device(&f->vdev);
}
struct mdev_driver fern_driver = {.probe = fern_probe, .remove = fern_remove};

/* allocations in a loop over members */
struct moss {
	struct vfio_device vdev;
	void *page[4];
	spinlock_t lock;
	unsigned nr;
};

static void moss_free_pages(struct moss *m)
{
	while (m->nr)
		kfree(m->page[--m->nr]);
}

static int moss_init(struct vfio_device *vdev)
{
	struct moss *m = container_of(vdev, struct moss, vdev);
	spin_lock_init(&m->lock);
	for (m->nr = 0; m->nr < ARRAY_SIZE(m->page); m->nr++) {
		m->page[m->nr] = kzalloc(PAGE_SIZE, GFP_KERNEL);
		if (!m->page[m->nr]) {
			moss_free_pages(m);
			return -ENOMEM;
		}
	}
	return 0;
}

static void moss_release(struct vfio_device *vdev)
{
	struct moss *m = container_of(vdev, struct moss, vdev);
	moss_free_pages(m);
	END(vdev);
}
static const struct vfio_device_ops moss_ops = {IOMMUFD(emulated), .init = moss_init,
						.release = moss_release};

static int moss_probe(struct mdev_device *mdev)
{
	struct moss *m = vfio_alloc_device(moss, vdev, &mdev->dev, &moss_ops);
	int rc;
	if (IS_ERR(m))
		return PTR_ERR(m);
	dev_set_drvdata(&mdev->dev, m);
	rc = vfio_register_emulated_iommu_dev(&m->vdev);
	if (!rc)
		return 0;
	dev_set_drvdata(&mdev->dev, NULL);
	vfio_put_device(&m->vdev);
	return rc;
}

static void moss_remove(struct mdev_device *mdev)
{
	struct moss *m = dev_get_drvdata(&mdev->dev);
	vfio_unregister_group_dev(&m->vdev);
	dev_set_drvdata(&mdev->dev, NULL);
	vfio_put_device(&m->vdev);
}
struct mdev_driver moss_driver = {.probe = moss_probe, .remove = moss_remove};

/* @init and @release: unusual but right */
struct crow {
	struct vfio_device vdev;
	int *tab;
	char *name;
	struct page *pg;
	struct pci_dev *pdev;
	bool have;
	struct list_head node;
};

static LIST_HEAD(crows);
static DEFINE_SPINLOCK(crows_lock);
static DEFINE_MUTEX(m);
static int shares = 10;

static int crow_init(struct vfio_device *v)
{
	struct crow *c = container_of(v, struct crow, vdev);
	int *tab;
	char *name;
	struct page *pg;
	int ret;

	tab = kcalloc(4, sizeof(*tab), GFP_KERNEL);
	name = kasprintf(GFP_KERNEL, "crow-%s", dev_name(v->dev));
	pg = alloc_page(GFP_KERNEL);
	if (!tab || !name || !pg) {
		ret = -ENOMEM;
		goto out_free;
	}
	mutex_lock(&m);
	if (!shares) {
		ret = -ENOSPC;
		goto out_unlock;
	}
	shares--;
	mutex_unlock(&m);
	c->tab = tab;
	c->name = name;
	c->pg = pg;
	spin_lock(&crows_lock);
	list_add(&c->node, &crows);
	spin_unlock(&crows_lock);
	return 0;

out_unlock:
	mutex_unlock(&m);
out_free:
	if (pg)
		__free_page(pg);
	kfree(name);
	kfree(tab);
	return ret;
}

static void crow_release(struct vfio_device *v)
{
	struct crow *c = container_of(v, struct crow, vdev);
	spin_lock(&crows_lock);
	list_del(&c->node);
	spin_unlock(&crows_lock);
	mutex_lock(&m);
	shares++;
	mutex_unlock(&m);
	__free_page(c->pg);
	kfree(c->name);
	kfree(c->tab);
	END(v);
}
static const struct vfio_device_ops crow_ops = {IOMMUFD(emulated), .init = crow_init,
						.release = crow_release};

/* nested allocation in a private structure; lazily made at open, freed in release when
 * there */
struct nest {
	struct vfio_device vdev;
	struct eggs *eggs;
	struct mutex lock;
};

struct eggs {
	void *white;
	void *yolk;
};

static void eggs_free(struct eggs *e)
{
	if (!e)
		return;
	kfree(e->white);
	kfree(e->yolk);
	kfree(e);
}

static struct eggs *eggs_new(void)
{
	struct eggs *e = kzalloc(sizeof(*e), GFP_KERNEL);
	if (!e)
		return NULL;
	e->white = kmalloc(8, GFP_KERNEL);
	if (!e->white)
		goto err;
	e->yolk = kmalloc(8, GFP_KERNEL);
	if (!e->yolk)
		goto err;
	return e;
err:
	eggs_free(e);
	return NULL;
}

static int nest_init(struct vfio_device *v)
{
	struct nest *n = container_of(v, struct nest, vdev);
	mutex_init(&n->lock);
	n->eggs = eggs_new();
	if (!n->eggs)
		return -ENOMEM;
	return 0;
}

static int nest_open(struct vfio_device *v)
{
	struct nest *n = container_of(v, struct nest, vdev);
	int ret = 0;
	mutex_lock(&n->lock);
	if (!n->eggs && !(n->eggs = eggs_new()))
		ret = -ENOMEM;
	mutex_unlock(&n->lock);
	return ret;
}

static void nest_close(struct vfio_device *v)
{
	struct nest *n = container_of(v, struct nest, vdev);
	mutex_lock(&n->lock);
	eggs_free(n->eggs);
	n->eggs = NULL;
	mutex_unlock(&n->lock);
}

static void nest_release(struct vfio_device *v)
{
	struct nest *n = container_of(v, struct nest, vdev);
	eggs_free(n->eggs);
	mutex_destroy(&n->lock);
	END(v);
}
static const struct vfio_device_ops nest_ops = {IOMMUFD(emulated), .init = nest_init,
						.release = nest_release,
						.open_device = nest_open,
						.close_device = nest_close};

static int any_probe(struct device *dev, struct vfio_device **out, bool crow)
{
	struct vfio_device *v;
	int ret;
	if (crow) {
		struct crow *c = vfio_alloc_device(crow, vdev, dev, &crow_ops);
		if (IS_ERR(c))
			return PTR_ERR(c);
		v = &c->vdev;
	} else {
		struct nest *n = vfio_alloc_device(nest, vdev, dev, &nest_ops);
		if (IS_ERR(n))
			return PTR_ERR(n);
		v = &n->vdev;
	}
	ret = vfio_register_emulated_iommu_dev(v);
	if (ret) {
		vfio_put_device(v);
		return ret;
	}
	*out = v;
	return 0;
}

static int crow_probe(struct mdev_device *mdev)
{
	struct vfio_device *v;
	int ret = any_probe(&mdev->dev, &v, mdev->type != NULL);
	if (ret)
		return ret;
	dev_set_drvdata(&mdev->dev, v);
	return 0;
}

static void crow_remove(struct mdev_device *mdev)
{
	struct vfio_device *v = dev_get_drvdata(&mdev->dev);
	vfio_unregister_group_dev(v);
	vfio_put_device(v);
}
struct mdev_driver crow_driver = {.probe = crow_probe, .remove = crow_remove};

/* @init that takes, by helpers with flags; a release with early return for half-made ones
 */
struct kite {
	struct vfio_device vdev;
	struct work_struct free_work;
	int id;
	bool ready;
	void *tail;
	struct device *link;
};

static DEFINE_IDR(kites);
static DEFINE_MUTEX(kites_lock);

static int kite_take(struct kite *k, bool wait)
{
	int id;
	if (wait)
		mutex_lock(&kites_lock);
	else if (!mutex_trylock(&kites_lock))
		return -EBUSY;
	id = idr_alloc(&kites, k, 0, 0, GFP_KERNEL);
	mutex_unlock(&kites_lock);
	if (id < 0)
		return id;
	k->id = id;
	return 0;
}

static void kite_give(struct kite *k)
{
	mutex_lock(&kites_lock);
	idr_remove(&kites, k->id);
	mutex_unlock(&kites_lock);
}

static int kite_init(struct vfio_device *v)
{
	struct kite *k = container_of(v, struct kite, vdev);
	int ret = kite_take(k, true);
	if (ret)
		return ret;
	k->link = get_device(v->dev);
	k->tail = kmalloc(8, GFP_KERNEL);
	if (!k->tail) {
		put_device(k->link);
		kite_give(k);
		return -ENOMEM;
	}
	k->ready = true;
	return 0;
}

static void kite_release(struct vfio_device *v)
{
	struct kite *k = container_of(v, struct kite, vdev);
	if (k->ready) {
		kfree(k->tail);
		put_device(k->link);
		kite_give(k);
	}
	END(v);
}
static const struct vfio_device_ops kite_ops = {IOMMUFD(emulated), .init = kite_init,
						.release = kite_release};

static int kite_probe(struct mdev_device *mdev)
{
	struct kite *k;
	int ret;

	k = vfio_alloc_device(kite, vdev, &mdev->dev, &kite_ops);
	if (IS_ERR_OR_NULL(k))
		return k ? PTR_ERR(k) : -ENOMEM;
	ret = vfio_register_emulated_iommu_dev(&k->vdev);
	switch (ret) {
	case 0:
		break;
	case -EBUSY:
		dev_info(&mdev->dev, "busy\n");
		fallthrough;
	default:
		vfio_put_device(&k->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, k);
	return 0;
}

static void kite_remove(struct mdev_device *mdev)
{
	struct kite *k = dev_get_drvdata(&mdev->dev);
	if (WARN_ON_ONCE(!k))
		return;
	vfio_unregister_group_dev(&k->vdev);
	dev_set_drvdata(&mdev->dev, NULL);
	vfio_put_device(&k->vdev);
}
struct mdev_driver kite_driver = {.probe = kite_probe, .remove = kite_remove};
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
/* the end of the structure comes later, from a work item or after a grace period */
struct gull {
	struct vfio_device vdev;
	struct work_struct work;
};

static void gull_work(struct work_struct *w)
{
	vfio_free_device(&container_of(w, struct gull, work)->vdev);
}

static void gull2_release(struct vfio_device *v)
{
	struct gull *g = container_of(v, struct gull, vdev);
	INIT_WORK(&g->work, gull_work);
	schedule_work(&g->work);
}
static const struct vfio_device_ops gull_ops = {IOMMUFD(emulated), .release = gull2_release};
static const struct vfio_device_ops gull2_ops = {IOMMUFD(emulated), .release = gull2_release};

static int gull_probe(struct mdev_device *mdev)
{
	struct gull *g = vfio_alloc_device(gull, vdev, &mdev->dev,
					   mdev->type ? &gull_ops : &gull2_ops);
	int ret;
	if (IS_ERR(g))
		return PTR_ERR(g);
	ret = vfio_register_emulated_iommu_dev(&g->vdev);
	if (ret)
		vfio_put_device(&g->vdev);
	else
		dev_set_drvdata(&mdev->dev, g);
	return ret;
}

static void gull_remove(struct mdev_device *mdev)
{
	struct gull *g = dev_get_drvdata(&mdev->dev);
	vfio_unregister_group_dev(&g->vdev);
	vfio_put_device(&g->vdev);
}
struct mdev_driver gull_driver = {.probe = gull_probe, .remove = gull_remove};
#endif
