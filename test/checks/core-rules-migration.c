// RUN: %check_vfio %s vfio-core-rules %t -gen=6.1,6.2
// RUN: %check_vfio %s vfio-core-rules %t -gen=6.1,6.2 -suffix=NOFLAGS -- -DNO_FLAGS
// RUN: %check_vfio %s vfio-core-rules %t -gen=6.1,6.2 -suffix=NOSTOP -- -DNO_STOP

#include <linux/module.h>
#include <linux/pci.h>
#include <linux/vfio.h>

#define STOP_COPY (1 << 0)
#define P2P (1 << 1)

static struct file *set_state(struct vfio_device *vdev,
			      enum vfio_device_mig_state state)
{
	return NULL;
}

static int get_state(struct vfio_device *vdev,
		     enum vfio_device_mig_state *state)
{
	return 0;
}

static const struct vfio_migration_ops half = {
// CHECK-MESSAGES: :[[@LINE-1]]:40: warning: 'half' has no '.migration_get_state': core refuses to register a device with such a table [vfio-core-rules]
	.migration_set_state = set_state,
};

static const struct vfio_migration_ops whole = {
	.migration_set_state = set_state,
	.migration_get_state = get_state,
};

int half_init(struct vfio_device *vdev)
{
	vdev->mig_ops = &half;
	return 0;
}

int whole_init(struct vfio_device *vdev)
{
	vdev->mig_ops = &whole;
// CHECK-MESSAGES-NOFLAGS: :[[@LINE-1]]:16: warning: 'mig_ops' is set, but nothing sets 'migration_flags': without 'VFIO_MIGRATION_STOP_COPY' core refuses to register the device [vfio-core-rules]
#ifndef NO_FLAGS
#ifdef NO_STOP
	vdev->migration_flags = P2P;
// CHECK-MESSAGES-NOSTOP: :[[@LINE-1]]:24: warning: 'migration_flags' lacks 'VFIO_MIGRATION_STOP_COPY', without which core refuses to register the device [vfio-core-rules]
#else
	vdev->migration_flags = STOP_COPY | P2P;
#endif
#endif
	return 0;
}
