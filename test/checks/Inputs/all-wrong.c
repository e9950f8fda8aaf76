/* A mistake for each of the checks; the headers are those of the transition, in
 * which all of them apply. */

#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>

struct shed {
	struct vfio_device vdev;
	struct work_struct sweep;
	void *tools;
	void *key;
	void *roof;
	int planks;
};

static DEFINE_MUTEX(shed_lock);

struct barn {
	struct vfio_device vdev;
	int planks;
};

/* vfio-missing-release */
static const struct vfio_device_ops bare_ops = { .name = "bare" };

static int missing_release(struct device *dev)
{
	struct shed *s = vfio_alloc_device(shed, vdev, dev, &bare_ops);

	if (IS_ERR(s))
		return PTR_ERR(s);
	vfio_put_device(&s->vdev);
	return 0;
}

static void shed_sweep(struct work_struct *work)
{
	container_of(work, struct shed, sweep)->planks++;
}

static int shed_init(struct vfio_device *vdev)
{
	struct shed *s = container_of(vdev, struct shed, vdev);

	INIT_WORK(&s->sweep, shed_sweep);
	s->tools = kzalloc(64, GFP_KERNEL);
	if (!s->tools)
		return -ENOMEM;
	if (s->planks)
		return -EINVAL; /* vfio-init-contract */
	return 0;
}

static void shed_release(struct vfio_device *vdev)
{
	struct shed *s = container_of(vdev, struct shed, vdev);

	vfio_free_device(vdev);
	kfree(s->tools); /* vfio-release-contract */
}

static long shed_ioctl(struct vfio_device *vdev, unsigned int cmd,
		       unsigned long arg)
{
	struct shed *s = container_of(vdev, struct shed, vdev);

	schedule_work(&s->sweep); /* vfio-runs-late */
	mutex_lock(&shed_lock);
	return s->planks; /* vfio-locking */
}

static int shed_open(struct vfio_device *vdev)
{
	struct barn *b = container_of(vdev, struct barn, vdev); /* vfio-container-of-mismatch */
	struct shed *s = container_of(vdev, struct shed, vdev);

	s->key = kzalloc(64, GFP_KERNEL);
	if (!s->key)
		return -ENOMEM;
	if (b->planks)
		return -EBUSY; /* vfio-open-contract */
	return 0;
}

static const struct vfio_device_ops shed_ops = {
	.init = shed_init,
	.release = shed_release,
	.open_device = shed_open,
	.ioctl = shed_ioctl,
};

static int alloc_result(struct device *dev)
{
	struct shed *s = vfio_alloc_device(shed, vdev, dev, &shed_ops);

	if (!s) /* vfio-alloc-result */
		return -ENOMEM;
	s->planks = 4;
	vfio_put_device(&s->vdev);
	return 0;
}

static int mismatched_free(struct device *dev)
{
	struct shed *s = vfio_alloc_device(shed, vdev, dev, &shed_ops);

	if (IS_ERR(s))
		return PTR_ERR(s);
	kfree(s); /* vfio-mismatched-free */
	return 0;
}

static int lifecycle(struct device *dev)
{
	struct shed *s = vfio_alloc_device(shed, vdev, dev, &shed_ops);

	if (IS_ERR(s))
		return PTR_ERR(s);
	return -EIO; /* vfio-lifecycle */
}

static int core_rules(struct mdev_device *mdev)
{
	struct shed *s = vfio_alloc_device(shed, vdev, &mdev->dev, &shed_ops);
	int ret;

	if (IS_ERR(s))
		return PTR_ERR(s);
	s->roof = kzalloc(64, GFP_KERNEL); /* vfio-probe-contract */
	dev_set_drvdata(&mdev->dev, s);
	ret = vfio_register_group_dev(&s->vdev); /* vfio-core-rules */
	if (ret)
		vfio_put_device(&s->vdev);
	return ret;
}

static void shed_remove(struct mdev_device *mdev)
{
	struct shed *s = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&s->vdev);
	kfree(s->tools); /* vfio-given-twice */
	vfio_put_device(&s->vdev);
}

static struct mdev_driver shed_driver = { .probe = core_rules,
					  .remove = shed_remove };

static int init_device(struct vfio_device *vdev, struct device *dev)
{
	return vfio_init_device(vdev, dev, &shed_ops); /* vfio-init-device */
}

static void private_member(struct vfio_device *vdev)
{
	kref_put(&vdev->kref, vfio_device_release); /* vfio-private-member */
}

static void deprecated_lifecycle(struct vfio_device *vdev, struct device *dev)
{
	vfio_init_group_dev(vdev, dev, &shed_ops); /* vfio-deprecated-lifecycle */
}

void *shed_functions[] = { missing_release, alloc_result,   mismatched_free,
			   lifecycle,	    init_device,    private_member,
			   deprecated_lifecycle };
