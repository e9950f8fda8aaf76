// SPDX-License-Identifier: GPL-2.0
#include "galega.h"

static int galega_open(struct vfio_device *core)
{
	struct vfio_pci_core_device *vdev = container_of(core, struct vfio_pci_core_device, vdev);
	int ret = vfio_pci_core_enable(vdev);

	if (!ret)
		vfio_pci_core_finish_enable(vdev);
	return ret;
}

static const struct vfio_device_ops galega_ops = {
	.name		= "galega",
	.init		= vfio_pci_core_init_dev,
	.release	= vfio_pci_core_release_dev,
	.open_device	= galega_open,
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

static int galega_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct galega *g;
	int ret;

	g = vfio_alloc_device(galega, core.vdev, &pdev->dev, &galega_ops);
	if (IS_ERR(g))
		return PTR_ERR(g);
	dev_set_drvdata(&pdev->dev, &g->core);
	ret = vfio_pci_core_register_device(&g->core);
	if (ret)
		vfio_put_device(&g->core.vdev);
	return ret;
}

static void galega_remove(struct pci_dev *pdev)
{
	struct vfio_pci_core_device *core = dev_get_drvdata(&pdev->dev);

	copy_out(container_of(core, struct galega, core));
	vfio_put_device(&core->vdev);
}

static const struct pci_device_id galega_table[] = {
	{ PCI_DRIVER_OVERRIDE_DEVICE_VFIO(0x1b36, 0x1a38) },
	{}
};
MODULE_DEVICE_TABLE(pci, galega_table);

static struct pci_driver galega_driver = {
	.name			= KBUILD_MODNAME,
	.id_table		= galega_table,
	.probe			= galega_probe,
	.remove			= galega_remove,
	.driver_managed_dma	= true,
};
module_pci_driver(galega_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("galega");
