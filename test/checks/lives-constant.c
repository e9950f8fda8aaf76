// RUN: %check_vfio %s vfio-probe-contract %t -gen=6.1,6.2

/* flush_workqueue() asks seven times what is known only when the driver is
 * built: that makes no more ways to go. */
#include "Inputs/lives.h"

struct gong {
	struct vfio_device vdev;
	struct workqueue_struct *queue;
};

static void gong_end(struct gong *g)
{
	flush_workqueue(g->queue);
}

static const struct vfio_device_ops gong_ops = {
	IOMMUFD(emulated),
	.release = plain_release,
};

static int gong_probe(struct mdev_device *mdev)
{
	struct gong *g = vfio_alloc_device(gong, vdev, &mdev->dev, &gong_ops);
	int ret = -ENOMEM;

	if (IS_ERR(g))
		return PTR_ERR(g);
	dev_set_drvdata(&mdev->dev, g);
	g->queue = alloc_workqueue("gong", 0, 0);
// CHECK-MESSAGES: :[[@LINE-1]]:13: warning: the work queue taken by 'alloc_workqueue' is never given back: 'gong_remove' does not, and neither does '.release' [vfio-probe-contract]
	if (!g->queue)
		goto out_put;
	ret = vfio_register_emulated_iommu_dev(&g->vdev);
	if (ret)
		goto out_end;
	return 0;

out_end:
	gong_end(g);
out_put:
	vfio_put_device(&g->vdev);
	return ret;
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the work queue taken by 'alloc_workqueue' is not given back when probe fails here, and remove is not called then [vfio-probe-contract]
}

static void gong_remove(struct mdev_device *mdev)
{
	struct gong *g = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&g->vdev);
	gong_end(g);
	vfio_put_device(&g->vdev);
}

static struct mdev_driver gong_driver = {
	.probe = gong_probe,
	.remove = gong_remove,
};
