// SPDX-License-Identifier: GPL-2.0
#include "tamarisk.h"

static int tamarisk_init(struct vfio_device *vdev)
{
	struct tamarisk *t = container_of(vdev, struct tamarisk, vdev);

	t->state = VFIO_DEVICE_STATE_RUNNING;
	vdev->migration_flags = VFIO_MIGRATION_STOP_COPY;
	vdev->mig_ops = &tamarisk_states;
	return 0;
}

static const struct vfio_device_ops tamarisk_dev_ops = {
	.name		= "tamarisk",
	.init		= tamarisk_init,
	.bind_iommufd	= vfio_iommufd_physical_bind,
	.unbind_iommufd	= vfio_iommufd_physical_unbind,
	.attach_ioas	= vfio_iommufd_physical_attach_ioas,
	.detach_ioas	= vfio_iommufd_physical_detach_ioas,
};

static int tamarisk_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct tamarisk *t;
	int ret;

	t = vfio_alloc_device(tamarisk, vdev, &pdev->dev, &tamarisk_dev_ops);
	if (IS_ERR(t))
		return PTR_ERR(t);
	ret = vfio_register_group_dev(&t->vdev);
	if (ret) {
		vfio_put_device(&t->vdev);
		return ret;
	}
	pci_set_drvdata(pdev, t);
	return 0;
}

static void tamarisk_remove(struct pci_dev *pdev)
{
	struct tamarisk *t = pci_get_drvdata(pdev);

	vfio_unregister_group_dev(&t->vdev);
	vfio_put_device(&t->vdev);
}

static const struct pci_device_id tamarisk_table[] = {
	{ PCI_DRIVER_OVERRIDE_DEVICE_VFIO(0x1b36, 0x1a52) },
	{}
};
MODULE_DEVICE_TABLE(pci, tamarisk_table);

static struct pci_driver tamarisk_driver = {
	.name			= KBUILD_MODNAME,
	.id_table		= tamarisk_table,
	.probe			= tamarisk_probe,
	.remove			= tamarisk_remove,
	.driver_managed_dma	= true,
};
module_pci_driver(tamarisk_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("tamarisk");
