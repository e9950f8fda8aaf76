// SPDX-License-Identifier: GPL-2.0
/*
 * edu_late - VFIO variant driver for QEMU's "edu" device
 *
 * Idiom: the driver data is set after the registration, and it is the
 * driver's own structure. From 6.1 on the core wants to see its own device
 * there before it registers it.
 */
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/vfio_pci_core.h>

struct edu_late {
	struct vfio_pci_core_device core_device;
	u32 opens;
};

static int edu_late_open_device(struct vfio_device *core_vdev)
{
	struct edu_late *el = container_of(core_vdev, struct edu_late,
					   core_device.vdev);
	int ret;

	ret = vfio_pci_core_enable(&el->core_device);
	if (ret)
		return ret;
	el->opens++;
	vfio_pci_core_finish_enable(&el->core_device);
	return 0;
}

static const struct vfio_device_ops edu_late_ops = {
	.name = "edu_late",
	.open_device = edu_late_open_device,
	.close_device = vfio_pci_core_close_device,
	.ioctl = vfio_pci_core_ioctl,
	.read = vfio_pci_core_read,
	.write = vfio_pci_core_write,
	.mmap = vfio_pci_core_mmap,
	.request = vfio_pci_core_request,
	.match = vfio_pci_core_match,
};

static int edu_late_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct edu_late *el;
	int ret;

	el = kzalloc(sizeof(*el), GFP_KERNEL);
	if (!el)
		return -ENOMEM;
	vfio_pci_core_init_device(&el->core_device, pdev, &edu_late_ops);

	ret = vfio_pci_core_register_device(&el->core_device);
	if (ret) {
		vfio_pci_core_uninit_device(&el->core_device);
		kfree(el);
		return ret;
	}

	pci_set_drvdata(pdev, el);
	return 0;
}

static void edu_late_remove(struct pci_dev *pdev)
{
	struct edu_late *el = pci_get_drvdata(pdev);

	vfio_pci_core_unregister_device(&el->core_device);
	vfio_pci_core_uninit_device(&el->core_device);
	kfree(el);
}

static const struct pci_device_id edu_late_table[] = {
	{ PCI_DRIVER_OVERRIDE_DEVICE_VFIO(0x1234, 0x11e8) },
	{ }
};
MODULE_DEVICE_TABLE(pci, edu_late_table);

static struct pci_driver edu_late_driver = {
	.name = "edu_late",
	.id_table = edu_late_table,
	.probe = edu_late_probe,
	.remove = edu_late_remove,
	.err_handler = &vfio_pci_core_err_handlers,
	.driver_managed_dma = true,
};
module_pci_driver(edu_late_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: driver data set after the registration");
