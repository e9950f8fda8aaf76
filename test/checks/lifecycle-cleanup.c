// RUN: %check_vfio %s vfio-lifecycle %t -gen=6.2

#include <linux/pci.h>
#include <linux/vfio_pci_core.h>

struct tray {
	struct vfio_pci_core_device core;
};

static int tray_init(struct vfio_device *vdev)
{
	int ret = vfio_pci_core_init_dev(vdev);

	if (ret)
		return ret;
	if (!vdev->dev->driver) {
		vfio_pci_core_release_dev(vdev);
		return -ENODEV;
	}
	return 0;
}

/* Right, and near to it: it is what .release is for. */
static void tray_release(struct vfio_device *vdev)
{
	vfio_pci_core_release_dev(vdev);
}

static const struct vfio_device_ops tray_ops = {
	.name = "tray",
	.init = tray_init,
	.release = tray_release,
};

static int tray_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct tray *t = vfio_alloc_device(tray, core.vdev, &pdev->dev, &tray_ops);
	int ret;

	if (IS_ERR(t))
		return PTR_ERR(t);
	pci_set_drvdata(pdev, &t->core);
	ret = vfio_pci_core_register_device(&t->core);
	if (ret) {
		vfio_pci_core_release_dev(&t->core.vdev);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: '&t->core.vdev' is cleaned up here, and again by '.release' at its last put; leave it to the put [vfio-lifecycle]
		vfio_put_device(&t->core.vdev);
	}
	return ret;
}

static void tray_remove(struct pci_dev *pdev)
{
	struct tray *t = container_of(pci_get_drvdata(pdev), struct tray, core);

	vfio_pci_core_unregister_device(&t->core);
	vfio_pci_core_release_dev(&t->core.vdev);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: '&t->core.vdev' is cleaned up here, and again by '.release' at its last put; leave it to the put [vfio-lifecycle]
	vfio_put_device(&t->core.vdev);
}

/* Right: the put is what cleans up. */
static void tray_forget(struct pci_dev *pdev)
{
	struct tray *t = container_of(pci_get_drvdata(pdev), struct tray, core);

	vfio_pci_core_unregister_device(&t->core);
	vfio_put_device(&t->core.vdev);
}

static struct pci_driver tray_driver = {
	.name = "tray",
	.probe = tray_probe,
	.remove = tray_remove,
};

static struct pci_driver lid_driver = {
	.name = "lid",
	.probe = tray_probe,
	.remove = tray_forget,
};
struct pci_driver *const tray_drivers[] = { &tray_driver, &lid_driver };
