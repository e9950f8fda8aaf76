// RUN: %check_vfio %s vfio-core-rules %t -gen=6.1,6.2 -suffix=SOMETIMES -- -DSOMETIMES
// RUN: %check_vfio %s vfio-core-rules %t -gen=6.1,6.2 -suffix=OTHER -- -DOTHER
// RUN: %check_vfio %s vfio-core-rules %t -gen=6.1,6.2 -expect-clean -- -DBOTH
// RUN: %check_vfio %s vfio-core-rules %t -gen=6.1,6.2 -expect-clean -- -DGATE
// RUN: %check_vfio %s vfio-core-rules %t -gen=6.1,6.2 -expect-clean -- -DHELPER

/* On one way to the registration there is no drvdata, or another. */

#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/vfio_pci_core.h>
#include "Inputs/iommufd.h"

struct egret {
	struct vfio_pci_core_device core;
	u32 kind, extra;
	void *nest;
};

static const struct vfio_device_ops egret_ops = {
	IOMMUFD(physical),
	.init = vfio_pci_core_init_dev,
	.release = vfio_pci_core_release_dev,
};

#ifdef HELPER
static int egret_prepare(struct egret *e, struct pci_dev *pdev)
{
	e->nest = kzalloc(8, GFP_KERNEL);
	if (!e->nest)
		return -ENOMEM;
	pci_set_drvdata(pdev, &e->core);
	return 0;
}
#else
static int egret_prepare(struct egret *e, struct pci_dev *pdev)
{
#ifdef SOMETIMES
	if (e->kind)
		pci_set_drvdata(pdev, &e->core);
// CHECK-MESSAGES-SOMETIMES: :[[@LINE-1]]:3: warning: the PCI device's drvdata is set only where 'kind' says so, and 'vfio_pci_core_register_device' refuses a device that it does not find there [vfio-core-rules]
#elif defined(OTHER)
	void *data;

	data = &e->extra;
// CHECK-MESSAGES-OTHER: :[[@LINE-1]]:9: warning: the PCI device's drvdata must be the 'vfio_pci_core_device', and this is something else: 'vfio_pci_core_register_device' refuses it [vfio-core-rules]
	pci_set_drvdata(pdev, data);
#elif defined(BOTH)
	void *data = &e->core;

	if (e->kind)
		pci_set_drvdata(pdev, &e->core);
	else
		pci_set_drvdata(pdev, data);
#else
	if (!e->kind)
		return -ENODEV;
	pci_set_drvdata(pdev, &e->core);
#endif
	return vfio_pci_core_register_device(&e->core);
}
#endif

static int egret_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct egret *e = vfio_alloc_device(egret, core.vdev, &pdev->dev,
					    &egret_ops);
	int ret;

	if (IS_ERR(e))
		return PTR_ERR(e);
	e->kind = id->driver_data;
	ret = egret_prepare(e, pdev);
#ifdef HELPER
	if (!ret)
		ret = vfio_pci_core_register_device(&e->core);
#endif
	if (ret)
		vfio_put_device(&e->core.vdev);
	return ret;
}

static struct pci_driver egret_driver = {
	.probe = egret_probe,
};
