// SPDX-License-Identifier: GPL-2.0
#include "hop.h"

static int hop_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void hop_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops hop_dev_ops = {
	.name		= "hop",
	.release	= vfio_free_device,
	.open_device	= hop_open_device,
	.close_device	= hop_close_device,
};

static int hop_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct hop *h;
	int ret;

	h = vfio_alloc_device(hop, vdev, &pdev->dev, &hop_dev_ops);
	if (IS_ERR(h))
		return PTR_ERR(h);
	h->rung = 3;
	ret = vfio_register_group_dev(&h->vdev);
	if (ret) {
		lock_down(h);
		vfio_put_device(&h->vdev);
		return ret;
	}
	pci_set_drvdata(pdev, h);
	return 0;
}

static void hop_remove(struct pci_dev *pdev)
{
	struct hop *h = pci_get_drvdata(pdev);

	vfio_unregister_group_dev(&h->vdev);
	lock_down(h);
	vfio_put_device(&h->vdev);
}

static const struct pci_device_id hop_table[] = {
	{ PCI_DRIVER_OVERRIDE_DEVICE_VFIO(0x1b36, 0x1a22) },
	{}
};
MODULE_DEVICE_TABLE(pci, hop_table);

static struct pci_driver hop_driver = {
	.name			= KBUILD_MODNAME,
	.id_table		= hop_table,
	.probe			= hop_probe,
	.remove			= hop_remove,
	.driver_managed_dma	= true,
};
module_pci_driver(hop_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("hop");
