// SPDX-License-Identifier: GPL-2.0
#include "spurge.h"

static int spurge_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct spurge *s;
	int ret;

	s = spurge_new(&pdev->dev);
	if (IS_ERR(s))
		return PTR_ERR(s);
	s->bar = 2;
	ret = vfio_register_group_dev(&s->vdev);
	if (ret)
		goto out;
	pci_set_drvdata(pdev, s);
	return 0;
out:
	vfio_put_device(&s->vdev);
	return ret;
}

static void spurge_remove(struct pci_dev *pdev)
{
	struct spurge *s = pci_get_drvdata(pdev);

	vfio_unregister_group_dev(&s->vdev);
	vfio_put_device(&s->vdev);
}

static const struct pci_device_id spurge_table[] = {
	{ PCI_DRIVER_OVERRIDE_DEVICE_VFIO(0x1b36, 0x1a31) },
	{}
};
MODULE_DEVICE_TABLE(pci, spurge_table);

static struct pci_driver spurge_driver = {
	.name			= KBUILD_MODNAME,
	.id_table		= spurge_table,
	.probe			= spurge_probe,
	.remove			= spurge_remove,
	.driver_managed_dma	= true,
};
module_pci_driver(spurge_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("spurge");
