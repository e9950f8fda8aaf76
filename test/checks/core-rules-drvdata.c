// RUN: %check_vfio %s vfio-core-rules %t -gen=6.1,6.2 -suffix=NEVER
// RUN: %check_vfio %s vfio-core-rules %t -gen=6.1,6.2 -suffix=LATE -- -DLATE
// RUN: %check_vfio %s vfio-core-rules %t -gen=6.1,6.2 -suffix=RIGHT -- -DRIGHT

#include <linux/module.h>
#include <linux/pci.h>
#include <linux/vfio_pci_core.h>
#include "Inputs/iommufd.h"

struct heron {
	struct vfio_pci_core_device core;
};

static const struct vfio_device_ops heron_ops = {
	IOMMUFD(physical),
	.init = vfio_pci_core_init_dev,
	.release = vfio_pci_core_release_dev,
};

static int heron_add(struct heron *h)
{
#ifdef RIGHT
	dev_set_drvdata(&h->core.pdev->dev, &h->core);
#endif
	return vfio_pci_core_register_device(&h->core);
// CHECK-MESSAGES-NEVER: :[[@LINE-1]]:9: warning: the PCI device's drvdata is not set before 'vfio_pci_core_register_device', which refuses a device that it does not find there [vfio-core-rules]
// CHECK-MESSAGES-LATE: :[[@LINE-2]]:9: warning: the PCI device's drvdata is set only after 'vfio_pci_core_register_device', which refuses a device that it does not find there [vfio-core-rules]
}

static int heron_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct heron *h = vfio_alloc_device(heron, core.vdev, &pdev->dev,
					    &heron_ops);
	int ret;

	if (IS_ERR(h))
		return PTR_ERR(h);
	ret = heron_add(h);
	if (ret) {
		vfio_put_device(&h->core.vdev);
		return ret;
	}
#ifdef LATE
	pci_set_drvdata(pdev, h);
#endif
	return 0;
}

static struct pci_driver heron_driver = {
	.probe = heron_probe,
};
