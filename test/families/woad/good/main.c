// SPDX-License-Identifier: GPL-2.0
#include "woad.h"

static int woad_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void woad_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops woad_dev_ops = {
	.name		= "woad",
	.open_device	= woad_open_device,
	.close_device	= woad_close_device,
	.bind_iommufd	= vfio_iommufd_physical_bind,
	.unbind_iommufd	= vfio_iommufd_physical_unbind,
	.attach_ioas	= vfio_iommufd_physical_attach_ioas,
	.detach_ioas	= vfio_iommufd_physical_detach_ioas,
};

static int woad_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct woad *w;
	int ret;

	w = vfio_alloc_device(woad, vdev, &pdev->dev, &woad_dev_ops);
	if (IS_ERR(w))
		return PTR_ERR(w);
	refcount_set(&w->users, 1);
	ret = vfio_register_group_dev(&w->vdev);
	if (ret) {
		woad_unref(w);
		return ret;
	}
	pci_set_drvdata(pdev, w);
	return 0;
}

static void woad_remove(struct pci_dev *pdev)
{
	struct woad *w = pci_get_drvdata(pdev);

	vfio_unregister_group_dev(&w->vdev);
	woad_unref(w);
}

static const struct pci_device_id woad_table[] = {
	{ PCI_DRIVER_OVERRIDE_DEVICE_VFIO(0x1b36, 0x1a40) },
	{}
};
MODULE_DEVICE_TABLE(pci, woad_table);

static struct pci_driver woad_driver = {
	.name			= KBUILD_MODNAME,
	.id_table		= woad_table,
	.probe			= woad_probe,
	.remove			= woad_remove,
	.driver_managed_dma	= true,
};
module_pci_driver(woad_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("woad");
