// RUN: %check_vfio %s vfio-container-of-mismatch %t -gen=6.1,6.2,transition

#include <linux/module.h>
#include <linux/mdev.h>
#include <linux/vfio.h>
#include <linux/vfio_pci_core.h>

struct toaster {
	struct vfio_device vdev;
	void *crumbs;
	struct vfio_device spare;
};

struct kettle {
	struct vfio_device vdev;
	int litres;
};

struct boiler {
	struct vfio_pci_core_device core;
	int litres;
};

static long kettle_ioctl(struct vfio_device *vdev, unsigned int cmd,
			 unsigned long arg)
{
	struct boiler *b = container_of(vdev, struct boiler, core.vdev);
// CHECK-MESSAGES: :[[@LINE-1]]:21: warning: 'container_of' names 'struct boiler', but the device is part of 'struct kettle'

	return b->litres;
}

static void kettle_close(struct vfio_device *vdev)
{
	struct kettle *k = (struct kettle *)vdev;
// CHECK-MESSAGES: :[[@LINE-1]]:21: warning: a cast of a vfio_device makes a 'struct kettle'
// CHECK-FIXES: struct kettle *k = container_of(vdev, struct kettle, vdev);

	k->litres = 0;
}

static int kettle_open(struct vfio_device *vdev)
{
	struct kettle *k = (struct kettle *)((char *)vdev - 0);
// CHECK-MESSAGES: :[[@LINE-1]]:21: warning: pointer arithmetic on a vfio_device makes a 'struct kettle'
// CHECK-FIXES: struct kettle *k = container_of(vdev, struct kettle, vdev);

	k->litres = 1;
	return 0;
}

static struct kettle *kettle_of(struct vfio_device *vdev)
{
	return container_of(vdev, struct kettle, vdev);
}

static void kettle_request(struct vfio_device *vdev, unsigned int count)
{
	kettle_of(vdev)->litres = count;
}

static const struct vfio_device_ops kettle_ops = {
	.release = vfio_pci_core_release_dev,
	.ioctl = kettle_ioctl,
	.open_device = kettle_open,
	.close_device = kettle_close,
	.request = kettle_request,
};

static int kettle_probe(struct mdev_device *mdev)
{
	struct kettle *k;

	k = vfio_alloc_device(kettle, vdev, &mdev->dev, &kettle_ops);
	if (IS_ERR(k))
		return PTR_ERR(k);
	vfio_put_device(&k->vdev);
	return 0;
}

/* The part of a structure that has the device in it is a container as well. */
static void boiler_close(struct vfio_device *vdev)
{
	struct vfio_pci_core_device *core =
		container_of(vdev, struct vfio_pci_core_device, vdev);

	core->needs_reset = true;
}

/* But the structure around it is got at by a cast here. */
static int boiler_open(struct vfio_device *vdev)
{
	struct vfio_pci_core_device *core =
		container_of(vdev, struct vfio_pci_core_device, vdev);
	struct boiler *b = (struct boiler *)core;
// CHECK-MESSAGES: :[[@LINE-1]]:21: warning: a cast of a 'struct vfio_pci_core_device' makes a 'struct boiler': use 'container_of', which stays right when member 'core' is not the first [vfio-container-of-mismatch]
// CHECK-FIXES: struct boiler *b = container_of(core, struct boiler, core);

	return b->core.needs_reset;
}

#define to_boiler(v) ((struct boiler *)(v))

static void boiler_request(struct vfio_device *vdev, unsigned int count)
{
	to_boiler(vdev)->core.needs_reset = count > 1;
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: a cast of a vfio_device makes a 'struct boiler'
}

static const struct vfio_device_ops boiler_ops = {
	.release = vfio_pci_core_release_dev,
	.open_device = boiler_open,
	.request = boiler_request,
	.close_device = boiler_close,
};

static int boiler_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct boiler *b;

	b = vfio_alloc_device(boiler, core.vdev, &pdev->dev, &boiler_ops);
	if (IS_ERR(b))
		return PTR_ERR(b);
	vfio_put_device(&b->core.vdev);
	return 0;
}

/* A library function: any driver may call it. */
int toaster_common(struct vfio_device *vdev)
{
	return container_of(vdev, struct toaster, vdev)->crumbs != NULL;
}

static struct mdev_driver kettle_driver = { .probe = kettle_probe };
static struct pci_driver boiler_driver = { .probe = boiler_probe };
