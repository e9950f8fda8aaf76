// SPDX-License-Identifier: GPL-2.0
/*
 * Instruments on AMBA. They have no name, only a number: one is made for them.
 */
#include <linux/amba/bus.h>
#include <linux/module.h>
#include <linux/slab.h>

#include <gauge/gauge.h>

static const struct vfio_device_ops gauge_amba_ops = {
	.name = "gauge-amba",
	.open_device = gauge_open_device,
	.read = gauge_read,
	.ioctl = gauge_ioctl,
};

static int gauge_amba_probe(struct amba_device *adev, const struct amba_id *id)
{
	struct gauge *ga;
	int ret;

	ga = kzalloc(sizeof(*ga), GFP_KERNEL);
	if (!ga)
		return -ENOMEM;

	ga->name = kasprintf(GFP_KERNEL, "gauge-%08x", adev->periphid);
	if (!ga->name) {
		ret = -ENOMEM;
		goto out_free;
	}
	ga->window = &adev->res;

	ret = gauge_probe_common(ga, &adev->dev, &gauge_amba_ops);
	if (ret)
		goto out_name;

	amba_set_drvdata(adev, ga);
	return 0;

out_name:
	kfree(ga->name);
out_free:
	kfree(ga);
	return ret;
}

static void gauge_amba_remove(struct amba_device *adev)
{
	struct gauge *ga = amba_get_drvdata(adev);

	gauge_remove_common(ga);
	kfree(ga->name);
	kfree(ga);
}

static const struct amba_id gauge_amba_ids[] = {
	{ .id = 0x000b1234, .mask = 0x000fffff },
	{ }
};
MODULE_DEVICE_TABLE(amba, gauge_amba_ids);

static struct amba_driver gauge_amba_driver = {
	.probe = gauge_amba_probe,
	.remove = gauge_amba_remove,
	.id_table = gauge_amba_ids,
	.drv = {
		.name = "gauge-amba",
		.owner = THIS_MODULE,
	},
	.driver_managed_dma = true,
};
module_amba_driver(gauge_amba_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: instruments on AMBA");
