// RUN: %check_vfio %s vfio-open-contract,vfio-locking %t -gen=6.2

/* What an opener takes of the kernel's subsystems, and keeps where it fails. */

#include <linux/clk.h>
#include <linux/cred.h>
#include <linux/kobject.h>
#include <linux/mempool.h>
#include <linux/reset.h>
#include <linux/scatterlist.h>
#include "Inputs/lives.h"

struct depot {
	struct vfio_device vdev;
	mempool_t *crates;
	mempool_t boxes;
	struct sg_table lanes;
	const struct cred *keys;
	struct reset_control *bell;
	struct kobject *sign;
	struct clk *clock;
	raw_spinlock_t gate;
	void *ledger;
};

static struct depot *depot_of(struct vfio_device *vdev)
{
	return container_of(vdev, struct depot, vdev);
}

#define DEPOT(name)                                                            \
	static const struct vfio_device_ops name##_ops = {                     \
		.open_device = name##_open,                                    \
		.close_device = name##_close,                                  \
		IOMMUFD(emulated),                                             \
	}

static int crate_open(struct vfio_device *vdev)
{
	struct depot *s = depot_of(vdev);

	s->crates = mempool_create_kmalloc_pool(4, 64);
	if (!s->crates)
		return -ENOMEM;
	s->ledger = kzalloc(64, GFP_KERNEL);
	if (!s->ledger)
		return -ENOMEM;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the object taken by 'mempool_create_kmalloc_pool' is not given back when '.open_device' fails here, and core does not call '.close_device' then [vfio-open-contract]
	return 0;
}

static void crate_close(struct vfio_device *vdev)
{
	struct depot *s = depot_of(vdev);

	kfree(s->ledger);
	mempool_destroy(s->crates);
}
DEPOT(crate);

static int lane_open(struct vfio_device *vdev)
{
	struct depot *s = depot_of(vdev);
	int ret;

	ret = mempool_init_kmalloc_pool(&s->boxes, 4, 64);
	if (ret)
		return ret;
	ret = sg_alloc_table(&s->lanes, 8, GFP_KERNEL);
	if (ret)
		mempool_exit(&s->boxes);
	return ret;
}

static void lane_close(struct vfio_device *vdev)
{
	struct depot *s = depot_of(vdev);

	mempool_exit(&s->boxes);
}
DEPOT(lane);
// CHECK-MESSAGES: :[[@LINE-13]]:8: warning: the object taken by 'sg_alloc_table' is never given back: 'lane_close' does not, and neither '.release' nor remove does [vfio-open-contract]

static int key_open(struct vfio_device *vdev)
{
	struct depot *s = depot_of(vdev);
	struct cred *own = prepare_creds();

	if (!own)
		return -ENOMEM;
	s->bell = reset_control_get_optional_exclusive(NULL, "bell");
	if (IS_ERR(s->bell))
		return PTR_ERR(s->bell);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the reference taken by 'prepare_creds' is not given back when '.open_device' fails here, and core does not call '.close_device' then [vfio-open-contract]
	s->keys = own;
	return 0;
}

static void key_close(struct vfio_device *vdev)
{
	struct depot *s = depot_of(vdev);

	reset_control_put(s->bell);
	put_cred(s->keys);
}
DEPOT(key);

static int sign_open(struct vfio_device *vdev)
{
	struct depot *s = depot_of(vdev);
	int ret;

	ret = clk_prepare_enable(s->clock);
	if (ret)
		return ret;
	s->sign = kobject_create_and_add("sign", NULL);
	if (!s->sign) {
		clk_disable(s->clock);
		clk_unprepare(s->clock);
		return -ENOMEM;
	}
	s->ledger = kzalloc(64, GFP_KERNEL);
	if (!s->ledger) {
		clk_disable_unprepare(s->clock);
		return -ENOMEM;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the reference taken by 'kobject_create_and_add' is not given back when '.open_device' fails here, and core does not call '.close_device' then [vfio-open-contract]
	}
	return 0;
}

static void sign_close(struct vfio_device *vdev)
{
	struct depot *s = depot_of(vdev);

	kfree(s->ledger);
	kobject_put(s->sign);
	clk_disable_unprepare(s->clock);
}
DEPOT(sign);

static int gate_open(struct vfio_device *vdev)
{
	struct depot *s = depot_of(vdev);

	raw_spin_lock(&s->gate);
	if (!s->ledger)
		return -ENODEV;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'gate_open' returns with the lock held [vfio-locking]
	raw_spin_unlock(&s->gate);
	return 0;
}

static void gate_close(struct vfio_device *vdev)
{
}
DEPOT(gate);
