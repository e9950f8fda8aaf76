// SPDX-License-Identifier: GPL-2.0
#include "quince.h"

static int quince_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void quince_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops quince_dev_ops = {
	.name		= "quince",
	.open_device	= quince_open_device,
	.close_device	= quince_close_device,
	.bind_iommufd	= vfio_iommufd_physical_bind,
	.unbind_iommufd	= vfio_iommufd_physical_unbind,
	.attach_ioas	= vfio_iommufd_physical_attach_ioas,
	.detach_ioas	= vfio_iommufd_physical_detach_ioas,
};

static int quince_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct quince *q = vfio_alloc_device(quince, vdev, &pdev->dev, &quince_dev_ops);
	int rc;

	if (IS_ERR(q))
		return PTR_ERR(q);

	q->slot = PCI_SLOT(pdev->devfn);
	if (q->slot > 15)
		return quince_fall(q, -ENODEV);

	rc = vfio_register_group_dev(&q->vdev);
	if (rc)
		return quince_fall(q, rc);

	pci_set_drvdata(pdev, q);
	return 0;
}

static void quince_remove(struct pci_dev *pdev)
{
	struct quince *q = pci_get_drvdata(pdev);

	vfio_unregister_group_dev(&q->vdev);
	vfio_put_device(&q->vdev);
}

static const struct pci_device_id quince_table[] = {
	{ PCI_DRIVER_OVERRIDE_DEVICE_VFIO(0x1b36, 0x1a02) },
	{}
};
MODULE_DEVICE_TABLE(pci, quince_table);

static struct pci_driver quince_driver = {
	.name			= KBUILD_MODNAME,
	.id_table		= quince_table,
	.probe			= quince_probe,
	.remove			= quince_remove,
	.driver_managed_dma	= true,
};
module_pci_driver(quince_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("quince");
