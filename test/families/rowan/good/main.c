// SPDX-License-Identifier: GPL-2.0
#include "rowan.h"

static int rowan_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct rowan *r;
	int ret;

	r = vfio_alloc_device(rowan, vdev, &pdev->dev, &rowan_dev_ops);
	if (IS_ERR(r))
		return PTR_ERR(r);
	ret = vfio_register_group_dev(&r->vdev);
	if (ret) {
		vfio_put_device(&r->vdev);
		return ret;
	}
	pci_set_drvdata(pdev, &r->vdev);
	return 0;
}

static void rowan_remove(struct pci_dev *pdev)
{
	rowan_bye(pci_get_drvdata(pdev));
}

static const struct pci_device_id rowan_table[] = {
	{ PCI_DRIVER_OVERRIDE_DEVICE_VFIO(0x1b36, 0x1a05) },
	{}
};
MODULE_DEVICE_TABLE(pci, rowan_table);

static struct pci_driver rowan_driver = {
	.name			= KBUILD_MODNAME,
	.id_table		= rowan_table,
	.probe			= rowan_probe,
	.remove			= rowan_remove,
	.driver_managed_dma	= true,
};
module_pci_driver(rowan_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("rowan");
