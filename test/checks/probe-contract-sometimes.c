// RUN: %check_vfio %s vfio-probe-contract %t -gen=6.1 -suffix=NONE -- -DNONE
// RUN: %check_vfio %s vfio-probe-contract %t -gen=6.1 -expect-clean -- -DALWAYS
// RUN: %check_vfio %s vfio-probe-contract %t -gen=6.1 -expect-clean -- -DASKED
// RUN: %check_vfio %s vfio-probe-contract %t -gen=6.1 -expect-clean -- -DTWICE
// RUN: %check_vfio %s vfio-probe-contract %t -gen=6.1 -expect-clean -- -DBOOKED

/* Remove asks something that has nothing to do with what probe has taken. */

#include <linux/platform_device.h>
#include "Inputs/lives.h"

struct weir {
	struct vfio_device vdev;
	bool steep;
	int line;
};

static irqreturn_t weir_irq(int irq, void *data)
{
	return IRQ_HANDLED;
}

static const struct vfio_device_ops weir_ops = {
	IOMMUFD(physical),
};

static int weir_probe(struct platform_device *pdev)
{
	struct weir *s;
	int ret = 0;

	s = vfio_alloc_device(weir, vdev, &pdev->dev, &weir_ops);
	if (IS_ERR(s))
		return PTR_ERR(s);
	s->line = platform_get_irq(pdev, 0);
	if (s->line < 0) {
		ret = s->line;
		goto put;
	}
	s->steep = dev_to_node(&pdev->dev);
#ifdef ASKED
	if (!s->steep)
		goto put;
#elif defined(TWICE)
	if (!dev_to_node(&pdev->dev))
		goto put;
#endif
	ret = request_irq(s->line, weir_irq, 0, "weir", s);
	if (ret)
		goto put;
#ifdef BOOKED
	s->steep = true;
#endif
	platform_set_drvdata(pdev, s);
	ret = vfio_register_group_dev(&s->vdev);
	if (!ret)
		return 0;
	free_irq(s->line, s);
put:
	vfio_put_device(&s->vdev);
	return ret;
}

static int weir_remove(struct platform_device *pdev)
{
	struct weir *s = platform_get_drvdata(pdev);

	vfio_unregister_group_dev(&s->vdev);
#ifndef ALWAYS
	if (s->steep)
#endif
		free_irq(s->line, s);
// CHECK-MESSAGES-NONE: :[[@LINE-1]]:3: warning: the interrupt taken by 'request_irq' is not always given back: whether 'weir_remove' does it depends on 'steep', which was set before, and probe takes it in any case [vfio-probe-contract]
	vfio_put_device(&s->vdev);
	return 0;
}

static struct platform_driver weir_driver = {
	.probe = weir_probe,
	.remove = weir_remove,
};
