// RUN: %check_vfio %s vfio-missing-release %t -gen=6.1,6.2,transition

/* Another file of the driver allocates with the table that it gets from here. */

#include <linux/module.h>
#include <linux/vfio.h>
#include <linux/vfio_pci_core.h>

static const struct vfio_device_ops kettle_ops = {
	.name		= "kettle",
	.init		= vfio_pci_core_init_dev,
};
// CHECK-MESSAGES-61: :[[@LINE-4]]:37: warning: ops table 'kettle_ops' has no '.release'
// CHECK-FIXES-61: .release	= vfio_pci_core_release_dev,

const struct vfio_device_ops *kettle_ops_info(void)
{
	return &kettle_ops;
}

const struct vfio_device_ops kettle_shared_ops = {
	.name = "shared",
};
// CHECK-MESSAGES-61: :[[@LINE-3]]:30: warning: ops table 'kettle_shared_ops' has no '.release'

/* Nobody outside can see this one. */
static const struct vfio_device_ops kettle_dead_ops = {
	.name = "dead",
};

static inline const struct vfio_device_ops *kettle_dead(void)
{
	return &kettle_dead_ops;
}
