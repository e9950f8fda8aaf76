// SPDX-License-Identifier: GPL-2.0
#include "samphire.h"

static long samphire_ioctl(struct vfio_device *vdev, unsigned int cmd,
			   unsigned long arg)
{
	struct samphire *s = container_of(vdev, struct samphire, vdev);
	int ret;

	if (cmd != VFIO_DEVICE_RESET)
		return -ENOTTY;
	ret = samphire_enter(s, arg);
	if (ret < 0) {
		dev_dbg(vdev->dev, "no entry: %d\n", ret);
		return ret;
	}
	s->drawn += arg;
	samphire_leave(s);
	return 0;
}

static int samphire_init(struct vfio_device *vdev)
{
	mutex_init(&container_of(vdev, struct samphire, vdev)->gate);
	return 0;
}

static const struct vfio_device_ops samphire_dev_ops = {
	.name		= "samphire",
	.init		= samphire_init,
	.ioctl		= samphire_ioctl,
	.bind_iommufd	= vfio_iommufd_physical_bind,
	.unbind_iommufd	= vfio_iommufd_physical_unbind,
	.attach_ioas	= vfio_iommufd_physical_attach_ioas,
	.detach_ioas	= vfio_iommufd_physical_detach_ioas,
};

static int samphire_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct samphire *s;
	int ret;

	s = vfio_alloc_device(samphire, vdev, &pdev->dev, &samphire_dev_ops);
	if (IS_ERR(s))
		return PTR_ERR(s);
	ret = vfio_register_group_dev(&s->vdev);
	if (ret) {
		vfio_put_device(&s->vdev);
		return ret;
	}
	pci_set_drvdata(pdev, s);
	return 0;
}

static void samphire_remove(struct pci_dev *pdev)
{
	struct samphire *s = pci_get_drvdata(pdev);

	vfio_unregister_group_dev(&s->vdev);
	vfio_put_device(&s->vdev);
}

static const struct pci_device_id samphire_table[] = {
	{ PCI_DRIVER_OVERRIDE_DEVICE_VFIO(0x1b36, 0x1a51) },
	{}
};
MODULE_DEVICE_TABLE(pci, samphire_table);

static struct pci_driver samphire_driver = {
	.name			= KBUILD_MODNAME,
	.id_table		= samphire_table,
	.probe			= samphire_probe,
	.remove			= samphire_remove,
	.driver_managed_dma	= true,
};
module_pci_driver(samphire_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("samphire");
