/* An ops table without .release: one warning of vfio-missing-release, and one
 * of clang's own for the unused variable, which is off by default. */
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/vfio.h>

struct loud {
	struct vfio_device vdev;
};

static const struct vfio_device_ops loud_ops = {
	.name = "loud",
};

static int loud_probe(struct mdev_device *mdev)
{
	struct loud *loud = vfio_alloc_device(loud, vdev, &mdev->dev, &loud_ops);
	int unused;

	if (IS_ERR(loud))
		return PTR_ERR(loud);
	dev_set_drvdata(&mdev->dev, loud);
	return 0;
}

static struct mdev_driver loud_driver = {
	.probe = loud_probe,
};
