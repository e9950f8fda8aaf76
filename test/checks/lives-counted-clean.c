// RUN: %check_vfio %s vfio-open-contract,vfio-given-twice,vfio-probe-contract %t -gen=6.1,6.2 -expect-clean

/* Numbers that conditions make, and how far something was counted. */

#include "Inputs/lives.h"

struct tally {
	struct vfio_device vdev;
	void *ink, *paper;
	void **rows;
	u32 n, v;
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

/* Each says by another number whether it has taken the ink. */
static int by_truth(struct tally *t)
{
	t->ink = kzalloc(8, GFP_KERNEL);
	return !!t->ink - 1;
}

static int by_product(struct tally *t)
{
	t->ink = kzalloc(8, GFP_KERNEL);
	return -ENOMEM * !t->ink;
}

static int by_sum(struct tally *t)
{
	int got = 0;

	t->ink = kzalloc(8, GFP_KERNEL);
	got += !!t->ink;
	return got - 1;
}

static const int codes[] = { -ENOMEM, 0 };

static int by_code(struct tally *t)
{
	t->ink = kzalloc(8, GFP_KERNEL);
	return codes[t->ink != NULL];
}

static int by_choice(struct tally *t)
{
	static const int all[] = { 0, -ENOMEM, -EINVAL };
	int what = 0;

	if (t->v > 4) {
		what = 2;
	} else {
		t->ink = kzalloc(8, GFP_KERNEL);
		if (!t->ink)
			what = 1;
	}
	return all[what];
}

static int finish(struct tally *t)
{
	t->paper = kzalloc(8, GFP_KERNEL);
	if (!t->paper) {
		kfree(t->ink);
		t->ink = NULL;
		return -ENOMEM;
	}
	return 0;
}

static void end(struct tally *t)
{
	kfree(t->paper);
	kfree(t->ink);
	t->paper = t->ink = NULL;
}

#define OPENER(name)                                                           \
	static int name##_open(struct vfio_device *vdev)                       \
	{                                                                      \
		int ret = by_##name(tally_of(vdev));                           \
                                                                               \
		if (ret)                                                       \
			return ret;                                            \
		return finish(tally_of(vdev));                                 \
	}                                                                      \
	static void name##_close(struct vfio_device *vdev)                     \
	{                                                                      \
		end(tally_of(vdev));                                           \
	}                                                                      \
	TABLE(name)
OPENER(truth);
OPENER(product);
OPENER(sum);
OPENER(code);
OPENER(choice);

/* How much is to be undone is one of three numbers. */
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
	if (undo > 1)
		free_irq(t->irq, t);
	if (undo > 0) {
		kfree(t->ink);
		t->ink = NULL;
	}
	return ret;
}

static void undo_close(struct vfio_device *vdev)
{
	struct tally *t = tally_of(vdev);

	free_irq(t->irq, t);
	kfree(t->ink);
	t->ink = NULL;
}
TABLE(undo);

/* Where the count is 0, nothing is looked at. */
static void rows_end(struct tally *t)
{
	if (!t->n)
		return;
	while (t->n)
		kfree(t->rows[--t->n]);
	kfree(t->rows);
}

static long rows_ioctl(struct vfio_device *vdev, unsigned int cmd,
		       unsigned long arg)
{
	struct tally *t = tally_of(vdev);
	u32 i;

	if (t->n)
		return -EBUSY;
	t->rows = kcalloc(4, sizeof(*t->rows), GFP_KERNEL);
	if (!t->rows)
		return -ENOMEM;
	for (i = 0; i < 4; i++) {
		t->rows[i] = kzalloc(8, GFP_KERNEL);
		if (!t->rows[i])
			goto err;
	}
	t->n = 4;
	return 0;

err:
	while (i--)
		kfree(t->rows[i]);
	kfree(t->rows);
	return -ENOMEM;
}

static void rows_close(struct vfio_device *vdev)
{
	rows_end(tally_of(vdev));
}

static void rows_release(struct vfio_device *vdev)
{
	rows_end(tally_of(vdev));
#ifdef MOCK_6_1_LINUX_VFIO_H
	vfio_free_device(vdev);
#endif
}

static const struct vfio_device_ops rows_ops = {
	.ioctl = rows_ioctl,
	.close_device = rows_close,
	.release = rows_release,
};
