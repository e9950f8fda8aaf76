// RUN: %check_vfio %s vfio-open-contract %t -gen=6.2

/* The smallest test of a pair of ResourceTable.def: a driver that takes and does
   not give back, and one that does. The functions have to be declared in a
   header of the kernel (test/Inputs/common): what a driver declares is its own. */

#include "Inputs/lives.h"

struct well {
	struct vfio_device vdev;
	struct iommu_group *group;
};

static int well_open(struct vfio_device *vdev)
{
	struct well *w = container_of(vdev, struct well, vdev);

	w->group = iommu_group_get(vdev->dev);
// CHECK-MESSAGES: :[[@LINE-1]]:13: warning: the reference taken by 'iommu_group_get' is never given back: 'well_close' does not, and neither '.release' nor remove does [vfio-open-contract]
	return w->group ? 0 : -ENOMEM;
}

static void well_close(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops well_ops = {
	.open_device = well_open,
	.close_device = well_close,
	IOMMUFD(emulated),
};
PLAIN_DRIVER(well);

struct tank {
	struct vfio_device vdev;
	struct iommu_group *group;
};

static int tank_open(struct vfio_device *vdev)
{
	struct tank *t = container_of(vdev, struct tank, vdev);

	t->group = iommu_group_get(vdev->dev);
	return t->group ? 0 : -ENOMEM;
}

static void tank_close(struct vfio_device *vdev)
{
	iommu_group_put(container_of(vdev, struct tank, vdev)->group);
}

static const struct vfio_device_ops tank_ops = {
	.open_device = tank_open,
	.close_device = tank_close,
	IOMMUFD(emulated),
};
PLAIN_DRIVER(tank);
