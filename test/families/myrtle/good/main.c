// SPDX-License-Identifier: GPL-2.0
#include "myrtle.h"

static int myrtle_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void myrtle_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops myrtle_dev_ops = {
	.name		= "myrtle",
	.open_device	= myrtle_open_device,
	.close_device	= myrtle_close_device,
	.bind_iommufd	= vfio_iommufd_physical_bind,
	.unbind_iommufd	= vfio_iommufd_physical_unbind,
	.attach_ioas	= vfio_iommufd_physical_attach_ioas,
	.detach_ioas	= vfio_iommufd_physical_detach_ioas,
};

static int myrtle_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct myrtle *m;
	int ret;

	m = vfio_alloc_device(myrtle, vdev, &pdev->dev, &myrtle_dev_ops);
	if (IS_ERR(m))
		return PTR_ERR(m);

	ret = memory_get(m);
	if (ret) {
		vfio_put_device(&m->vdev);
		return ret;
	}
	ret = vfio_register_group_dev(&m->vdev);
	if (ret) {
		memory_put(m);
		vfio_put_device(&m->vdev);
		return ret;
	}
	pci_set_drvdata(pdev, m);
	return 0;
}

static void myrtle_remove(struct pci_dev *pdev)
{
	struct myrtle *m = pci_get_drvdata(pdev);

	vfio_unregister_group_dev(&m->vdev);
	memory_put(m);
	vfio_put_device(&m->vdev);
}

static const struct pci_device_id myrtle_table[] = {
	{ PCI_DRIVER_OVERRIDE_DEVICE_VFIO(0x1b36, 0x1a07) },
	{}
};
MODULE_DEVICE_TABLE(pci, myrtle_table);

static struct pci_driver myrtle_driver = {
	.name			= KBUILD_MODNAME,
	.id_table		= myrtle_table,
	.probe			= myrtle_probe,
	.remove			= myrtle_remove,
	.driver_managed_dma	= true,
};
module_pci_driver(myrtle_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("myrtle");
