// SPDX-License-Identifier: GPL-2.0
#include "gentian.h"

static int gentian_open(struct vfio_device *core)
{
	struct vfio_pci_core_device *vdev = container_of(core, struct vfio_pci_core_device, vdev);
	int ret = vfio_pci_core_enable(vdev);

	if (!ret)
		vfio_pci_core_finish_enable(vdev);
	return ret;
}

static const struct vfio_device_ops gentian_ops = {
	.name		= "gentian",
	.init		= vfio_pci_core_init_dev,
	.release	= vfio_pci_core_release_dev,
	.open_device	= gentian_open,
	.close_device	= vfio_pci_core_close_device,
	.ioctl		= vfio_pci_core_ioctl,
	.device_feature	= vfio_pci_core_ioctl_feature,
	.read		= vfio_pci_core_read,
	.write		= vfio_pci_core_write,
	.mmap		= vfio_pci_core_mmap,
	.request	= vfio_pci_core_request,
	.match		= vfio_pci_core_match,
};

static int gentian_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct gentian *g;
	int ret;

	g = vfio_alloc_device(gentian, core.vdev, &pdev->dev, &gentian_ops);
	if (IS_ERR(g))
		return PTR_ERR(g);
	dev_set_drvdata(&pdev->dev, &g->core);
	ret = vfio_pci_core_register_device(&g->core);
	if (ret)
		vfio_put_device(&g->core.vdev);
	return ret;
}

static void gentian_remove(struct pci_dev *pdev)
{
	struct vfio_pci_core_device *core = dev_get_drvdata(&pdev->dev);

	fade(core);
	vfio_put_device(&core->vdev);
}

static const struct pci_device_id gentian_table[] = {
	{ PCI_DRIVER_OVERRIDE_DEVICE_VFIO(0x1b36, 0x1a39) },
	{}
};
MODULE_DEVICE_TABLE(pci, gentian_table);

static struct pci_driver gentian_driver = {
	.name			= KBUILD_MODNAME,
	.id_table		= gentian_table,
	.probe			= gentian_probe,
	.remove			= gentian_remove,
	.driver_managed_dma	= true,
};
module_pci_driver(gentian_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("gentian");
