// RUN: %check_vfio %s vfio-open-contract,vfio-given-twice %t -gen=6.1,6.2

/* Numbers that conditions make, and that say something else. */

#include "Inputs/lives.h"

struct tally {
	struct vfio_device vdev;
	void *ink, *paper;
	u32 v;
	int irq;
};

static struct tally *tally_of(struct vfio_device *vdev)
{
	return container_of(vdev, struct tally, vdev);
}

static irqreturn_t tally_irq(int irq, void *data)
{
	return IRQ_HANDLED;
}

#define TABLE(name)                                                            \
	static const struct vfio_device_ops name##_ops = {                     \
		.open_device = name##_open,                                    \
		.close_device = name##_close,                                  \
	}

/* It says that it has the ink where it has none, and the other way round. */
static int by_truth(struct tally *t)
{
	t->ink = kzalloc(8, GFP_KERNEL);
	return -!!t->ink;
}

static int truth_open(struct vfio_device *vdev)
{
	int ret = by_truth(tally_of(vdev));

	if (ret)
		return ret;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the memory taken by 'kzalloc' is not given back when '.open_device' fails here, and core does not call '.close_device' then [vfio-open-contract]
	return 0;
}

static void truth_close(struct vfio_device *vdev)
{
	kfree(tally_of(vdev)->ink);
	tally_of(vdev)->ink = NULL;
}
TABLE(truth);

static int by_code(struct tally *t)
{
	static const int codes[] = { 0, -ENOMEM };

	t->ink = kzalloc(8, GFP_KERNEL);
	return codes[t->ink != NULL];
}

static int code_open(struct vfio_device *vdev)
{
	int ret = by_code(tally_of(vdev));

	if (ret)
		return ret;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the memory taken by 'kzalloc' is not given back when '.open_device' fails here, and core does not call '.close_device' then [vfio-open-contract]
	return 0;
}

static void code_close(struct vfio_device *vdev)
{
	kfree(tally_of(vdev)->ink);
	tally_of(vdev)->ink = NULL;
}
TABLE(code);

/* 2 is not more than 2. */
static int undo_open(struct vfio_device *vdev)
{
	struct tally *t = tally_of(vdev);
	int ret, undo = 0;

	t->ink = kzalloc(8, GFP_KERNEL);
	if (!t->ink)
		return -ENOMEM;
	ret = request_irq(t->irq, tally_irq, 0, "tally", t);
	if (ret)
		undo = 1;
	if (!ret && t->v > 4) {
		ret = -EINVAL;
		undo = 2;
	}
	if (undo > 2)
		free_irq(t->irq, t);
	if (undo > 0) {
		kfree(t->ink);
		t->ink = NULL;
	}
	return ret;
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the interrupt taken by 'request_irq' is not given back when '.open_device' fails here, and core does not call '.close_device' then [vfio-open-contract]
}

static void undo_close(struct vfio_device *vdev)
{
	struct tally *t = tally_of(vdev);

	free_irq(t->irq, t);
	kfree(t->ink);
	t->ink = NULL;
}
TABLE(undo);

/* What is at least 5 need not be 5. */
static int five_open(struct vfio_device *vdev)
{
	struct tally *t = tally_of(vdev);
	int i;

	t->ink = kzalloc(8, GFP_KERNEL);
	if (!t->ink)
		return -ENOMEM;
	for (i = 0; i < t->v; i++) {
		if (i >= 5) {
			if (i == 5)
				continue;
			return -EBUSY;
// CHECK-MESSAGES: :[[@LINE-1]]:4: warning: the memory taken by 'kzalloc' is not given back when '.open_device' fails here, and core does not call '.close_device' then [vfio-open-contract]
		}
	}
	return 0;
}

static void five_close(struct vfio_device *vdev)
{
	kfree(tally_of(vdev)->ink);
	tally_of(vdev)->ink = NULL;
}
TABLE(five);
