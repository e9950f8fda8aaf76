// RUN: %check_vfio %s vfio-core-rules %t -gen=6.1,6.2

#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/vfio_pci_core.h>
#include "Inputs/iommufd.h"

struct heron {
	struct vfio_pci_core_device core;
	struct pci_dev *pdev;
	bool awake;
};

static struct heron *heron_of(struct vfio_device *vdev)
{
	return container_of(vdev, struct heron, core.vdev);
}

static void wake(struct heron *h)
{
	vfio_pci_core_finish_enable(&h->core);
}

static int open(struct vfio_device *vdev)
{
	struct heron *h = heron_of(vdev);
	int ret = vfio_pci_core_enable(&h->core);

	if (!ret)
		wake(h);
	return ret;
}

static int open_by_half(struct vfio_device *vdev)
// CHECK-MESSAGES: :[[@LINE-1]]:12: warning: '.open_device' enables the device, but never calls 'vfio_pci_core_finish_enable': its INTx and regions are never ready [vfio-core-rules]
{
	return vfio_pci_core_enable(&heron_of(vdev)->core);
}

static void close_own(struct vfio_device *vdev)
// CHECK-MESSAGES: :[[@LINE-1]]:13: warning: '.close_device' does not call 'vfio_pci_core_close_device': the device stays enabled [vfio-core-rules]
{
	heron_of(vdev)->awake = false;
}

static void close_sometimes(struct vfio_device *vdev)
// CHECK-MESSAGES: :[[@LINE-1]]:13: warning: '.close_device' does not always call 'vfio_pci_core_close_device': then the device stays enabled [vfio-core-rules]
{
	if (!heron_of(vdev)->awake)
		return;
	vfio_pci_core_close_device(vdev);
}

static void close_core(struct heron *h)
{
	if (h->awake)
		h->awake = false;
	vfio_pci_core_close_device(&h->core.vdev);
}

static void close(struct vfio_device *vdev)
{
	close_core(heron_of(vdev));
}

/* What its caller says decides, if that is a constant. */
static void hang_up(struct heron *h, bool last)
{
	h->awake = false;
	if (last)
		vfio_pci_core_close_device(&h->core.vdev);
}

static void close_last(struct vfio_device *vdev)
{
	hang_up(heron_of(vdev), true);
}

static void close_not_last(struct vfio_device *vdev)
// CHECK-MESSAGES: :[[@LINE-1]]:13: warning: '.close_device' does not always call 'vfio_pci_core_close_device': then the device stays enabled [vfio-core-rules]
{
	hang_up(heron_of(vdev), false);
}

static int init(struct vfio_device *vdev)
{
	heron_of(vdev)->awake = true;
	return vfio_pci_core_init_dev(vdev);
}

static int init_own(struct vfio_device *vdev)
{
	heron_of(vdev)->awake = true;
	return 0;
}

#define PROBE(name, set_before, set_after)                                     \
	static int name##_probe(struct pci_dev *pdev,                          \
				const struct pci_device_id *id)                \
	{                                                                      \
		struct heron *h;                                               \
		int ret;                                                       \
                                                                               \
		h = vfio_alloc_device(heron, core.vdev, &pdev->dev,            \
				      &name##_ops);                            \
		if (IS_ERR(h))                                                 \
			return PTR_ERR(h);                                     \
		set_before;                                                    \
		ret = vfio_pci_core_register_device(&h->core);                 \
		if (ret) {                                                     \
			vfio_put_device(&h->core.vdev);                        \
			return ret;                                            \
		}                                                              \
		set_after;                                                     \
		return 0;                                                      \
	}                                                                      \
	static void name##_remove(struct pci_dev *pdev)                        \
	{                                                                      \
		struct heron *h = dev_get_drvdata(&pdev->dev);                 \
                                                                               \
		vfio_pci_core_unregister_device(&h->core);                     \
		vfio_put_device(&h->core.vdev);                                \
	}                                                                      \
	static struct pci_driver name##_driver = {                             \
		.probe = name##_probe,                                         \
		.remove = name##_remove,                                       \
	};

static void keep(struct pci_dev *pdev, struct heron *h)
{
	pci_set_drvdata(pdev, &h->core);
}

static const struct vfio_device_ops right_ops = {
	IOMMUFD(physical),
	.init = init,
	.release = vfio_pci_core_release_dev,
	.open_device = open,
	.close_device = close,
};
PROBE(right, keep(pdev, h), )

/* Alone in its TU, as it were: what another probe sets says nothing of it. */
static const struct vfio_device_ops no_init_ops = {
// CHECK-MESSAGES: :[[@LINE-1]]:37: warning: ops table 'no_init_ops' of a PCI device has no '.init': without 'vfio_pci_core_init_dev' core's part of the device is never set up [vfio-core-rules]
	IOMMUFD(physical),
	.release = vfio_pci_core_release_dev,
	.open_device = open_by_half,
	.close_device = close,
};
PROBE(no_init, dev_set_drvdata(&pdev->dev, h), )

static const struct vfio_device_ops own_init_ops = {
	IOMMUFD(physical),
	.init = init_own,
// CHECK-MESSAGES: :[[@LINE-1]]:10: warning: '.init' does not call 'vfio_pci_core_init_dev', so core's part of the device is never set up [vfio-core-rules]
	.release = vfio_pci_core_release_dev,
	.open_device = open,
	.close_device = close_own,
};
PROBE(own_init, dev_set_drvdata(&pdev->dev, &h->pdev), )
// CHECK-MESSAGES: :[[@LINE-1]]:1: warning: the PCI device's drvdata must be the 'vfio_pci_core_device', and this is something else: 'vfio_pci_core_register_device' refuses it [vfio-core-rules]

static const struct vfio_device_ops no_close_ops = {
// CHECK-MESSAGES: :[[@LINE-1]]:37: warning: ops table 'no_close_ops' has no '.close_device', but its '.open_device' enables the device: it stays enabled [vfio-core-rules]
	IOMMUFD(physical),
	.init = vfio_pci_core_init_dev,
	.release = vfio_pci_core_release_dev,
	.open_device = open,
};
PROBE(no_close, dev_set_drvdata(&pdev->dev, &h->core.vdev), )

static const struct vfio_device_ops some_close_ops = {
	IOMMUFD(physical),
	.init = vfio_pci_core_init_dev,
	.release = vfio_pci_core_release_dev,
	.open_device = open,
	.close_device = close_sometimes,
};
PROBE(some_close, dev_set_drvdata(&pdev->dev, &h->core), )

static const struct vfio_device_ops last_close_ops = {
	IOMMUFD(physical),
	.init = vfio_pci_core_init_dev,
	.release = vfio_pci_core_release_dev,
	.open_device = open,
	.close_device = close_last,
};
PROBE(last_close, dev_set_drvdata(&pdev->dev, &h->core), )

static const struct vfio_device_ops not_last_ops = {
	IOMMUFD(physical),
	.init = vfio_pci_core_init_dev,
	.release = vfio_pci_core_release_dev,
	.open_device = open,
	.close_device = close_not_last,
};
PROBE(not_last, dev_set_drvdata(&pdev->dev, &h->core), )

static void early_remove(struct pci_dev *pdev)
{
	struct heron *h = pci_get_drvdata(pdev);

	pci_set_drvdata(pdev, NULL);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the PCI device's drvdata is cleared while the device is still registered: core looks there until 'vfio_pci_core_unregister_device' returns [vfio-core-rules]
	vfio_pci_core_unregister_device(&h->core);
	vfio_put_device(&h->core.vdev);
}

static void late_remove(struct pci_dev *pdev)
{
	struct heron *h = pci_get_drvdata(pdev);

	vfio_pci_core_unregister_device(&h->core);
	pci_set_drvdata(pdev, NULL);
	vfio_put_device(&h->core.vdev);
}

static struct pci_driver early_driver = { .remove = early_remove };
static struct pci_driver late_driver = { .remove = late_remove };
