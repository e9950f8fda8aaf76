// RUN: %check_vfio %s vfio-missing-release %t -gen=6.1,transition

#include <linux/module.h>
#include <linux/mdev.h>
#include <linux/vfio.h>
#include <linux/vfio_pci_core.h>

struct toaster {
	struct vfio_device vdev;
	void *crumbs;
};

struct toaster_pci {
	struct vfio_pci_core_device core;
	int slots;
};

static long toaster_ioctl(struct vfio_device *vdev, unsigned int cmd,
			  unsigned long arg)
{
	return -ENOTTY;
}

static int toaster_init(struct vfio_device *vdev)
{
	return 0;
}

/* No private state: the core's function will do. */
static const struct vfio_device_ops plain_ops = {
	.name	= "plain",
	.ioctl	= toaster_ioctl,
};
// CHECK-MESSAGES: :[[@LINE-4]]:37: warning: ops table 'plain_ops' has no '.release', which this kernel calls without a NULL check when the last reference to the device is put [vfio-missing-release]
// CHECK-FIXES: .name	= "plain",
// CHECK-FIXES-NEXT: .release = vfio_free_device,
// CHECK-FIXES-NEXT: .ioctl	= toaster_ioctl,

static const struct vfio_device_ops null_ops = {
	.name		= "null",
	.release	= NULL,
};
// CHECK-MESSAGES: :[[@LINE-4]]:37: warning: ops table 'null_ops' has no '.release'
// CHECK-FIXES: .release	= vfio_free_device,

/* The PCI core has something to clean up. */
static const struct vfio_device_ops pci_ops = {
	.name		= "pci",
	.init		= vfio_pci_core_init_dev,
	.ioctl		= vfio_pci_core_ioctl,
};
// CHECK-MESSAGES: :[[@LINE-5]]:37: warning: ops table 'pci_ops' has no '.release'
// CHECK-FIXES: .init		= vfio_pci_core_init_dev,
// CHECK-FIXES-NEXT: .release	= vfio_pci_core_release_dev,

/* Private state: nobody but the driver knows how to undo .init. */
static const struct vfio_device_ops own_init_ops = {
	.name = "own-init",
	.init = toaster_init,
};
// CHECK-MESSAGES: :[[@LINE-4]]:37: warning: ops table 'own_init_ops' has no '.release'
// CHECK-FIXES: .init = toaster_init,
// CHECK-FIXES-NEXT: };

/* One of two tables that a pointer may mean. */
static const struct vfio_device_ops chosen_ops = { .name = "chosen" };
// CHECK-MESSAGES: :[[@LINE-1]]:37: warning: ops table 'chosen_ops' has no '.release'
// CHECK-FIXES: { .name = "chosen", .release = vfio_free_device };

static const struct vfio_device_ops complete_ops = {
	.name = "complete",
	.release = vfio_free_device,
};

/* An element of an array. */
static const struct vfio_device_ops array_ops[] = {
	{ .name = "a", .release = vfio_free_device },
	{ .name = "b" },
};
// CHECK-MESSAGES: :[[@LINE-4]]:37: warning: ops table 'array_ops' has no '.release'

static void toaster_take(struct device *dev, const struct vfio_device_ops *ops)
{
	struct toaster *t = vfio_alloc_device(toaster, vdev, dev, ops);

	if (!IS_ERR(t))
		vfio_put_device(&t->vdev);
}

static int toaster_probe(struct mdev_device *mdev)
{
	const struct vfio_device_ops *ops = &complete_ops;

	if (mdev->active)
		ops = &chosen_ops;
	toaster_take(&mdev->dev, &plain_ops);
	toaster_take(&mdev->dev, &null_ops);
	toaster_take(&mdev->dev, &own_init_ops);
	toaster_take(&mdev->dev, ops);
	toaster_take(&mdev->dev, &array_ops[mdev->active]);
	return 0;
}

static int toaster_pci_probe(struct pci_dev *pdev,
			     const struct pci_device_id *id)
{
	struct toaster_pci *t;

	t = vfio_alloc_device(toaster_pci, core.vdev, &pdev->dev, &pci_ops);
	if (IS_ERR(t))
		return PTR_ERR(t);
	vfio_put_device(&t->core.vdev);
	return 0;
}

static struct mdev_driver toaster_driver = { .probe = toaster_probe };
static struct pci_driver toaster_pci_driver = { .probe = toaster_pci_probe };

/* Correct near misses. */

/* Set in code. */
static struct vfio_device_ops late_ops = { .name = "late" };

/* Never used by anything. */
static const struct vfio_device_ops unused_ops = { .name = "unused" };

/* Only the PCI core's own. */
static const struct vfio_device_ops core_ops = {
	.init = vfio_pci_core_init_dev,
	.release = vfio_pci_core_release_dev,
};

int toaster_setup(struct device *dev)
{
	late_ops.release = vfio_free_device;
	toaster_take(dev, &late_ops);
	toaster_take(dev, &core_ops);
	return 0;
}
