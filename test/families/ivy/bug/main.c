// SPDX-License-Identifier: GPL-2.0
#include "ivy.h"
#include "ivy_life.h"

static int ivy_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void ivy_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops ivy_dev_ops = {
	.name		= "ivy",
	.open_device	= ivy_open_device,
	.close_device	= ivy_close_device,
	.bind_iommufd	= vfio_iommufd_physical_bind,
	.unbind_iommufd	= vfio_iommufd_physical_unbind,
	.attach_ioas	= vfio_iommufd_physical_attach_ioas,
	.detach_ioas	= vfio_iommufd_physical_detach_ioas,
};

static int ivy_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct ivy *i;
	int ret;

	i = vfio_alloc_device(ivy, vdev, &pdev->dev, &ivy_dev_ops);
	if (IS_ERR(i))
		return PTR_ERR(i);

	ret = vfio_register_group_dev(&i->vdev);
	if (ret) {
		ivy_quit(i);
		return ret;
	}
	pci_set_drvdata(pdev, i);
	return 0;
}

static void ivy_remove(struct pci_dev *pdev)
{
	struct ivy *i = pci_get_drvdata(pdev);

	vfio_unregister_group_dev(&i->vdev);
	ivy_quit(i);
}

static const struct pci_device_id ivy_table[] = {
	{ PCI_DRIVER_OVERRIDE_DEVICE_VFIO(0x1b36, 0x1a20) },
	{}
};
MODULE_DEVICE_TABLE(pci, ivy_table);

static struct pci_driver ivy_driver = {
	.name			= KBUILD_MODNAME,
	.id_table		= ivy_table,
	.probe			= ivy_probe,
	.remove			= ivy_remove,
	.driver_managed_dma	= true,
};
module_pci_driver(ivy_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("ivy");
