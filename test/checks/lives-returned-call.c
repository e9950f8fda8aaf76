// REQUIRES: headers-6.12
// RUN: not %vfio-tidy --kernel=%headers612 %s 2>&1 | %FileCheck %s -implicit-check-not=warning:

/* What an opener returns may be an error that nobody has asked about. */

#include <linux/device.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/pm_runtime.h>
#include <linux/reset.h>
#include <linux/vfio.h>

struct weir {
	struct vfio_device vdev;
	struct reset_control *rst;
	struct device *dev;
};

static int weir_open(struct vfio_device *vdev)
{
	struct weir *w = container_of(vdev, struct weir, vdev);
	int err = pm_runtime_resume_and_get(w->dev);

	if (err)
		return err;
	err = reset_control_reset(w->rst);
	// CHECK: :[[#@LINE+1]]:2: warning: the runtime PM count taken by 'pm_runtime_resume_and_get' is not given back when '.open_device' fails here
	return err;
}

static int weir_open_right(struct vfio_device *vdev)
{
	struct weir *w = container_of(vdev, struct weir, vdev);
	int err = pm_runtime_resume_and_get(w->dev);

	if (err)
		return err;
	err = reset_control_reset(w->rst);
	if (err)
		pm_runtime_put(w->dev);
	return err;
}

/* What comes last is what is taken. */
static int weir_open_last(struct vfio_device *vdev)
{
	struct weir *w = container_of(vdev, struct weir, vdev);
	int err = reset_control_reset(w->rst);

	if (err)
		return err;
	return pm_runtime_resume_and_get(w->dev);
}

static void weir_close(struct vfio_device *vdev)
{
	struct weir *w = container_of(vdev, struct weir, vdev);

	pm_runtime_put(w->dev);
}

#define OPS(how)                                                                         \
	{ .name = "weir", .open_device = how, .close_device = weir_close,                  \
	  .bind_iommufd = vfio_iommufd_physical_bind,                                      \
	  .unbind_iommufd = vfio_iommufd_physical_unbind,                                  \
	  .attach_ioas = vfio_iommufd_physical_attach_ioas,                                \
	  .detach_ioas = vfio_iommufd_physical_detach_ioas }
const struct vfio_device_ops weir_ops[] = { OPS(weir_open), OPS(weir_open_right), OPS(weir_open_last) };

MODULE_LICENSE("GPL");
