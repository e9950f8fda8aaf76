// RUN: %check_vfio %s vfio-core-rules %t -gen=6.2

#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/vfio.h>

struct lamp {
	struct vfio_device vdev;
	struct page *page;
};

#define EMULATED                                                               \
	.bind_iommufd = vfio_iommufd_emulated_bind,                            \
	.unbind_iommufd = vfio_iommufd_emulated_unbind,                        \
	.attach_ioas = vfio_iommufd_emulated_attach_ioas,                      \
	.detach_ioas = vfio_iommufd_emulated_detach_ioas

#include "Inputs/allocated.h"

static const struct vfio_device_ops none = {
// CHECK-MESSAGES: :[[@LINE-1]]:37: warning: ops table 'none' has no '.bind_iommufd': where the kernel has CONFIG_IOMMUFD, core refuses to register the device [vfio-core-rules]
	.name = "none",
};
ALLOCATED(none)

static const struct vfio_device_ops half = {
// CHECK-MESSAGES: :[[@LINE-1]]:37: warning: ops table 'half' has some of the iommufd operations, but no '.unbind_iommufd': core refuses to register the device [vfio-core-rules]
	.name = "half",
	.bind_iommufd = vfio_iommufd_emulated_bind,
	.unbind_iommufd = NULL,
	.attach_ioas = vfio_iommufd_emulated_attach_ioas,
	.detach_ioas = vfio_iommufd_emulated_detach_ioas,
};
ALLOCATED(half)

static const struct vfio_device_ops other = {
	.name = "other",
	.bind_iommufd = vfio_iommufd_emulated_bind,
	.unbind_iommufd = vfio_iommufd_emulated_unbind,
	.attach_ioas = vfio_iommufd_physical_attach_ioas,
// CHECK-MESSAGES: :[[@LINE-1]]:17: warning: 'vfio_iommufd_physical_attach_ioas' in 'other' does not fit the way the device is registered: 'vfio_iommufd_emulated_*' goes with 'vfio_register_emulated_iommu_dev', 'vfio_iommufd_physical_*' with the others [vfio-core-rules]
	.detach_ioas = vfio_iommufd_emulated_detach_ioas,
};
ALLOCATED(other)

/* All are there. */
static const struct vfio_device_ops whole = {
	.name = "whole",
	EMULATED,
};
ALLOCATED(whole)

/* Operations of the driver's own. */
static void own_detach(struct vfio_device *vdev)
{
}
static const struct vfio_device_ops own = {
	.bind_iommufd = vfio_iommufd_emulated_bind,
	.unbind_iommufd = vfio_iommufd_emulated_unbind,
	.attach_ioas = vfio_iommufd_emulated_attach_ioas,
	.detach_ioas = own_detach,
};
ALLOCATED(own)

/* Pages. */
static int pin(struct lamp *l, dma_addr_t at)
{
	return vfio_pin_pages(&l->vdev, at, 1, IOMMU_READ, &l->page);
}

static long pin_ioctl(struct vfio_device *vdev, unsigned int cmd,
		      unsigned long arg)
{
	return pin(container_of(vdev, struct lamp, vdev), arg);
}

static void pin_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	vfio_unpin_pages(vdev, iova, 1);
}

static const struct vfio_device_ops pins = {
// CHECK-MESSAGES: :[[@LINE-1]]:37: warning: ops table 'pins' has no '.dma_unmap', but its device pins pages: core refuses to pin them [vfio-core-rules]
	EMULATED,
	.ioctl = pin_ioctl,
};
ALLOCATED(pins)

static const struct vfio_device_ops unmaps = {
	EMULATED,
	.ioctl = pin_ioctl,
	.dma_unmap = pin_unmap,
};
ALLOCATED(unmaps)
