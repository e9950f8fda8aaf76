// SPDX-License-Identifier: GPL-2.0
#include "nettle.h"

static int nettle_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void nettle_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops nettle_dev_ops = {
	.name		= "nettle",
	.release	= vfio_free_device,
	.open_device	= nettle_open_device,
	.close_device	= nettle_close_device,
};

static int nettle_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct nettle *n;

	n = vfio_alloc_device(nettle, vdev, &pdev->dev, &nettle_dev_ops);
	if (IS_ERR(n))
		return PTR_ERR(n);
	pci_set_drvdata(pdev, n);
	if (!complete_setup(n)) {
		vfio_put_device(&n->vdev);
		return -EIO;
	}
	return 0;
}

static void nettle_remove(struct pci_dev *pdev)
{
	struct nettle *n = pci_get_drvdata(pdev);

	vfio_unregister_group_dev(&n->vdev);
	vfio_put_device(&n->vdev);
}

static const struct pci_device_id nettle_table[] = {
	{ PCI_DRIVER_OVERRIDE_DEVICE_VFIO(0x1b36, 0x1a27) },
	{}
};
MODULE_DEVICE_TABLE(pci, nettle_table);

static struct pci_driver nettle_driver = {
	.name			= KBUILD_MODNAME,
	.id_table		= nettle_table,
	.probe			= nettle_probe,
	.remove			= nettle_remove,
	.driver_managed_dma	= true,
};
module_pci_driver(nettle_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("nettle");
