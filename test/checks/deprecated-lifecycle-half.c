// RUN: %check_vfio %s vfio-deprecated-lifecycle,vfio-missing-release,vfio-lifecycle %t -gen=transition

// Half migrated: core allocates the device, and the old model's functions are called on
// it as well. Their usual advice names what is called already.

#include <linux/module.h>
#include <linux/pci.h>
#include <linux/vfio_pci_core.h>

struct rill {
	struct vfio_pci_core_device core;
};

static const struct vfio_device_ops rill_ops = {
// CHECK-MESSAGES: :[[@LINE-1]]:37: warning: ops table 'rill_ops' has no '.release'
	.name = "rill",
// CHECK-FIXES: .release = vfio_pci_core_release_dev
};

static int rill_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct rill *r = vfio_alloc_device(rill, core.vdev, &pdev->dev, &rill_ops);
	int ret;

	if (IS_ERR(r))
		return PTR_ERR(r);
	vfio_pci_core_init_device(&r->core, pdev, &rill_ops);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: half migrated: 'vfio_alloc_device' has initialised 'struct rill' already; drop this call, and have it done by '.init = vfio_pci_core_init_dev' and '.release = vfio_pci_core_release_dev' in the ops table
	dev_set_drvdata(&pdev->dev, r);
	ret = vfio_pci_core_register_device(&r->core);
	if (ret) {
		vfio_pci_core_uninit_device(&r->core);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: half migrated: 'struct rill' comes from 'vfio_alloc_device', so 'vfio_put_device' alone ends it
		vfio_put_device(&r->core.vdev);
	}
	return ret;
}

static void rill_remove(struct pci_dev *pdev)
{
	struct rill *r = dev_get_drvdata(&pdev->dev);

	vfio_pci_core_unregister_device(&r->core);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: '&r->core' is unregistered but never ended by 'vfio_put_device'
	vfio_pci_core_uninit_device(&r->core);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: half migrated
}

static struct pci_driver rill_driver = { .name = "rill", .probe = rill_probe, .remove = rill_remove };
module_pci_driver(rill_driver);
