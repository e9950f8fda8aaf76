// RUN: %check_vfio %s 'vfio-*' %t -gen=6.1,6.2 -expect-clean

/* Right drivers: counts, flags, lists of elements, ids by out-parameter, a tree of files, what .init takes and remove gives back. */

#include "Inputs/lives.h"

static LIST_HEAD(loft_all);
static DEFINE_IDR(loft_ids);
static struct hlist_head loft_table[4];

struct loft_bird {
	struct list_head entry;
	u32 ring;
};

struct loft {
	struct vfio_device vdev;
	struct mutex lock;
	struct list_head birds;
	struct list_head peers;
	struct hlist_node link;
	struct workqueue_struct *wq;
	struct dentry *files;
	struct kvm *kvm;
	u32 id;
	dma_addr_t iova;
	int count;
	struct page *pages[4];
	void *log;
	bool logging;
	int irqs[4];
	int nr;
};

static struct loft *loft_of(struct vfio_device *vdev)
{
	return container_of(vdev, struct loft, vdev);
}

static int loft_init(struct vfio_device *vdev)
{
	struct loft *s = loft_of(vdev);

	mutex_init(&s->lock);
	INIT_LIST_HEAD(&s->birds);
	s->wq = alloc_workqueue("loft", 0, 1);
	if (!s->wq)
		return -ENOMEM;
	list_add(&s->peers, &loft_all);
	hlist_add_head(&s->link, &loft_table[0]);
	return 0;
}

static void loft_fini(struct loft *s)
{
	hash_del(&s->link);
	list_del(&s->peers);
	destroy_workqueue(s->wq);
}

static void loft_drop(struct loft *s)
{
	if (s->count > 0)
		vfio_unpin_pages(&s->vdev, s->iova, s->count);
	s->count = 0;
}

static void loft_log(struct loft *s, bool on)
{
	if (on && !s->logging) {
		s->log = kzalloc(64, GFP_KERNEL);
		s->logging = s->log;
	} else if (!on && s->logging) {
		kfree(s->log);
		s->logging = false;
	}
}

static irqreturn_t loft_irq(int irq, void *data)
{
	return IRQ_HANDLED;
}

static void loft_free_irqs(struct loft *s, int n)
{
	while (--n >= 0)
		free_irq(s->irqs[n], s);
}

static int loft_open(struct vfio_device *vdev)
{
	struct loft *s = loft_of(vdev);
	int i, ret = -ENODEV;

	if (!vdev->kvm || !kvm_get_kvm_safe(vdev->kvm))
		return -ENODEV;
	s->kvm = vdev->kvm;
	for (i = 0; i < s->nr; i++) {
		ret = request_irq(s->irqs[i], loft_irq, 0, "loft", s);
		if (ret)
			goto err;
	}
	return 0;

err:
	loft_free_irqs(s, i);
	kvm_put_kvm(s->kvm);
	return ret;
}

static void loft_close(struct vfio_device *vdev)
{
	struct loft *s = loft_of(vdev);
	struct loft_bird *bird, *next;
	LIST_HEAD(gone);

	mutex_lock(&s->lock);
	list_splice_init(&s->birds, &gone);
	loft_drop(s);
	loft_log(s, false);
	mutex_unlock(&s->lock);
	list_for_each_entry_safe(bird, next, &gone, entry)
		kfree(bird);
	loft_free_irqs(s, s->nr);
	kvm_put_kvm(s->kvm);
}

static long loft_ioctl(struct vfio_device *vdev, unsigned int cmd,
		       unsigned long arg)
{
	struct loft *s = loft_of(vdev);
	struct loft_bird *bird = kzalloc(sizeof(*bird), GFP_KERNEL);

	if (!bird)
		return -ENOMEM;
	mutex_lock(&s->lock);
	loft_log(s, cmd & 1);
	list_add(&bird->entry, &s->birds);
	mutex_unlock(&s->lock);
	return 0;
}

static ssize_t loft_write(struct vfio_device *vdev, const char __user *buf,
			  size_t count, loff_t *ppos)
{
	struct loft *s = loft_of(vdev);
	int got;

	mutex_lock(&s->lock);
	loft_drop(s);
	got = vfio_pin_pages(vdev, *ppos, 4, 0, s->pages);
	if (got > 0) {
		s->iova = *ppos;
		s->count = got;
	}
	mutex_unlock(&s->lock);
	return got;
}

static void loft_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	struct loft *s = loft_of(vdev);

	mutex_lock(&s->lock);
	loft_drop(s);
	mutex_unlock(&s->lock);
}

static const struct vfio_device_ops loft_ops = {
	IOMMUFD(emulated),
	.init = loft_init,
	.release = plain_release,
	.open_device = loft_open,
	.close_device = loft_close,
	.ioctl = loft_ioctl,
	.write = loft_write,
	.dma_unmap = loft_unmap,
};

static int loft_probe(struct mdev_device *mdev)
{
	struct loft *s;
	int ret;

	s = vfio_alloc_device(loft, vdev, &mdev->dev, &loft_ops);
	if (IS_ERR(s))
		return PTR_ERR(s);
	ret = idr_alloc_u32(&loft_ids, s, &s->id, 31, GFP_KERNEL);
	if (ret)
		goto err_fini;
	s->files = debugfs_create_dir("loft", NULL);
	debugfs_create_file("birds", 0400, s->files, s, NULL);
	ret = vfio_register_emulated_iommu_dev(&s->vdev);
	if (ret)
		goto err_id;
	dev_set_drvdata(&mdev->dev, s);
	return 0;

err_id:
	debugfs_remove_recursive(s->files);
	idr_remove(&loft_ids, s->id);
err_fini:
	loft_fini(s);
	vfio_put_device(&s->vdev);
	return ret;
}

static void loft_remove(struct mdev_device *mdev)
{
	struct loft *s = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&s->vdev);
	debugfs_remove_recursive(s->files);
	idr_remove(&loft_ids, s->id);
	loft_fini(s);
	vfio_put_device(&s->vdev);
}
DRIVER(loft);
