// RUN: %check_vfio %s vfio-core-rules %t -gen=6.2

/* Core of 6.2 and 6.3 asks for the other operations of a table only if it has
 * .bind_iommufd. */
#define IOMMUFD_CTX_IN_DEVICE
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/vfio.h>

struct lamp {
	struct vfio_device vdev;
};

#include "Inputs/allocated.h"

static const struct vfio_device_ops none = {
	.name = "none",
};
ALLOCATED(none)

static const struct vfio_device_ops unbound = {
	.name = "unbound",
	.attach_ioas = vfio_iommufd_emulated_attach_ioas,
};
ALLOCATED(unbound)

static const struct vfio_device_ops half = {
// CHECK-MESSAGES: :[[@LINE-1]]:37: warning: ops table 'half' has some of the iommufd operations, but no '.attach_ioas': core refuses to register the device [vfio-core-rules]
	.name = "half",
	.bind_iommufd = vfio_iommufd_emulated_bind,
	.unbind_iommufd = vfio_iommufd_emulated_unbind,
};
ALLOCATED(half)

static const struct vfio_device_ops wrong = {
	.name = "wrong",
	.bind_iommufd = vfio_iommufd_physical_bind,
// CHECK-MESSAGES: :[[@LINE-1]]:18: warning: 'vfio_iommufd_physical_bind' in 'wrong' does not fit the way the device is registered: 'vfio_iommufd_emulated_*' goes with 'vfio_register_emulated_iommu_dev', 'vfio_iommufd_physical_*' with the others [vfio-core-rules]
	.unbind_iommufd = vfio_iommufd_emulated_unbind,
	.attach_ioas = vfio_iommufd_emulated_attach_ioas,
	.detach_ioas = vfio_iommufd_emulated_detach_ioas,
};
ALLOCATED(wrong)
