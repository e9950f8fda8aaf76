// SPDX-License-Identifier: GPL-2.0
#include "valerian.h"

static int valerian_open_device(struct vfio_device *vdev)
{
	struct vfio_pci_core_device *core =
		container_of(vdev, struct vfio_pci_core_device, vdev);
	int ret = vfio_pci_core_enable(core);

	if (ret)
		return ret;
	vfio_pci_core_finish_enable(core);
	return 0;
}

static const struct vfio_device_ops valerian_dev_ops = {
	.name		= "valerian",
	.init		= vfio_pci_core_init_dev,
	.release	= vfio_pci_core_release_dev,
	.open_device	= valerian_open_device,
	.close_device	= vfio_pci_core_close_device,
	.ioctl		= vfio_pci_core_ioctl,
	.device_feature	= vfio_pci_core_ioctl_feature,
	.read		= vfio_pci_core_read,
	.write		= vfio_pci_core_write,
	.mmap		= vfio_pci_core_mmap,
	.request	= vfio_pci_core_request,
	.match		= vfio_pci_core_match,
	.bind_iommufd	= vfio_iommufd_physical_bind,
	.unbind_iommufd	= vfio_iommufd_physical_unbind,
	.attach_ioas	= vfio_iommufd_physical_attach_ioas,
	.detach_ioas	= vfio_iommufd_physical_detach_ioas,
};

static int valerian_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct valerian *v;
	int ret;

	v = vfio_alloc_device(valerian, core.vdev, &pdev->dev, &valerian_dev_ops);
	if (IS_ERR(v))
		return PTR_ERR(v);
	valerian_hook(v, pdev);
	ret = vfio_pci_core_register_device(&v->core);
	if (ret)
		vfio_put_device(&v->core.vdev);
	return ret;
}

static void valerian_remove(struct pci_dev *pdev)
{
	struct vfio_pci_core_device *core = dev_get_drvdata(&pdev->dev);
	struct valerian *v = container_of(core, struct valerian, core);

	vfio_pci_core_unregister_device(&v->core);
	vfio_put_device(&v->core.vdev);
}

static const struct pci_device_id valerian_table[] = {
	{ PCI_DRIVER_OVERRIDE_DEVICE_VFIO(0x1b36, 0x1a53) },
	{}
};
MODULE_DEVICE_TABLE(pci, valerian_table);

static struct pci_driver valerian_driver = {
	.name			= KBUILD_MODNAME,
	.id_table		= valerian_table,
	.probe			= valerian_probe,
	.remove			= valerian_remove,
	.err_handler		= &vfio_pci_core_err_handlers,
	.driver_managed_dma	= true,
};
module_pci_driver(valerian_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("valerian");
