// SPDX-License-Identifier: GPL-2.0
#include "orach.h"

static int orach_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct orach *o;
	int ret;

	o = vfio_alloc_device(orach, vdev, &pdev->dev, &orach_dev_ops);
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

static void orach_remove(struct pci_dev *pdev)
{
	struct orach *o = pci_get_drvdata(pdev);

	vfio_unregister_group_dev(&o->vdev);
	vfio_put_device(&o->vdev);
}

static const struct pci_device_id orach_table[] = {
	{ PCI_DRIVER_OVERRIDE_DEVICE_VFIO(0x1b36, 0x1a18) },
	{}
};
MODULE_DEVICE_TABLE(pci, orach_table);

static struct pci_driver orach_driver = {
	.name			= KBUILD_MODNAME,
	.id_table		= orach_table,
	.probe			= orach_probe,
	.remove			= orach_remove,
	.driver_managed_dma	= true,
};
module_pci_driver(orach_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("orach");
