// RUN: %check_vfio %s vfio-release-contract %t -gen=6.1

/* Where the driver frees: once, last, on every path. */

#include <linux/module.h>
#include <linux/mdev.h>
#include <linux/slab.h>
#include <linux/vfio.h>
#include <linux/vfio_pci_core.h>

struct lamp {
	struct vfio_device vdev;
	struct mutex lock;
	void *bulb;
	bool burnt;
};

struct lantern {
	struct vfio_pci_core_device core;
	void *wick;
	void *oil;
};

static struct lamp *lamp_of(struct vfio_device *vdev)
{
	return container_of(vdev, struct lamp, vdev);
}

#define TABLE(name)                                                            \
	static const struct vfio_device_ops name##_ops = {                     \
		.release = name,                                               \
	}

static void never(struct vfio_device *vdev)
{
	struct lamp *l = lamp_of(vdev);

	kfree(l->bulb);
}
// CHECK-MESSAGES: :[[@LINE-1]]:1: warning: '.release' does not free the structure, which in this kernel only the driver can do: call 'vfio_free_device' last [vfio-release-contract]
// CHECK-FIXES: kfree(l->bulb);
// CHECK-FIXES-NEXT: vfio_free_device(vdev);
// CHECK-FIXES-NEXT: }
TABLE(never);

static void sometimes(struct vfio_device *vdev)
{
	struct lamp *l = lamp_of(vdev);

	if (l->burnt)
		return;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: '.release' does not free the structure on this path, though it does on others: it is leaked [vfio-release-contract]
	kfree(l->bulb);
	vfio_free_device(vdev);
}
TABLE(sometimes);

static void twice(struct vfio_device *vdev)
{
	vfio_free_device(vdev);
	vfio_free_device(vdev);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: '.release' frees this a second time [vfio-release-contract]
// CHECK-FIXES: static void twice
// CHECK-FIXES-NEXT: {
// CHECK-FIXES-NEXT: vfio_free_device(vdev);
// CHECK-FIXES-NEXT: {{^//}}
}
TABLE(twice);

static void first(struct vfio_device *vdev)
{
	struct lamp *l = lamp_of(vdev);

	vfio_free_device(vdev);
	kfree(l->bulb);
// CHECK-MESSAGES: :[[@LINE-1]]:8: warning: the structure is used after '.release' has freed it: freeing it must be the last thing done [vfio-release-contract]
// CHECK-FIXES: static void first
// CHECK-FIXES: {{^	}}kfree(l->bulb);
// CHECK-FIXES: vfio_free_device(vdev);
// CHECK-FIXES-NEXT: }
}
TABLE(first);

static void lock_late(struct vfio_device *vdev)
{
	struct lamp *l = lamp_of(vdev);

	vfio_free_device(vdev);
	mutex_destroy(&l->lock);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the structure is used after '.release' has freed it
}
TABLE(lock_late);

static void puts(struct vfio_device *vdev)
{
	vfio_put_device(vdev);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: '.release' puts the device, whose last reference is already gone: the count underflows [vfio-release-contract]
	vfio_free_device(vdev);
}
TABLE(puts);

static void unregisters(struct vfio_device *vdev)
{
	vfio_unregister_group_dev(vdev);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: '.release' unregisters the device, but it runs only after the last reference is gone: unregister it where the driver is removed [vfio-release-contract]
	vfio_free_device(vdev);
}
TABLE(unregisters);

/* A PCI driver with a release of its own. */

static int lantern_init(struct vfio_device *vdev)
{
	struct lantern *l = container_of(vdev, struct lantern, core.vdev);
	int ret = vfio_pci_core_init_dev(vdev);

	if (ret)
		return ret;
	l->wick = kzalloc(64, GFP_KERNEL);
	return l->wick ? 0 : -ENOMEM;
}

static void lantern_skips(struct vfio_device *vdev)
{
	struct lantern *l = container_of(vdev, struct lantern, core.vdev);

	kfree(l->wick);
	vfio_free_device(vdev);
}
// CHECK-MESSAGES: :[[@LINE-1]]:1: warning: '.release' does not call 'vfio_pci_core_release_dev', though '.init' calls 'vfio_pci_core_init_dev': what the PCI core holds is leaked [vfio-release-contract]
static const struct vfio_device_ops lantern_skips_ops = {
	.init = lantern_init,
	.release = lantern_skips,
};

static void lantern_forgets(struct vfio_device *vdev)
{
	vfio_pci_core_release_dev(vdev);
}
// CHECK-MESSAGES: :[[@LINE-1]]:1: warning: '.release' does not free member 'oil', which '.init' allocates: it is leaked with each device [vfio-release-contract]
static int lantern_init_2(struct vfio_device *vdev)
{
	struct lantern *l = container_of(vdev, struct lantern, core.vdev);
	int ret = vfio_pci_core_init_dev(vdev);

	if (ret)
		return ret;
	l->oil = kzalloc(64, GFP_KERNEL);
	if (!l->oil)
		return -ENOMEM;
	return 0;
}
static const struct vfio_device_ops lantern_forgets_ops = {
	.init = lantern_init_2,
	.release = lantern_forgets,
};

static int lantern_use(struct device *dev)
{
	struct lantern *l;

	l = vfio_alloc_device(lantern, core.vdev, dev, &lantern_forgets_ops);
	if (!IS_ERR(l))
		vfio_put_device(&l->core.vdev);
	return PTR_ERR_OR_ZERO(l);
}

/* Right. */

static void plain(struct vfio_device *vdev)
{
	struct lamp *l = lamp_of(vdev);

	mutex_destroy(&l->lock);
	kfree(l->bulb);
	vfio_free_device(&l->vdev);
}
TABLE(plain);

static void lamp_free(struct lamp *l)
{
	if (l->burnt)
		dev_warn(l->vdev.dev, "burnt\n");
	kfree(l->bulb);
	vfio_free_device(&l->vdev);
}

static void by_helper(struct vfio_device *vdev)
{
	lamp_free(lamp_of(vdev));
}
TABLE(by_helper);

static void both_ways(struct vfio_device *vdev)
{
	struct lamp *l = lamp_of(vdev);

	if (l->burnt) {
		vfio_free_device(vdev);
		return;
	}
	kfree(l->bulb);
	vfio_free_device(vdev);
}
TABLE(both_ways);

/* Another file's function, whose name says that it may free. */
void lamp_common_release(struct lamp *l);

static void elsewhere(struct vfio_device *vdev)
{
	lamp_common_release(lamp_of(vdev));
}
TABLE(elsewhere);

/* Nothing here is a release. */
void lamp_reset(struct vfio_device *vdev)
{
	lamp_of(vdev)->burnt = false;
}

const struct vfio_device_ops *lamp_tables[] = {
	&never_ops, &sometimes_ops, &twice_ops, &first_ops, &lock_late_ops,
	&puts_ops, &unregisters_ops, &plain_ops, &by_helper_ops,
	&both_ways_ops, &elsewhere_ops, &lantern_skips_ops,
};

static int lamp_use(struct device *dev, int kind)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, lamp_tables[kind]);

	if (!IS_ERR(l))
		vfio_put_device(&l->vdev);
	return PTR_ERR_OR_ZERO(l);
}
