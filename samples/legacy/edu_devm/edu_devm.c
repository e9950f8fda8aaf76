// SPDX-License-Identifier: GPL-2.0
/*
 * edu_devm - VFIO variant driver for QEMU's "edu" device
 *
 * Idiom: the structure is device-managed, and so is the teardown: an action
 * that unregisters and uninits. There is no remove callback.
 */
#include <linux/device.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/vfio_pci_core.h>

struct edu_devm {
	struct vfio_pci_core_device core_device;
	unsigned long closes;
};

static int edu_devm_open_device(struct vfio_device *core_vdev)
{
	struct edu_devm *ed = container_of(core_vdev, struct edu_devm,
					   core_device.vdev);
	int ret;

	ret = vfio_pci_core_enable(&ed->core_device);
	if (ret)
		return ret;
	vfio_pci_core_finish_enable(&ed->core_device);
	return 0;
}

static void edu_devm_close_device(struct vfio_device *core_vdev)
{
	struct edu_devm *ed = container_of(core_vdev, struct edu_devm,
					   core_device.vdev);

	ed->closes++;
	vfio_pci_core_close_device(core_vdev);
}

static const struct vfio_device_ops edu_devm_ops = {
	.name = "edu_devm",
	.open_device = edu_devm_open_device,
	.close_device = edu_devm_close_device,
	.ioctl = vfio_pci_core_ioctl,
	.read = vfio_pci_core_read,
	.write = vfio_pci_core_write,
	.mmap = vfio_pci_core_mmap,
	.request = vfio_pci_core_request,
	.match = vfio_pci_core_match,
};

static void edu_devm_teardown(void *data)
{
	struct edu_devm *ed = data;

	vfio_pci_core_unregister_device(&ed->core_device);
	vfio_pci_core_uninit_device(&ed->core_device);
}

static int edu_devm_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct edu_devm *ed;
	int ret;

	ed = devm_kzalloc(&pdev->dev, sizeof(*ed), GFP_KERNEL);
	if (!ed)
		return -ENOMEM;
	vfio_pci_core_init_device(&ed->core_device, pdev, &edu_devm_ops);

	dev_set_drvdata(&pdev->dev, &ed->core_device);
	ret = vfio_pci_core_register_device(&ed->core_device);
	if (ret) {
		vfio_pci_core_uninit_device(&ed->core_device);
		return ret;
	}

	return devm_add_action_or_reset(&pdev->dev, edu_devm_teardown, ed);
}

static const struct pci_device_id edu_devm_table[] = {
	{ PCI_DRIVER_OVERRIDE_DEVICE_VFIO(0x1234, 0x11e8) },
	{ }
};
MODULE_DEVICE_TABLE(pci, edu_devm_table);

static struct pci_driver edu_devm_driver = {
	.name = "edu_devm",
	.id_table = edu_devm_table,
	.probe = edu_devm_probe,
	.err_handler = &vfio_pci_core_err_handlers,
	.driver_managed_dma = true,
};
module_pci_driver(edu_devm_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: device-managed allocation and teardown");
