// SPDX-License-Identifier: GPL-2.0
#include "oxlip.h"

static int oxlip_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct oxlip *o;
	int ret;

	o = vfio_alloc_device(oxlip, vdev, &pdev->dev, &oxlip_dev_ops);
	if (IS_ERR(o))
		return PTR_ERR(o);
	ret = vfio_register_group_dev(&o->vdev);
	if (ret) {
		vfio_put_device(&o->vdev);
		return ret;
	}
	pci_set_drvdata(pdev, o);
	return 0;
}

static void oxlip_remove(struct pci_dev *pdev)
{
	struct oxlip *o = pci_get_drvdata(pdev);

	vfio_unregister_group_dev(&o->vdev);
	vfio_put_device(&o->vdev);
}

static const struct pci_device_id oxlip_table[] = {
	{ PCI_DRIVER_OVERRIDE_DEVICE_VFIO(0x1b36, 0x1a19) },
	{}
};
MODULE_DEVICE_TABLE(pci, oxlip_table);

static struct pci_driver oxlip_driver = {
	.name			= KBUILD_MODNAME,
	.id_table		= oxlip_table,
	.probe			= oxlip_probe,
	.remove			= oxlip_remove,
	.driver_managed_dma	= true,
};
module_pci_driver(oxlip_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("oxlip");
