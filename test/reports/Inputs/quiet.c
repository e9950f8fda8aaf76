/* Both functions look as if they leaked; what they call may put the device. */

#include <linux/module.h>
#include <linux/vfio.h>

struct lamp {
	struct vfio_device vdev;
	int watts;
};

extern const struct vfio_device_ops lamp_ops;
extern void (*lamp_hook)(struct lamp *l);
int lamp_elsewhere(struct lamp *l);

int lamp_add(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	int ret;

	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = lamp_elsewhere(l);
	if (ret)
		return ret;
	vfio_put_device(&l->vdev);
	return 0;
}

int lamp_hooked(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);

	if (IS_ERR(l))
		return PTR_ERR(l);
	lamp_hook(l);
	return -EIO;
}

MODULE_LICENSE("GPL");
