// SPDX-License-Identifier: GPL-2.0
/*
 * Instruments on the platform bus. Their name is the device's, and is not
 * copied.
 */
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#include <gauge/gauge.h>

static const struct vfio_device_ops gauge_platform_ops = {
	.name = "gauge-platform",
	.open_device = gauge_open_device,
	.read = gauge_read,
	.ioctl = gauge_ioctl,
};

static int gauge_platform_probe(struct platform_device *pdev)
{
	struct gauge *ga;
	int ret;

	ga = kzalloc(sizeof(*ga), GFP_KERNEL);
	if (!ga)
		return -ENOMEM;

	ga->name = pdev->name;
	ga->window = platform_get_resource(pdev, IORESOURCE_MEM, 0);

	ret = gauge_probe_common(ga, &pdev->dev, &gauge_platform_ops);
	if (ret) {
		kfree(ga);
		return ret;
	}

	platform_set_drvdata(pdev, ga);
	return 0;
}

static void gauge_platform_remove(struct platform_device *pdev)
{
	struct gauge *ga = platform_get_drvdata(pdev);

	gauge_remove_common(ga);
	kfree(ga);
}

static struct platform_driver gauge_platform_driver = {
	.probe = gauge_platform_probe,
	.remove_new = gauge_platform_remove,
	.driver = {
		.name = "gauge-platform",
	},
	.driver_managed_dma = true,
};
module_platform_driver(gauge_platform_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: instruments on the platform bus");
