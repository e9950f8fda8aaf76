// SPDX-License-Identifier: GPL-2.0
/*
 * Beacons that sit on the auxiliary bus. There is one, fixed, which the module
 * brings along.
 */
#include <linux/auxiliary_bus.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "beacon.h"

#define BEACON_AUX_LAMPS	3

static int beacon_aux_probe(struct auxiliary_device *auxdev,
			    const struct auxiliary_device_id *id)
{
	struct beacon *bcn;
	int ret;

	bcn = kzalloc(sizeof(*bcn), GFP_KERNEL);
	if (!bcn)
		return -ENOMEM;

	bcn->name = kasprintf(GFP_KERNEL, "tower-%u", auxdev->id);
	if (!bcn->name) {
		ret = -ENOMEM;
		goto out_free;
	}
	bcn->lamps = BEACON_AUX_LAMPS;

	ret = beacon_probe_common(bcn, &auxdev->dev);
	if (ret)
		goto out_free;

	auxiliary_set_drvdata(auxdev, bcn);
	return 0;

out_free:
	kfree(bcn->name);
	kfree(bcn);
	return ret;
}

static void beacon_aux_remove(struct auxiliary_device *auxdev)
{
	struct beacon *bcn = auxiliary_get_drvdata(auxdev);

	beacon_remove_common(bcn);
	kfree(bcn->name);
	kfree(bcn);
}

static const struct auxiliary_device_id beacon_aux_ids[] = {
	{ .name = KBUILD_MODNAME ".tower" },
	{ }
};
MODULE_DEVICE_TABLE(auxiliary, beacon_aux_ids);

static struct auxiliary_driver beacon_aux_driver = {
	.name = "tower",
	.probe = beacon_aux_probe,
	.remove = beacon_aux_remove,
	.id_table = beacon_aux_ids,
};

static struct auxiliary_device beacon_tower = {
	.name = "tower",
};

static void beacon_tower_release(struct device *dev)
{
	/* Nothing to free: the tower is part of the module. */
}

int beacon_aux_start(struct device *parent)
{
	int ret;

	beacon_tower.dev.parent = parent;
	beacon_tower.dev.release = beacon_tower_release;
	ret = auxiliary_device_init(&beacon_tower);
	if (ret)
		return ret;

	ret = auxiliary_device_add(&beacon_tower);
	if (ret)
		goto err_uninit;

	ret = auxiliary_driver_register(&beacon_aux_driver);
	if (ret)
		goto err_delete;
	return 0;

err_delete:
	auxiliary_device_delete(&beacon_tower);
err_uninit:
	auxiliary_device_uninit(&beacon_tower);
	return ret;
}

void beacon_aux_stop(void)
{
	auxiliary_driver_unregister(&beacon_aux_driver);
	auxiliary_device_delete(&beacon_tower);
	auxiliary_device_uninit(&beacon_tower);
}
