// SPDX-License-Identifier: GPL-2.0
#include "tamarisk.h"

static struct tamarisk *tamarisk_of(struct vfio_device *vdev)
{
	return container_of(vdev, struct tamarisk, vdev);
}

static struct file *tamarisk_set(struct vfio_device *vdev,
				 enum vfio_device_mig_state state)
{
	tamarisk_of(vdev)->state = state;
	return NULL;
}

static int __maybe_unused tamarisk_get(struct vfio_device *vdev,
				       enum vfio_device_mig_state *state)
{
	*state = tamarisk_of(vdev)->state;
	return 0;
}

static int tamarisk_size(struct vfio_device *vdev, unsigned long *length)
{
	*length = sizeof(tamarisk_of(vdev)->state);
	return 0;
}

const struct vfio_migration_ops tamarisk_states = {
	.migration_set_state		= tamarisk_set,
	.migration_get_data_size	= tamarisk_size,
};
