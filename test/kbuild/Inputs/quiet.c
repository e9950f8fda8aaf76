/* A source with nothing to complain about that names the API. */
#include <linux/module.h>
#include <linux/vfio.h>

#ifndef KBUILD_MODNAME
#error the command was not used
#endif

static const struct vfio_device_ops quiet_ops = {
	.name = "quiet",
	.release = vfio_free_device,
};

const struct vfio_device_ops *quiet(void);
const struct vfio_device_ops *quiet(void)
{
	return &quiet_ops;
}
MODULE_LICENSE("GPL");
