// SPDX-License-Identifier: GPL-2.0
#include "fennel.h"

static int fennel_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void fennel_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops fennel_dev_ops = {
	.name		= "fennel",
	.open_device	= fennel_open_device,
	.close_device	= fennel_close_device,
	.bind_iommufd	= vfio_iommufd_physical_bind,
	.unbind_iommufd	= vfio_iommufd_physical_unbind,
	.attach_ioas	= vfio_iommufd_physical_attach_ioas,
	.detach_ioas	= vfio_iommufd_physical_detach_ioas,
};

static int fennel_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct fennel *f;
	int ret;

	f = vfio_alloc_device(fennel, vdev, &pdev->dev, &fennel_dev_ops);
	if (IS_ERR(f))
		return PTR_ERR(f);
	f->vf = id->driver_data;
	ret = fennel_attach(f, pdev);
	if (ret < 0) {
		vfio_put_device(&f->vdev);
		return ret;
	}
	return 0;
}

static void fennel_remove(struct pci_dev *pdev)
{
	struct fennel *f = pci_get_drvdata(pdev);

	vfio_unregister_group_dev(&f->vdev);
	vfio_put_device(&f->vdev);
}

static const struct pci_device_id fennel_table[] = {
	{ PCI_DRIVER_OVERRIDE_DEVICE_VFIO(0x1b36, 0x1a13) },
	{}
};
MODULE_DEVICE_TABLE(pci, fennel_table);

static struct pci_driver fennel_driver = {
	.name			= KBUILD_MODNAME,
	.id_table		= fennel_table,
	.probe			= fennel_probe,
	.remove			= fennel_remove,
	.driver_managed_dma	= true,
};
module_pci_driver(fennel_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("fennel");
