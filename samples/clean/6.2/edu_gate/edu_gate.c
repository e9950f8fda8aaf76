// SPDX-License-Identifier: GPL-2.0
/*
 * edu_gate - VFIO variant driver for QEMU's "edu" device
 *
 * @init and @release wrap the core's; two ops tables share them. The core's
 * release cleans up what is its own and leaves the structure to the core.
 */
#include <linux/err.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/vfio_pci_core.h>

#define EDU_GATE_LOG	128

struct edu_gate {
	struct vfio_pci_core_device core_device;
	struct mutex lock;	/* log and used */
	char *log;
	unsigned int used;
};

static bool edu_gate_locked;
module_param_named(locked, edu_gate_locked, bool, 0644);
MODULE_PARM_DESC(locked, "let nobody open the devices bound from now on");

static struct edu_gate *to_edu_gate(struct vfio_device *vdev)
{
	return container_of(vdev, struct edu_gate, core_device.vdev);
}

static void edu_gate_note(struct edu_gate *eg, char event)
{
	mutex_lock(&eg->lock);
	eg->log[eg->used++ % EDU_GATE_LOG] = event;
	mutex_unlock(&eg->lock);
}

static int edu_gate_init_dev(struct vfio_device *vdev)
{
	struct edu_gate *eg = to_edu_gate(vdev);
	int ret;

	mutex_init(&eg->lock);
	eg->log = kzalloc(EDU_GATE_LOG, GFP_KERNEL);
	if (!eg->log)
		return -ENOMEM;

	ret = vfio_pci_core_init_dev(vdev);
	if (ret)
		kfree(eg->log);
	return ret;
}

static void edu_gate_release_dev(struct vfio_device *vdev)
{
	struct edu_gate *eg = to_edu_gate(vdev);

	kfree(eg->log);
	vfio_pci_core_release_dev(vdev);
}

static int edu_gate_open_device(struct vfio_device *vdev)
{
	struct edu_gate *eg = to_edu_gate(vdev);
	int ret;

	ret = vfio_pci_core_enable(&eg->core_device);
	if (ret)
		return ret;
	edu_gate_note(eg, 'o');
	vfio_pci_core_finish_enable(&eg->core_device);
	return 0;
}

static int edu_gate_refuse(struct vfio_device *vdev)
{
	edu_gate_note(to_edu_gate(vdev), '!');
	return -EACCES;
}

static const struct vfio_device_ops edu_gate_open_ops = {
	.name = "edu_gate",
	.init = edu_gate_init_dev,
	.release = edu_gate_release_dev,
	.bind_iommufd = vfio_iommufd_physical_bind,
	.unbind_iommufd = vfio_iommufd_physical_unbind,
	.attach_ioas = vfio_iommufd_physical_attach_ioas,
	.detach_ioas = vfio_iommufd_physical_detach_ioas,
	.open_device = edu_gate_open_device,
	.close_device = vfio_pci_core_close_device,
	.ioctl = vfio_pci_core_ioctl,
	.device_feature = vfio_pci_core_ioctl_feature,
	.read = vfio_pci_core_read,
	.write = vfio_pci_core_write,
	.mmap = vfio_pci_core_mmap,
	.request = vfio_pci_core_request,
	.match = vfio_pci_core_match,
};

static const struct vfio_device_ops edu_gate_locked_ops = {
	.name = "edu_gate-locked",
	.init = edu_gate_init_dev,
	.release = edu_gate_release_dev,
	.bind_iommufd = vfio_iommufd_physical_bind,
	.unbind_iommufd = vfio_iommufd_physical_unbind,
	.attach_ioas = vfio_iommufd_physical_attach_ioas,
	.detach_ioas = vfio_iommufd_physical_detach_ioas,
	.open_device = edu_gate_refuse,
	.close_device = vfio_pci_core_close_device,
	.ioctl = vfio_pci_core_ioctl,
	.device_feature = vfio_pci_core_ioctl_feature,
	.read = vfio_pci_core_read,
	.write = vfio_pci_core_write,
	.mmap = vfio_pci_core_mmap,
	.request = vfio_pci_core_request,
	.match = vfio_pci_core_match,
};

static int edu_gate_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct edu_gate *eg;
	int ret;

	eg = vfio_alloc_device(edu_gate, core_device.vdev, &pdev->dev,
			       edu_gate_locked ? &edu_gate_locked_ops :
						 &edu_gate_open_ops);
	if (IS_ERR(eg))
		return PTR_ERR(eg);

	dev_set_drvdata(&pdev->dev, &eg->core_device);
	ret = vfio_pci_core_register_device(&eg->core_device);
	if (ret)
		goto err_put_vdev;
	return 0;

err_put_vdev:
	vfio_put_device(&eg->core_device.vdev);
	return ret;
}

static void edu_gate_remove(struct pci_dev *pdev)
{
	struct vfio_pci_core_device *core = dev_get_drvdata(&pdev->dev);

	vfio_pci_core_unregister_device(core);
	vfio_put_device(&core->vdev);
}

static const struct pci_device_id edu_gate_table[] = {
	{ PCI_DRIVER_OVERRIDE_DEVICE_VFIO(0x1234, 0x11e8) },
	{ }
};
MODULE_DEVICE_TABLE(pci, edu_gate_table);

static struct pci_driver edu_gate_driver = {
	.name = "edu_gate",
	.id_table = edu_gate_table,
	.probe = edu_gate_probe,
	.remove = edu_gate_remove,
	.err_handler = &vfio_pci_core_err_handlers,
	.driver_managed_dma = true,
};
module_pci_driver(edu_gate_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a PCI variant driver with wrapped callbacks");
