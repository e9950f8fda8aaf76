// RUN: %check_vfio %s vfio-release-contract %t -gen=6.2

/* Where core frees: not at all. */

#include <linux/module.h>
#include <linux/mdev.h>
#include <linux/slab.h>
#include <linux/vfio.h>
#include <linux/vfio_pci_core.h>

struct lamp {
	struct vfio_device vdev;
	void *bulb;
};

struct lantern {
	struct vfio_pci_core_device core;
	struct mutex lock;
};

static void frees(struct vfio_device *vdev)
{
	struct lamp *l = container_of(vdev, struct lamp, vdev);

	kfree(l->bulb);
	kfree(l);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: '.release' frees the structure, but in this kernel core frees it after '.release' returns: it is freed twice [vfio-release-contract]
// CHECK-FIXES: kfree(l->bulb);
// CHECK-FIXES-NEXT: {{^//}}
}
static const struct vfio_device_ops frees_ops = { .release = frees };

static void frees_the_member(struct vfio_device *vdev)
{
	kvfree(vdev);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: '.release' frees the structure
}
static const struct vfio_device_ops member_ops = { .release = frees_the_member };

static void skips_core(struct vfio_device *vdev)
{
	struct lantern *l = container_of(vdev, struct lantern, core.vdev);

	mutex_destroy(&l->lock);
}
// CHECK-MESSAGES: :[[@LINE-1]]:1: warning: '.release' does not call 'vfio_pci_core_release_dev'
// CHECK-FIXES: mutex_destroy(&l->lock);
// CHECK-FIXES-NEXT: vfio_pci_core_release_dev(vdev);
static const struct vfio_device_ops skips_ops = {
	.init = vfio_pci_core_init_dev,
	.release = skips_core,
};

static void core_twice(struct vfio_device *vdev)
{
	vfio_pci_core_release_dev(vdev);
	vfio_pci_core_release_dev(vdev);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: '.release' frees this a second time
}
static const struct vfio_device_ops twice_ops = {
	.init = vfio_pci_core_init_dev,
	.release = core_twice,
};

static void core_sometimes(struct vfio_device *vdev)
{
	struct lantern *l = container_of(vdev, struct lantern, core.vdev);

	if (!l->core.pdev)
		return;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: '.release' does not always call 'vfio_pci_core_release_dev', though '.init' calls 'vfio_pci_core_init_dev': what the PCI core holds is leaked [vfio-release-contract]
	vfio_pci_core_release_dev(vdev);
}
static const struct vfio_device_ops sometimes_ops = {
	.init = vfio_pci_core_init_dev,
	.release = core_sometimes,
};

/* Right. */

static void cleans(struct vfio_device *vdev)
{
	struct lamp *l = container_of(vdev, struct lamp, vdev);

	kfree(l->bulb);
}
static const struct vfio_device_ops cleans_ops = { .release = cleans };

static void core_first(struct vfio_device *vdev)
{
	struct lantern *l = container_of(vdev, struct lantern, core.vdev);

	vfio_pci_core_release_dev(vdev);
	mutex_destroy(&l->lock);
}
static const struct vfio_device_ops core_first_ops = {
	.init = vfio_pci_core_init_dev,
	.release = core_first,
};

const struct vfio_device_ops *lamp_tables[] = {
	&frees_ops, &member_ops, &skips_ops, &twice_ops, &cleans_ops,
	&core_first_ops, &sometimes_ops,
};
