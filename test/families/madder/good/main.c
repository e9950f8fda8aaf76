// SPDX-License-Identifier: GPL-2.0
#include "madder.h"

static int madder_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void madder_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops madder_dev_ops = {
	.name		= "madder",
	.open_device	= madder_open_device,
	.close_device	= madder_close_device,
	.bind_iommufd	= vfio_iommufd_physical_bind,
	.unbind_iommufd	= vfio_iommufd_physical_unbind,
	.attach_ioas	= vfio_iommufd_physical_attach_ioas,
	.detach_ioas	= vfio_iommufd_physical_detach_ioas,
};

static int madder_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct madder *m;
	int ret;

	m = vfio_alloc_device(madder, vdev, &pdev->dev, &madder_dev_ops);
	if (IS_ERR(m))
		return PTR_ERR(m);
	m->kind = pdev->revision & 1;
	dev_dbg(&pdev->dev, "%s\n", madder_kinds[m->kind].name);
	ret = vfio_register_group_dev(&m->vdev);
	if (ret)
		goto put;
	pci_set_drvdata(pdev, m);
	return 0;
put:
	vfio_put_device(&m->vdev);
	return ret;
}

static void madder_remove(struct pci_dev *pdev)
{
	struct madder *m = pci_get_drvdata(pdev);

	vfio_unregister_group_dev(&m->vdev);
	madder_kinds[m->kind].warn_off(m);
	vfio_put_device(&m->vdev);
}

static const struct pci_device_id madder_table[] = {
	{ PCI_DRIVER_OVERRIDE_DEVICE_VFIO(0x1b36, 0x1a24) },
	{}
};
MODULE_DEVICE_TABLE(pci, madder_table);

static struct pci_driver madder_driver = {
	.name			= KBUILD_MODNAME,
	.id_table		= madder_table,
	.probe			= madder_probe,
	.remove			= madder_remove,
	.driver_managed_dma	= true,
};
module_pci_driver(madder_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("madder");
