// RUN: %check_vfio %s vfio-open-contract %t -gen=6.1,6.2

/* What an opener returns may be an error that nobody has asked about. */

#include "Inputs/lives.h"
#include <linux/pci.h>

struct weir {
	struct vfio_device vdev;
	struct pci_dev *pdev;
	struct device *power;
	u16 id;
};

static struct weir *weir_of(struct vfio_device *vdev)
{
	return container_of(vdev, struct weir, vdev);
}

static int weir_open(struct vfio_device *vdev)
{
	struct weir *w = weir_of(vdev);
	int err = pm_runtime_resume_and_get(w->power);

	if (err)
		return err;
	err = pci_read_config_word(w->pdev, 0, &w->id);
	return err;
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the runtime PM count taken by 'pm_runtime_resume_and_get' is not given back when '.open_device' fails here, and core does not call '.close_device' then [vfio-open-contract]
}

static void weir_close(struct vfio_device *vdev)
{
	pm_runtime_put(weir_of(vdev)->power);
}

static const struct vfio_device_ops weir_ops = {
	IOMMUFD(emulated),
	.release = plain_release,
	.open_device = weir_open,
	.close_device = weir_close,
};
PLAIN_DRIVER(weir);

struct sluice {
	struct vfio_device vdev;
	struct pci_dev *pdev;
	struct device *power;
	u16 id;
};

static struct sluice *sluice_of(struct vfio_device *vdev)
{
	return container_of(vdev, struct sluice, vdev);
}

static int sluice_open(struct vfio_device *vdev)
{
	struct sluice *s = sluice_of(vdev);
	int err = pm_runtime_resume_and_get(s->power);

	if (err)
		return err;
	err = pci_read_config_word(s->pdev, 0, &s->id);
	if (err)
		pm_runtime_put(s->power);
	return err;
}

static void sluice_close(struct vfio_device *vdev)
{
	pm_runtime_put(sluice_of(vdev)->power);
}

static const struct vfio_device_ops sluice_ops = {
	IOMMUFD(emulated),
	.release = plain_release,
	.open_device = sluice_open,
	.close_device = sluice_close,
};
PLAIN_DRIVER(sluice);

/* What comes last is what is taken. */
struct lock {
	struct vfio_device vdev;
	struct pci_dev *pdev;
	struct device *power;
	u16 id;
};

static struct lock *lock_of(struct vfio_device *vdev)
{
	return container_of(vdev, struct lock, vdev);
}

static int lock_open(struct vfio_device *vdev)
{
	struct lock *l = lock_of(vdev);
	int err = pci_read_config_word(l->pdev, 0, &l->id);

	if (err)
		return err;
	return pm_runtime_resume_and_get(l->power);
}

static void lock_close(struct vfio_device *vdev)
{
	pm_runtime_put(lock_of(vdev)->power);
}

static const struct vfio_device_ops lock_ops = {
	IOMMUFD(emulated),
	.release = plain_release,
	.open_device = lock_open,
	.close_device = lock_close,
};
PLAIN_DRIVER(lock);
