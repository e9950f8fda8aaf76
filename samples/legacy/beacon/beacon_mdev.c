// SPDX-License-Identifier: GPL-2.0
/*
 * Beacons that an administrator makes through sysfs.
 */
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "beacon.h"

static struct mdev_parent beacon_parent;

static int beacon_mdev_probe(struct mdev_device *mdev)
{
	struct beacon *bcn;
	int ret;

	bcn = kzalloc(sizeof(*bcn), GFP_KERNEL);
	if (!bcn)
		return -ENOMEM;

	bcn->name = kstrdup(dev_name(&mdev->dev), GFP_KERNEL);
	if (!bcn->name) {
		kfree(bcn);
		return -ENOMEM;
	}
	bcn->lamps = 1;

	ret = beacon_probe_common(bcn, &mdev->dev);
	if (ret) {
		kfree(bcn->name);
		kfree(bcn);
		return ret;
	}

	dev_set_drvdata(&mdev->dev, bcn);
	return 0;
}

static void beacon_mdev_remove(struct mdev_device *mdev)
{
	struct beacon *bcn = dev_get_drvdata(&mdev->dev);

	beacon_remove_common(bcn);
	kfree(bcn->name);
	kfree(bcn);
}

static struct mdev_driver beacon_mdev_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = beacon_mdev_probe,
	.remove = beacon_mdev_remove,
	.driver = {
		.name = "beacon",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type beacon_buoy = {
	.sysfs_name = "buoy",
	.pretty_name = "A beacon with one lamp",
};

static struct mdev_type *beacon_types[] = { &beacon_buoy };

int beacon_mdev_start(struct device *parent)
{
	int ret;

	ret = mdev_register_driver(&beacon_mdev_driver);
	if (ret)
		return ret;

	ret = mdev_register_parent(&beacon_parent, parent, &beacon_mdev_driver,
				   beacon_types, ARRAY_SIZE(beacon_types));
	if (ret)
		mdev_unregister_driver(&beacon_mdev_driver);
	return ret;
}

void beacon_mdev_stop(void)
{
	mdev_unregister_parent(&beacon_parent);
	mdev_unregister_driver(&beacon_mdev_driver);
}
