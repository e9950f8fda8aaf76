// SPDX-License-Identifier: GPL-2.0
/*
 * edu_modes - VFIO variant driver for QEMU's "edu" device, in two modes
 *
 * Idiom: two ops tables for one structure; which one a device gets is decided
 * in probe. Only the tracing mode needs a buffer.
 */
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/vfio_pci_core.h>

#define EDU_MODES_TRACE	256

struct edu_modes {
	struct vfio_pci_core_device core_device;
	struct mutex lock;	/* trace and used */
	loff_t *trace;
	unsigned int used;
};

static bool edu_modes_tracing;
module_param_named(tracing, edu_modes_tracing, bool, 0644);
MODULE_PARM_DESC(tracing, "note the reads of devices bound from now on");

static int edu_modes_open_device(struct vfio_device *core_vdev)
{
	struct edu_modes *em = container_of(core_vdev, struct edu_modes,
					    core_device.vdev);
	int ret;

	ret = vfio_pci_core_enable(&em->core_device);
	if (ret)
		return ret;
	vfio_pci_core_finish_enable(&em->core_device);
	return 0;
}

static ssize_t edu_modes_traced_read(struct vfio_device *core_vdev,
				     char __user *buf, size_t count,
				     loff_t *ppos)
{
	struct edu_modes *em = container_of(core_vdev, struct edu_modes,
					    core_device.vdev);

	mutex_lock(&em->lock);
	em->trace[em->used++ % EDU_MODES_TRACE] = *ppos;
	mutex_unlock(&em->lock);
	return vfio_pci_core_read(core_vdev, buf, count, ppos);
}

static const struct vfio_device_ops edu_modes_plain_ops = {
	.name = "edu_modes",
	.open_device = edu_modes_open_device,
	.close_device = vfio_pci_core_close_device,
	.ioctl = vfio_pci_core_ioctl,
	.read = vfio_pci_core_read,
	.write = vfio_pci_core_write,
	.mmap = vfio_pci_core_mmap,
	.request = vfio_pci_core_request,
	.match = vfio_pci_core_match,
};

static const struct vfio_device_ops edu_modes_traced_ops = {
	.name = "edu_modes-traced",
	.open_device = edu_modes_open_device,
	.close_device = vfio_pci_core_close_device,
	.ioctl = vfio_pci_core_ioctl,
	.read = edu_modes_traced_read,
	.write = vfio_pci_core_write,
	.mmap = vfio_pci_core_mmap,
	.request = vfio_pci_core_request,
	.match = vfio_pci_core_match,
};

static int edu_modes_probe(struct pci_dev *pdev,
			   const struct pci_device_id *id)
{
	const struct vfio_device_ops *ops = &edu_modes_plain_ops;
	struct edu_modes *em;
	int ret;

	if (edu_modes_tracing)
		ops = &edu_modes_traced_ops;

	em = kzalloc(sizeof(*em), GFP_KERNEL);
	if (!em)
		return -ENOMEM;
	vfio_pci_core_init_device(&em->core_device, pdev, ops);
	mutex_init(&em->lock);

	if (ops == &edu_modes_traced_ops) {
		em->trace = kcalloc(EDU_MODES_TRACE, sizeof(*em->trace),
				    GFP_KERNEL);
		if (!em->trace) {
			ret = -ENOMEM;
			goto out_uninit;
		}
	}

	dev_set_drvdata(&pdev->dev, &em->core_device);
	ret = vfio_pci_core_register_device(&em->core_device);
	if (ret)
		goto out_trace;
	return 0;

out_trace:
	kfree(em->trace);
out_uninit:
	vfio_pci_core_uninit_device(&em->core_device);
	kfree(em);
	return ret;
}

static void edu_modes_remove(struct pci_dev *pdev)
{
	struct vfio_pci_core_device *core = dev_get_drvdata(&pdev->dev);
	struct edu_modes *em = container_of(core, struct edu_modes,
					    core_device);

	vfio_pci_core_unregister_device(core);
	kfree(em->trace);
	vfio_pci_core_uninit_device(core);
	kfree(em);
}

static const struct pci_device_id edu_modes_table[] = {
	{ PCI_DRIVER_OVERRIDE_DEVICE_VFIO(0x1234, 0x11e8) },
	{ }
};
MODULE_DEVICE_TABLE(pci, edu_modes_table);

static struct pci_driver edu_modes_driver = {
	.name = "edu_modes",
	.id_table = edu_modes_table,
	.probe = edu_modes_probe,
	.remove = edu_modes_remove,
	.err_handler = &vfio_pci_core_err_handlers,
	.driver_managed_dma = true,
};
module_pci_driver(edu_modes_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: two ops tables chosen at run time");
