// SPDX-License-Identifier: GPL-2.0
#include "poppy.h"

static int poppy_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void poppy_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops poppy_dev_ops = {
	.name		= "poppy",
	.open_device	= poppy_open_device,
	.close_device	= poppy_close_device,
	.bind_iommufd	= vfio_iommufd_physical_bind,
	.unbind_iommufd	= vfio_iommufd_physical_unbind,
	.attach_ioas	= vfio_iommufd_physical_attach_ioas,
	.detach_ioas	= vfio_iommufd_physical_detach_ioas,
};

static int poppy_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct poppy *p;

	p = vfio_alloc_device(poppy, vdev, &pdev->dev, &poppy_dev_ops);
	if (IS_ERR(p))
		return PTR_ERR(p);
	p = poppy_grown(p);
	if (IS_ERR(p))
		return PTR_ERR(p);
	pci_set_drvdata(pdev, p);
	return 0;
}

static void poppy_remove(struct pci_dev *pdev)
{
	struct poppy *p = pci_get_drvdata(pdev);

	vfio_unregister_group_dev(&p->vdev);
	vfio_put_device(&p->vdev);
}

static const struct pci_device_id poppy_table[] = {
	{ PCI_DRIVER_OVERRIDE_DEVICE_VFIO(0x1b36, 0x1a50) },
	{}
};
MODULE_DEVICE_TABLE(pci, poppy_table);

static struct pci_driver poppy_driver = {
	.name			= KBUILD_MODNAME,
	.id_table		= poppy_table,
	.probe			= poppy_probe,
	.remove			= poppy_remove,
	.driver_managed_dma	= true,
};
module_pci_driver(poppy_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("poppy");
