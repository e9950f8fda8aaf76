// RUN: %check_vfio %s vfio-open-contract,vfio-probe-contract,vfio-given-twice,vfio-locking %t -gen=6.1,6.2 -expect-clean

/* What is taken of the kernel's subsystems, and given back in each way there is. */

#include <linux/clk.h>
#include <linux/cred.h>
#include <linux/kobject.h>
#include <linux/mempool.h>
#include <linux/of.h>
#include <linux/reset.h>
#include <linux/scatterlist.h>
#include "Inputs/lives.h"

struct shelf {
	struct kobject kobj;
	int height;
};

struct annex {
	struct vfio_device vdev;
	mempool_t *crates;
	struct sg_table lanes;
	const struct cred *keys;
	struct reset_control *bell;
	struct kobject *sign;
	struct shelf *shelf;
	struct clk *clock;
	struct device_node *map, *page;
	raw_spinlock_t gate;
	rwlock_t book;
	int visits;
};

static void shelf_free(struct kobject *kobj)
{
	kfree(container_of(kobj, struct shelf, kobj));
}

static const struct kobj_type shelf_type = { .release = shelf_free };
static struct attribute *sign_attrs[] = { NULL };
static const struct attribute_group sign_group = { .attrs = sign_attrs };

static struct annex *annex_of(struct vfio_device *vdev)
{
	return container_of(vdev, struct annex, vdev);
}

static void annex_count(struct annex *s)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&s->gate, flags);
	s->visits++;
	raw_spin_unlock_irqrestore(&s->gate, flags);
	raw_spin_lock(&s->gate);
	s->visits++;
	raw_spin_unlock(&s->gate);
}

static int annex_read(struct annex *s)
{
	int n;

	read_lock(&s->book);
	n = s->visits;
	read_unlock(&s->book);
	write_lock_bh(&s->book);
	s->visits = 0;
	write_unlock_bh(&s->book);
	return n;
}

/* The group goes with the directory, and the shelf with its last reference. */
static int annex_sign(struct annex *s)
{
	int ret;

	s->sign = kobject_create_and_add("sign", NULL);
	if (!s->sign)
		return -ENOMEM;
	ret = sysfs_create_group(s->sign, &sign_group);
	if (ret)
		goto out_sign;
	s->shelf = kzalloc(sizeof(*s->shelf), GFP_KERNEL);
	if (!s->shelf) {
		ret = -ENOMEM;
		goto out_sign;
	}
	ret = kobject_init_and_add(&s->shelf->kobj, &shelf_type, s->sign, "shelf");
	if (!ret)
		return 0;
	kobject_put(&s->shelf->kobj);
out_sign:
	kobject_put(s->sign);
	return ret;
}

static int annex_open(struct vfio_device *vdev)
{
	struct annex *s = annex_of(vdev);
	const struct cred *old;
	struct cred *own;
	int ret = -ENOMEM;

	annex_count(s);
	s->crates = mempool_create_kmalloc_pool(annex_read(s), 64);
	if (!s->crates)
		return -ENOMEM;
	own = prepare_creds();
	if (!own)
		goto out_pool;
	old = override_creds(own);
	ret = sg_alloc_table(&s->lanes, 8, GFP_KERNEL);
	revert_creds(old);
	if (ret)
		goto out_cred;
	s->bell = reset_control_get_optional_exclusive(NULL, "bell");
	if (IS_ERR(s->bell)) {
		ret = PTR_ERR(s->bell);
		goto out_lanes;
	}
	ret = clk_prepare(s->clock);
	if (ret)
		goto out_bell;
	ret = clk_enable(s->clock);
	if (ret)
		goto out_clock;
	ret = annex_sign(s);
	if (ret)
		goto out_disable;
	s->keys = own;
	return 0;

out_disable:
	clk_disable(s->clock);
out_clock:
	clk_unprepare(s->clock);
out_bell:
	reset_control_put(s->bell);
out_lanes:
	sg_free_table(&s->lanes);
out_cred:
	put_cred(own);
out_pool:
	mempool_destroy(s->crates);
	return ret;
}

static void annex_close(struct vfio_device *vdev)
{
	struct annex *s = annex_of(vdev);

	kobject_put(&s->shelf->kobj);
	kobject_put(s->sign);
	clk_disable_unprepare(s->clock);
	reset_control_put(s->bell);
	sg_free_table(&s->lanes);
	put_cred(s->keys);
	mempool_destroy(s->crates);
}

static int clock_open(struct vfio_device *vdev)
{
	struct annex *s = annex_of(vdev);
	int ret;

	ret = clk_prepare_enable(s->clock);
	if (ret)
		return ret;
	s->page = of_node_get(s->map);
	s->crates = mempool_create_kmalloc_pool(4, 64);
	if (s->crates)
		return 0;
	fwnode_handle_put(of_fwnode_handle(s->page));
	clk_disable(s->clock);
	clk_unprepare(s->clock);
	return -ENOMEM;
}

static void clock_close(struct vfio_device *vdev)
{
	struct annex *s = annex_of(vdev);

	mempool_destroy(s->crates);
	fwnode_handle_put(of_fwnode_handle(s->page));
	clk_disable(s->clock);
	clk_unprepare(s->clock);
}

static const struct vfio_device_ops annex_ops = {
	.open_device = annex_open,
	.close_device = annex_close,
	.release = plain_release,
	IOMMUFD(emulated),
};
PLAIN_DRIVER(annex);
static const struct vfio_device_ops clock_ops = {
	.open_device = clock_open,
	.close_device = clock_close,
	.release = plain_release,
	IOMMUFD(emulated),
};
