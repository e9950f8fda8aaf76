// REQUIRES: headers-6.12
// RUN: %vfio-tidy --kernel=%headers612 %s 2>&1 | %FileCheck %s -implicit-check-not=warning:

/* What a devm action that has failed to be added does happens only there: the
 * caller still knows it, however much was asked before. */

// CHECK: findings: 0

#include <linux/device.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct sluice {
	struct vfio_device vdev;
	int gates;
	int a, b, c, d, e, f, g, h;
	int state[8];
};

void sluice_note(int what);
int sluice_ask(int what);
int sluice_test_1(void);
int sluice_test_2(void);
int sluice_test_3(void);
int sluice_test_4(void);
int sluice_test_5(void);
int sluice_test_6(void);
int sluice_test_7(void);
int sluice_test_8(void);
int sluice_test_9(void);
int sluice_test_10(void);
int sluice_test_11(void);
int sluice_test_12(void);


static const struct vfio_device_ops sluice_ops = { .name = "sluice" };

static void sluice_end(void *data)
{
	struct sluice *s = data;

	while (s->gates) {
		if (sluice_ask(1) && sluice_ask(2))
			sluice_note(1);
		s->gates--;
	}
	vfio_unregister_group_dev(&s->vdev);
	vfio_put_device(&s->vdev);
}

static int sluice_probe(struct platform_device *pdev)
{
	struct sluice *s;
	int ret;

	s = vfio_alloc_device(sluice, vdev, &pdev->dev, &sluice_ops);
	if (IS_ERR(s))
		return PTR_ERR(s);
	s->gates = sluice_ask(0);
	ret = sluice_test_1();
	if (ret)
		goto put;
	ret = sluice_test_2();
	if (ret)
		goto put;
	ret = sluice_test_3();
	if (ret)
		goto put;
	ret = sluice_test_4();
	if (ret)
		goto put;
	ret = sluice_test_5();
	if (ret)
		goto put;
	ret = sluice_test_6();
	if (ret)
		goto put;
	ret = sluice_test_7();
	if (ret)
		goto put;
	ret = sluice_test_8();
	if (ret)
		goto put;
	ret = sluice_test_9();
	if (ret)
		goto put;
	ret = sluice_test_10();
	if (ret)
		goto put;
	ret = sluice_test_11();
	if (ret)
		goto put;
	ret = sluice_test_12();
	if (ret)
		goto put;
	ret = vfio_register_group_dev(&s->vdev);
	if (ret) {
		vfio_put_device(&s->vdev);
		return ret;
	}
	ret = devm_add_action_or_reset(&pdev->dev, sluice_end, s);
	if (ret)
		return ret;
	s->a = s->gates;
	return 0;

put:
	vfio_put_device(&s->vdev);
	return ret;
}

static struct platform_driver sluice_driver = {
	.probe = sluice_probe,
	.driver = { .name = "sluice" },
};
module_platform_driver(sluice_driver);
MODULE_LICENSE("GPL");
