// SPDX-License-Identifier: GPL-2.0
/*
 * edu_state - VFIO variant driver for QEMU's "edu" device that keeps a journal
 *
 * Idiom: a PCI variant driver with state of its own, some of it set before
 * the core's init, some between it and the registration (which can fail), and
 * some after the registration.
 */
#include <linux/atomic.h>
#include <linux/idr.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/vfio_pci_core.h>
#include <linux/vmalloc.h>

#define EDU_STATE_JOURNAL	(4 * PAGE_SIZE)

struct edu_state {
	struct vfio_pci_core_device core_device;
	struct mutex lock;	/* journal and used */
	u8 *journal;
	size_t used;
	char *label;
	int id;
};

static DEFINE_IDA(edu_state_ids);
static atomic_t edu_state_bound = ATOMIC_INIT(0);
module_param_named(bound, edu_state_bound.counter, int, 0444);
MODULE_PARM_DESC(bound, "number of devices that are bound to this driver");

static void edu_state_note(struct edu_state *es, u8 event)
{
	mutex_lock(&es->lock);
	if (es->used < EDU_STATE_JOURNAL)
		es->journal[es->used++] = event;
	mutex_unlock(&es->lock);
}

static int edu_state_open_device(struct vfio_device *core_vdev)
{
	struct edu_state *es = container_of(core_vdev, struct edu_state,
					    core_device.vdev);
	int ret;

	ret = vfio_pci_core_enable(&es->core_device);
	if (ret)
		return ret;
	edu_state_note(es, 'o');
	vfio_pci_core_finish_enable(&es->core_device);
	return 0;
}

static void edu_state_close_device(struct vfio_device *core_vdev)
{
	struct edu_state *es = container_of(core_vdev, struct edu_state,
					    core_device.vdev);

	edu_state_note(es, 'c');
	vfio_pci_core_close_device(core_vdev);
}

static const struct vfio_device_ops edu_state_ops = {
	.name = "edu_state",
	.open_device = edu_state_open_device,
	.close_device = edu_state_close_device,
	.ioctl = vfio_pci_core_ioctl,
	.read = vfio_pci_core_read,
	.write = vfio_pci_core_write,
	.mmap = vfio_pci_core_mmap,
	.request = vfio_pci_core_request,
	.match = vfio_pci_core_match,
};

static int edu_state_probe(struct pci_dev *pdev,
			   const struct pci_device_id *id)
{
	struct edu_state *es;
	int ret;

	es = kzalloc(sizeof(*es), GFP_KERNEL);
	if (!es)
		return -ENOMEM;
	mutex_init(&es->lock);
	es->id = -1;
	vfio_pci_core_init_device(&es->core_device, pdev, &edu_state_ops);

	es->journal = vzalloc(EDU_STATE_JOURNAL);
	if (!es->journal) {
		ret = -ENOMEM;
		goto err_uninit;
	}

	ret = ida_alloc(&edu_state_ids, GFP_KERNEL);
	if (ret < 0)
		goto err_journal;
	es->id = ret;

	es->label = kasprintf(GFP_KERNEL, "edu-%d", es->id);
	if (!es->label) {
		ret = -ENOMEM;
		goto err_id;
	}

	dev_set_drvdata(&pdev->dev, &es->core_device);
	ret = vfio_pci_core_register_device(&es->core_device);
	if (ret)
		goto err_label;

	atomic_inc(&edu_state_bound);
	pci_info(pdev, "journal %s ready\n", es->label);
	return 0;

err_label:
	kfree(es->label);
err_id:
	ida_free(&edu_state_ids, es->id);
err_journal:
	vfree(es->journal);
err_uninit:
	vfio_pci_core_uninit_device(&es->core_device);
	kfree(es);
	return ret;
}

static void edu_state_remove(struct pci_dev *pdev)
{
	struct vfio_pci_core_device *core = dev_get_drvdata(&pdev->dev);
	struct edu_state *es = container_of(core, struct edu_state,
					    core_device);

	atomic_dec(&edu_state_bound);
	vfio_pci_core_unregister_device(&es->core_device);

	kfree(es->label);
	ida_free(&edu_state_ids, es->id);
	vfree(es->journal);
	vfio_pci_core_uninit_device(&es->core_device);
	kfree(es);
}

static const struct pci_device_id edu_state_ids_table[] = {
	{ PCI_DRIVER_OVERRIDE_DEVICE_VFIO(0x1234, 0x11e8) },
	{ }
};
MODULE_DEVICE_TABLE(pci, edu_state_ids_table);

static struct pci_driver edu_state_driver = {
	.name = "edu_state",
	.id_table = edu_state_ids_table,
	.probe = edu_state_probe,
	.remove = edu_state_remove,
	.err_handler = &vfio_pci_core_err_handlers,
	.driver_managed_dma = true,
};
module_pci_driver(edu_state_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a PCI variant driver with state of its own");
