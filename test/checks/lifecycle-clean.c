// RUN: %check_vfio %s vfio-lifecycle,vfio-alloc-result,vfio-mismatched-free %t -gen=6.1,6.2,transition

/* Right, and each near to a mistake. */

#include <linux/bug.h>
#include <linux/module.h>
#include <linux/mdev.h>
#include <linux/pci.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/vfio.h>
#include <linux/vfio_pci_core.h>

struct lamp {
	struct vfio_device vdev;
	struct list_head node;
	struct device *parent;
	bool busy;
	int ret;
};

struct lantern {
	struct vfio_pci_core_device core;
	int watts;
};

extern const struct vfio_device_ops lamp_ops;
int lamp_check(struct device *dev);
int lamp_prepare(struct lamp *l);
bool lamp_is_dimmable(struct device *dev);
void lamp_dim(struct lamp *l);
static LIST_HEAD(lamps);
static DEFINE_MUTEX(lamps_lock);
static struct lamp *the_lamp;

/* The plain way, with a ladder and a flag. */
static int plain(struct device *dev)
{
	struct lamp *l;
	bool registered = false;
	int ret;

	l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	if (IS_ERR(l)) {
		dev_err(dev, "no lamp: %ld\n", PTR_ERR(l));
		return PTR_ERR(l);
	}
	ret = lamp_check(dev);
	if (ret)
		goto out;
	ret = vfio_register_group_dev(&l->vdev);
	if (ret)
		goto out;
	registered = true;
	ret = lamp_check(dev);
	if (ret)
		goto out;
	dev_set_drvdata(dev, l);
	return 0;
out:
	if (registered)
		vfio_unregister_group_dev(&l->vdev);
	vfio_put_device(&l->vdev);
	return ret;
}

static int ptr_err_or_zero(struct device *dev)
{
	struct lamp *l;
	int ret;

	l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	ret = PTR_ERR_OR_ZERO(l);
	if (unlikely(ret))
		return ret;
	ret = vfio_register_group_dev(&l->vdev);
	if (WARN_ON(ret < 0)) {
		vfio_put_device(&l->vdev);
		return ret;
	}
	dev_set_drvdata(dev, l);
	return 0;
}

static int err_or_null(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);

	if (IS_ERR_OR_NULL(l))
		return l ? PTR_ERR(l) : -ENOMEM;
	vfio_put_device(&l->vdev);
	return 0;
}

/* Success is what the last call returns; so is failure, undone before. */
static int combined(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	int ret;

	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = lamp_check(dev) ?: vfio_register_group_dev(&l->vdev);
	if (ret)
		vfio_put_device(&l->vdev);
	else
		dev_set_drvdata(dev, l);
	return ret;
}

/* The same question twice has the same answer. */
static int asked_twice(struct device *dev)
{
	struct lamp *l = NULL;
	int ret = 0;

	if (lamp_is_dimmable(dev)) {
		l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
		if (IS_ERR(l))
			return PTR_ERR(l);
	}
	ret = lamp_check(dev);
	if (lamp_is_dimmable(dev))
		vfio_put_device(&l->vdev);
	return ret;
}

static int with_switch(struct device *dev, int kind)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	int ret;

	if (IS_ERR(l))
		return PTR_ERR(l);
	switch (kind) {
	case 0:
		ret = -EINVAL;
		break;
	case 1:
		ret = vfio_register_group_dev(&l->vdev);
		break;
	default:
		ret = vfio_register_emulated_iommu_dev(&l->vdev);
	}
	if (ret) {
		vfio_put_device(&l->vdev);
		return ret;
	}
	dev_set_drvdata(dev, l);
	return 0;
}

static int in_a_loop(struct device *dev)
{
	int i;

	for (i = 0; i < 4; i++) {
		struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);

		if (IS_ERR(l))
			return PTR_ERR(l);
		l->busy = i;
		vfio_put_device(&l->vdev);
	}
	return 0;
}

static int retried(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	int ret, tries = 3;

	if (IS_ERR(l))
		return PTR_ERR(l);
	do {
		ret = vfio_register_group_dev(&l->vdev);
	} while (ret == -EAGAIN && --tries);
	if (ret)
		vfio_put_device(&l->vdev);
	else
		dev_set_drvdata(dev, l);
	return ret;
}

/* Somebody else takes over. */
static int kept_by_list(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	int ret;

	if (IS_ERR(l))
		return PTR_ERR(l);
	mutex_lock(&lamps_lock);
	list_add(&l->node, &lamps);
	mutex_unlock(&lamps_lock);
	ret = lamp_check(dev);
	return ret < 0 ? ret : 0;
}

static int kept_globally(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);

	if (IS_ERR(l))
		return PTR_ERR(l);
	the_lamp = l;
	return lamp_check(dev);
}

struct lamp *handed_out(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);

	if (!IS_ERR(l))
		l->parent = dev;
	return l;
}

static void lamp_release_action(void *data)
{
	struct lamp *l = data;

	vfio_unregister_group_dev(&l->vdev);
	vfio_put_device(&l->vdev);
}

/* devres unregisters and puts: so does the failing call itself. */
static int managed(struct platform_device *pdev)
{
	struct lamp *l;
	int ret;

	l = vfio_alloc_device(lamp, vdev, &pdev->dev, &lamp_ops);
	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = vfio_register_group_dev(&l->vdev);
	if (ret) {
		vfio_put_device(&l->vdev);
		return ret;
	}
	platform_set_drvdata(pdev, l);
	ret = devm_add_action_or_reset(&pdev->dev, lamp_release_action, l);
	if (ret)
		return ret;
	return lamp_check(&pdev->dev);
}
static struct platform_driver managed_driver = { .probe = managed };

/* A function of another file whose name says that it may end the device. */
void lamp_teardown(struct lamp *l);

static int torn_down_elsewhere(struct device *dev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev, &lamp_ops);
	int ret;

	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = vfio_register_group_dev(&l->vdev);
	if (ret) {
		lamp_teardown(l);
		return ret;
	}
	dev_set_drvdata(dev, l);
	return 0;
}

/* Bus drivers. */

static struct lantern *lantern_drvdata(struct pci_dev *pdev)
{
	struct vfio_pci_core_device *core = dev_get_drvdata(&pdev->dev);

	return container_of(core, struct lantern, core);
}

static int lantern_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct lantern *l;
	int ret;

	l = vfio_alloc_device(lantern, core.vdev, &pdev->dev, &lamp_ops);
	if (IS_ERR(l))
		return PTR_ERR(l);
	dev_set_drvdata(&pdev->dev, &l->core);
	ret = vfio_pci_core_register_device(&l->core);
	if (ret)
		goto out_put;
	return 0;
out_put:
	vfio_put_device(&l->core.vdev);
	return ret;
}

static void lantern_remove(struct pci_dev *pdev)
{
	struct lantern *l = lantern_drvdata(pdev);

	vfio_pci_core_unregister_device(&l->core);
	vfio_put_device(&l->core.vdev);
}

static struct pci_driver lantern_driver = {
	.probe = lantern_probe,
	.remove = lantern_remove,
};

static int lamp_probe(struct mdev_device *mdev)
{
	struct lamp *l;
	int ret;

	l = vfio_alloc_device(lamp, vdev, &mdev->dev, &lamp_ops);
	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = vfio_register_emulated_iommu_dev(&l->vdev);
	if (ret)
		goto out_put;
	dev_set_drvdata(&mdev->dev, l);
	return 0;
out_put:
	vfio_put_device(&l->vdev);
	return ret;
}

/* Leaves where it must not go on; reads what it needs before the put. */
static void lamp_remove(struct mdev_device *mdev)
{
	struct lamp *l = dev_get_drvdata(&mdev->dev);
	struct device *parent;

	if (WARN_ON_ONCE(l->busy))
		return;
	parent = l->parent;
	vfio_unregister_group_dev(&l->vdev);
	lamp_dim(l);
	dev_set_drvdata(&mdev->dev, NULL);
	vfio_put_device(&l->vdev);
	dev_info(parent, "gone: %p\n", l);
}

static struct mdev_driver lamp_driver = {
	.probe = lamp_probe,
	.remove = lamp_remove,
};

/* A helper that takes NULL as well: what was unregistered is not NULL. */
static void lamp_destroy(struct lamp *l)
{
	if (!l)
		return;
	vfio_put_device(&l->vdev);
}

static void lamp_remove_by_helper(struct mdev_device *mdev)
{
	struct lamp *l = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&l->vdev);
	lamp_destroy(l);
}

static struct mdev_driver lamp_helper_driver = {
	.probe = lamp_probe,
	.remove = lamp_remove_by_helper,
};

/* The device of another one: nothing is known of its references. */
static void lamp_parent_remove(struct platform_device *pdev)
{
	struct lamp *l = the_lamp;

	vfio_put_device(&l->vdev);
}

int (*const lamp_ways[])(struct device *) = {
	plain, ptr_err_or_zero, err_or_null, combined, asked_twice, in_a_loop,
	retried, kept_by_list, kept_globally, torn_down_elsewhere,
};
int (*const lamp_switch)(struct device *, int) = with_switch;
void (*const lamp_parent)(struct platform_device *) = lamp_parent_remove;
