// RUN: %check_vfio %s vfio-runs-late,vfio-core-rules %t -gen=6.2

/* What is certain has a fix: the call that waits, the helper of the other
   family. */

#include "Inputs/lives.h"

struct tower {
	struct vfio_device vdev;
	struct work_struct toll;
	struct timer_list hour;
	struct mutex lock;
	u32 bells;
};

static void tower_toll(struct work_struct *work)
{
	container_of(work, struct tower, toll)->bells++;
}

static int tower_init(struct vfio_device *vdev)
{
	INIT_WORK(&container_of(vdev, struct tower, vdev)->toll, tower_toll);
	return 0;
}

static ssize_t tower_write(struct vfio_device *vdev, const char __user *buf,
			   size_t count, loff_t *ppos)
{
	schedule_work(&container_of(vdev, struct tower, vdev)->toll);
	return count;
}

static void tower_close(struct vfio_device *vdev)
{
	struct tower *s = container_of(vdev, struct tower, vdev);

	cancel_work(&s->toll);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'toll' is cancelled here, but nothing waits for its end before the structure is freed: 'tower_toll' can run on freed memory [vfio-runs-late]
// CHECK-FIXES: {{^	}}cancel_work_sync(&s->toll);
}

static const struct vfio_device_ops tower_ops = {
	.init = tower_init,
	.close_device = tower_close,
	.write = tower_write,
	.bind_iommufd = vfio_iommufd_physical_bind,
// CHECK-MESSAGES: :[[@LINE-1]]:18: warning: 'vfio_iommufd_physical_bind' in 'tower_ops' does not fit the way the device is registered: 'vfio_iommufd_emulated_*' goes with 'vfio_register_emulated_iommu_dev', 'vfio_iommufd_physical_*' with the others [vfio-core-rules]
// CHECK-FIXES: {{^	}}.bind_iommufd = vfio_iommufd_emulated_bind,
	.unbind_iommufd = vfio_iommufd_emulated_unbind,
	.attach_ioas = vfio_iommufd_emulated_attach_ioas,
	.detach_ioas = vfio_iommufd_emulated_detach_ioas,
};
PLAIN_DRIVER(tower);

/* Under a lock that the work may want, it must not simply wait. */
struct belfry {
	struct vfio_device vdev;
	struct work_struct toll;
	struct mutex lock;
	u32 bells;
};

static void belfry_toll(struct work_struct *work)
{
	struct belfry *s = container_of(work, struct belfry, toll);

	mutex_lock(&s->lock);
	s->bells++;
	mutex_unlock(&s->lock);
}

static int belfry_init(struct vfio_device *vdev)
{
	struct belfry *s = container_of(vdev, struct belfry, vdev);

	mutex_init(&s->lock);
	INIT_WORK(&s->toll, belfry_toll);
	return 0;
}

static ssize_t belfry_write(struct vfio_device *vdev, const char __user *buf,
			    size_t count, loff_t *ppos)
{
	schedule_work(&container_of(vdev, struct belfry, vdev)->toll);
	return count;
}

static void belfry_close(struct vfio_device *vdev)
{
	struct belfry *s = container_of(vdev, struct belfry, vdev);

	mutex_lock(&s->lock);
	cancel_work(&s->toll);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'toll' is cancelled here, but nothing waits for its end before the structure is freed: 'belfry_toll' can run on freed memory [vfio-runs-late]
// CHECK-FIXES: {{^	}}cancel_work(&s->toll);
	mutex_unlock(&s->lock);
}

static const struct vfio_device_ops belfry_ops = {
	IOMMUFD(emulated),
	.init = belfry_init,
	.close_device = belfry_close,
	.write = belfry_write,
};
PLAIN_DRIVER(belfry);
