// SPDX-License-Identifier: GPL-2.0
/*
 * edu_bare - VFIO variant driver for QEMU's "edu" teaching device
 *
 * Idiom: the smallest PCI variant driver: a structure around the core's, the
 * core's callbacks, and one message when a user opens the device.
 */
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/vfio_pci_core.h>

struct edu_bare {
	struct vfio_pci_core_device core_device;
	unsigned long opened;
};

static int edu_bare_open_device(struct vfio_device *core_vdev)
{
	struct edu_bare *eb = container_of(core_vdev, struct edu_bare,
					   core_device.vdev);
	int ret;

	ret = vfio_pci_core_enable(&eb->core_device);
	if (ret)
		return ret;

	eb->opened++;
	pci_dbg(eb->core_device.pdev, "opened %lu times\n", eb->opened);
	vfio_pci_core_finish_enable(&eb->core_device);
	return 0;
}

static const struct vfio_device_ops edu_bare_ops = {
	.name = "edu_bare",
	.open_device = edu_bare_open_device,
	.close_device = vfio_pci_core_close_device,
	.ioctl = vfio_pci_core_ioctl,
	.read = vfio_pci_core_read,
	.write = vfio_pci_core_write,
	.mmap = vfio_pci_core_mmap,
	.request = vfio_pci_core_request,
	.match = vfio_pci_core_match,
};

static int edu_bare_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct edu_bare *eb;
	int ret;

	eb = kzalloc(sizeof(*eb), GFP_KERNEL);
	if (!eb)
		return -ENOMEM;
	vfio_pci_core_init_device(&eb->core_device, pdev, &edu_bare_ops);

	dev_set_drvdata(&pdev->dev, &eb->core_device);
	ret = vfio_pci_core_register_device(&eb->core_device);
	if (ret)
		goto out_free;
	return 0;

out_free:
	vfio_pci_core_uninit_device(&eb->core_device);
	kfree(eb);
	return ret;
}

static void edu_bare_remove(struct pci_dev *pdev)
{
	struct vfio_pci_core_device *core = dev_get_drvdata(&pdev->dev);
	struct edu_bare *eb = container_of(core, struct edu_bare, core_device);

	vfio_pci_core_unregister_device(core);
	vfio_pci_core_uninit_device(core);
	kfree(eb);
}

static const struct pci_device_id edu_bare_ids[] = {
	{ PCI_DRIVER_OVERRIDE_DEVICE_VFIO(0x1234, 0x11e8) },
	{ }
};
MODULE_DEVICE_TABLE(pci, edu_bare_ids);

static struct pci_driver edu_bare_driver = {
	.name = "edu_bare",
	.id_table = edu_bare_ids,
	.probe = edu_bare_probe,
	.remove = edu_bare_remove,
	.err_handler = &vfio_pci_core_err_handlers,
	.driver_managed_dma = true,
};
module_pci_driver(edu_bare_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a bare PCI variant driver");
