/* A driver of the new model that takes a devm action back. */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/vfio.h>

struct loan {
	struct vfio_device vdev;
};

static const struct vfio_device_ops loan_ops = {
	.name = "loan",
	.release = vfio_free_device,
};

static void loan_end(void *data)
{
	vfio_put_device(data);
}

int loan_probe(struct mdev_device *mdev)
{
	struct loan *l = vfio_alloc_device(loan, vdev, &mdev->dev, &loan_ops);
	int ret;

	if (IS_ERR(l))
		return PTR_ERR(l);

	ret = devm_add_action_or_reset(&mdev->dev, loan_end, &l->vdev);
	if (ret)
		return ret;

	devm_remove_action(&mdev->dev, loan_end, &l->vdev);
	ret = vfio_register_emulated_iommu_dev(&l->vdev);
	if (ret)
		vfio_put_device(&l->vdev);
	return ret;
}
