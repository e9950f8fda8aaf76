// SPDX-License-Identifier: GPL-2.0
/* Written for 5.14: no uninit, callbacks for each file, a group for the mdev. */
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct veteran {
	struct vfio_device vdev;
	void *medals;
	void *papers;
};

static int veteran_open(struct vfio_device *vdev)
{
	return 0;
}

static void veteran_close(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops veteran_ops = {
	.name		= "veteran",
	.open		= veteran_open,
	.release	= veteran_close,
};

static int veteran_probe(struct mdev_device *mdev)
{
	struct veteran *ve;
	int ret;

	ve = kzalloc(sizeof(*ve), GFP_KERNEL);
	if (!ve)
		return -ENOMEM;

	vfio_init_group_dev(&ve->vdev, &mdev->dev, &veteran_ops);
	ve->medals = kzalloc(PAGE_SIZE, GFP_KERNEL);
	if (!ve->medals) {
		ret = -ENOMEM;
		goto err_free;
	}

	ve->papers = kzalloc(PAGE_SIZE, GFP_KERNEL);
	if (!ve->papers) {
		ret = -ENOMEM;
		goto err_medals;
	}

	ret = vfio_register_group_dev(&ve->vdev);
	if (ret)
		goto err_papers;
	dev_set_drvdata(&mdev->dev, ve);
	return 0;

err_papers:
	kfree(ve->papers);
err_medals:
	kfree(ve->medals);
err_free:
	kfree(ve);
	return ret;
}

static void veteran_remove(struct mdev_device *mdev)
{
	struct veteran *ve = dev_get_drvdata(&mdev->dev);

	/* The papers are not needed any more. */
	kfree(ve->papers);
	vfio_unregister_group_dev(&ve->vdev);
	kfree(ve->medals);
	ve->medals = NULL;
	kfree(ve);
}

struct mdev_driver veteran_driver = {
	.probe = veteran_probe,
	.remove = veteran_remove,
};
