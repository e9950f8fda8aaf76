// RUN: %check_vfio %s vfio-init-device %t -gen=6.1

#include <linux/completion.h>
#include <linux/module.h>
#include <linux/mdev.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct lamp {
	struct vfio_device vdev;
	struct completion gone;
	u16 maker;
};

static const struct vfio_device_ops lamp_ops = { .release = vfio_free_device };

static int lamp_probe(struct mdev_device *mdev)
{
	struct lamp *l = kzalloc(sizeof(*l), GFP_KERNEL);
	int ret;

	if (!l)
		return -ENOMEM;
	ret = vfio_init_device(&l->vdev, &mdev->dev, &lamp_ops);
// CHECK-MESSAGES: :[[@LINE-1]]:8: warning: 'vfio_init_device' is for a structure that outlives its device, as vfio-ccw's does; allocate 'struct lamp' with 'vfio_alloc_device' [vfio-init-device]
	if (ret) {
		kfree(l);
		return ret;
	}
	ret = vfio_register_emulated_iommu_dev(&l->vdev);
	if (ret)
		vfio_put_device(&l->vdev);
	return ret;
}

static struct mdev_driver lamp_driver = { .probe = lamp_probe };

static int hand_made_probe(struct mdev_device *mdev)
{
	struct lamp *l = kzalloc(sizeof(*l), GFP_KERNEL);
	int ret;

	if (!l)
		return -ENOMEM;
	ret = vfio_register_emulated_iommu_dev(&l->vdev);
// CHECK-MESSAGES: :[[@LINE-1]]:8: warning: 'struct lamp' is registered, but was not made by 'vfio_alloc_device': core's reference count and completion in it are not set up [vfio-init-device]
	if (ret)
		kfree(l);
	return ret;
}

static struct mdev_driver hand_made_driver = { .probe = hand_made_probe };

/* The kernel's own functions set up nothing of core's. */
static int filled_in_probe(struct mdev_device *mdev)
{
	struct lamp *l = kzalloc(sizeof(*l), GFP_KERNEL);
	int ret;

	if (!l)
		return -ENOMEM;
	pci_read_config_word(to_pci_dev(mdev->dev.parent), 0, &l->maker);
	ret = vfio_register_emulated_iommu_dev(&l->vdev);
// CHECK-MESSAGES: :[[@LINE-1]]:8: warning: 'struct lamp' is registered, but was not made by 'vfio_alloc_device'
	if (ret)
		kfree(l);
	return ret;
}

static struct mdev_driver filled_in_driver = { .probe = filled_in_probe };

/* The structure belongs to the parent, and waits for its device's end. */

static void parent_release(struct vfio_device *vdev)
{
	struct lamp *l = container_of(vdev, struct lamp, vdev);

	complete(&l->gone);
}

static const struct vfio_device_ops parent_ops = { .release = parent_release };

static int child_probe(struct mdev_device *mdev)
{
	struct lamp *l = dev_get_drvdata(mdev->dev.parent);
	int ret;

	init_completion(&l->gone);
	ret = vfio_init_device(&l->vdev, &mdev->dev, &parent_ops);
	if (ret)
		return ret;
	ret = vfio_register_emulated_iommu_dev(&l->vdev);
	if (ret)
		vfio_put_device(&l->vdev);
	return ret;
}

static struct mdev_driver child_driver = { .probe = child_probe };
