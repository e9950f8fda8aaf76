// SPDX-License-Identifier: GPL-2.0
/*
 * beacon - lamps on two buses
 *
 * Idiom: two bus drivers over one library. Each bus driver allocates and names
 * its device; the library's probe_common() and remove_common() do the rest.
 */
#include <linux/err.h>
#include <linux/module.h>
#include <linux/platform_device.h>

#include "beacon.h"

static struct platform_device *beacon_coast;

static int __init beacon_init(void)
{
	int ret;

	beacon_coast = platform_device_register_simple("beacon", -1, NULL, 0);
	if (IS_ERR(beacon_coast))
		return PTR_ERR(beacon_coast);

	ret = beacon_mdev_start(&beacon_coast->dev);
	if (ret)
		goto err_coast;

	ret = beacon_aux_start(&beacon_coast->dev);
	if (ret)
		goto err_mdev;
	return 0;

err_mdev:
	beacon_mdev_stop();
err_coast:
	platform_device_unregister(beacon_coast);
	return ret;
}

static void __exit beacon_exit(void)
{
	beacon_aux_stop();
	beacon_mdev_stop();
	platform_device_unregister(beacon_coast);
}

module_init(beacon_init);
module_exit(beacon_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: two bus drivers over one library");
