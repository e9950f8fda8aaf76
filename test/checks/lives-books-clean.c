// RUN: %check_vfio %s vfio-open-contract,vfio-probe-contract,vfio-given-twice %t -gen=6.1,6.2 -expect-clean

/* What was taken is kept account of in bits and counters. */

#include <linux/bitops.h>
#include <linux/kthread.h>
#include <linux/xarray.h>
#include "Inputs/lives.h"

enum { HAVE_IRQ, HAVE_ROW, HAVE_LATER = 70 };

/* As processors exchange a number with one in memory. */
#define exchange(ptr, v)                                                       \
	({                                                                     \
		typeof(*(ptr)) __v = (v);                                      \
		asm volatile("xchgl %0, %1" : "+r"(__v), "+m"(*(ptr)) : : "memory"); \
		__v;                                                           \
	})

struct ledger {
	struct vfio_device vdev;
	struct task_struct *clerk;
	struct eventfd_ctx *bell;
	struct xarray pages;
	struct ida ids;
	struct idr names;
	unsigned long flags;
	DECLARE_BITMAP(map, 128);
	atomic_t on;
	u32 word, page;
	int irq, fd, id;
	void *row;
};

static struct ledger *ledger_of(struct vfio_device *vdev)
{
	return container_of(vdev, struct ledger, vdev);
}

static irqreturn_t ledger_irq(int irq, void *data)
{
	return IRQ_HANDLED;
}

static int ledger_work(void *data)
{
	return 0;
}

#define TABLE(name)                                                            \
	static const struct vfio_device_ops name##_ops = {                     \
		.open_device = name##_open,                                    \
		.close_device = name##_close,                                  \
	}

static void bit_down(struct ledger *s)
{
	if (test_and_clear_bit(HAVE_IRQ, &s->flags))
		free_irq(s->irq, s);
}

static int bit_open(struct vfio_device *vdev)
{
	struct ledger *s = ledger_of(vdev);
	int ret;

	ret = request_irq(s->irq, ledger_irq, 0, "ledger", s);
	if (ret)
		return ret;
	set_bit(HAVE_IRQ, &s->flags);
	s->row = kzalloc(64, GFP_KERNEL);
	if (!s->row) {
		bit_down(s);
		return -ENOMEM;
	}
	return 0;
}

static void bit_close(struct vfio_device *vdev)
{
	struct ledger *s = ledger_of(vdev);

	bit_down(s);
	kfree(s->row);
}
TABLE(bit);

static void bits_down(struct ledger *s)
{
	if (test_bit(HAVE_IRQ, &s->flags))
		free_irq(s->irq, s);
}

static int bits_open(struct vfio_device *vdev)
{
	struct ledger *s = ledger_of(vdev);
	int ret;

	ret = request_irq(s->irq, ledger_irq, 0, "ledger", s);
	if (ret)
		return ret;
	set_bit(HAVE_IRQ, &s->flags);
	set_bit(HAVE_ROW, &s->flags);
	clear_bit(HAVE_ROW, &s->flags);
	s->row = kzalloc(64, GFP_KERNEL);
	if (!s->row) {
		bits_down(s);
		return -ENOMEM;
	}
	return 0;
}

static void bits_close(struct vfio_device *vdev)
{
	struct ledger *s = ledger_of(vdev);

	bits_down(s);
	kfree(s->row);
}
TABLE(bits);

static void map_down(struct ledger *s)
{
	if (__test_and_clear_bit(HAVE_LATER, s->map))
		free_irq(s->irq, s);
}

static int map_open(struct vfio_device *vdev)
{
	struct ledger *s = ledger_of(vdev);
	int ret;

	ret = request_irq(s->irq, ledger_irq, 0, "ledger", s);
	if (ret)
		return ret;
	__set_bit(HAVE_LATER, s->map);
	s->row = kzalloc(64, GFP_KERNEL);
	if (!s->row) {
		map_down(s);
		return -ENOMEM;
	}
	return 0;
}

static void map_close(struct vfio_device *vdev)
{
	struct ledger *s = ledger_of(vdev);

	map_down(s);
	kfree(s->row);
}
TABLE(map);

static void own_down(struct ledger *s)
{
	if (test_and_clear_bit(s->id, &s->flags))
		free_irq(s->irq, s);
}

static int own_open(struct vfio_device *vdev)
{
	struct ledger *s = ledger_of(vdev);
	int ret;

	ret = request_irq(s->irq, ledger_irq, 0, "ledger", s);
	if (ret)
		return ret;
	s->flags |= BIT(HAVE_ROW);
	set_bit(s->id, &s->flags);
	s->row = kzalloc(64, GFP_KERNEL);
	if (!s->row) {
		own_down(s);
		return -ENOMEM;
	}
	return 0;
}

static void own_close(struct vfio_device *vdev)
{
	struct ledger *s = ledger_of(vdev);

	own_down(s);
	kfree(s->row);
}
TABLE(own);

static void set_down(struct ledger *s)
{
	if (atomic_read(&s->on))
		free_irq(s->irq, s);
}

static int set_open(struct vfio_device *vdev)
{
	struct ledger *s = ledger_of(vdev);
	int ret;

	ret = request_irq(s->irq, ledger_irq, 0, "ledger", s);
	if (ret)
		return ret;
	atomic_set(&s->on, 1);
	s->row = kzalloc(64, GFP_KERNEL);
	if (!s->row) {
		set_down(s);
		return -ENOMEM;
	}
	return 0;
}

static void set_close(struct vfio_device *vdev)
{
	struct ledger *s = ledger_of(vdev);

	set_down(s);
	kfree(s->row);
}
TABLE(set);

static void taken_down(struct ledger *s)
{
	if (atomic_xchg(&s->on, 0))
		free_irq(s->irq, s);
}

static int taken_open(struct vfio_device *vdev)
{
	struct ledger *s = ledger_of(vdev);
	int ret;

	ret = request_irq(s->irq, ledger_irq, 0, "ledger", s);
	if (ret)
		return ret;
	atomic_set(&s->on, 1);
	s->row = kzalloc(64, GFP_KERNEL);
	if (!s->row) {
		taken_down(s);
		return -ENOMEM;
	}
	return 0;
}

static void taken_close(struct vfio_device *vdev)
{
	struct ledger *s = ledger_of(vdev);

	taken_down(s);
	kfree(s->row);
}
TABLE(taken);

static void same_down(struct ledger *s)
{
	if (atomic_cmpxchg(&s->on, 1, 0) == 1)
		free_irq(s->irq, s);
}

static int same_open(struct vfio_device *vdev)
{
	struct ledger *s = ledger_of(vdev);
	int ret;

	ret = request_irq(s->irq, ledger_irq, 0, "ledger", s);
	if (ret)
		return ret;
	atomic_set(&s->on, 1);
	s->row = kzalloc(64, GFP_KERNEL);
	if (!s->row) {
		same_down(s);
		return -ENOMEM;
	}
	return 0;
}

static void same_close(struct vfio_device *vdev)
{
	struct ledger *s = ledger_of(vdev);

	same_down(s);
	kfree(s->row);
}
TABLE(same);

static void share_down(struct ledger *s)
{
	if (atomic_dec_and_test(&s->on))
		free_irq(s->irq, s);
}

static int share_open(struct vfio_device *vdev)
{
	struct ledger *s = ledger_of(vdev);
	int ret;

	ret = request_irq(s->irq, ledger_irq, 0, "ledger", s);
	if (ret)
		return ret;
	atomic_set(&s->on, 0);
	atomic_inc(&s->on);
	s->row = kzalloc(64, GFP_KERNEL);
	if (!s->row) {
		share_down(s);
		return -ENOMEM;
	}
	return 0;
}

static void share_close(struct vfio_device *vdev)
{
	struct ledger *s = ledger_of(vdev);

	share_down(s);
	kfree(s->row);
}
TABLE(share);

static void word_down(struct ledger *s)
{
	if (exchange(&s->word, 0))
		free_irq(s->irq, s);
}

static int word_open(struct vfio_device *vdev)
{
	struct ledger *s = ledger_of(vdev);
	int ret;

	ret = request_irq(s->irq, ledger_irq, 0, "ledger", s);
	if (ret)
		return ret;
	s->word = 1;
	s->row = kzalloc(64, GFP_KERNEL);
	if (!s->row) {
		word_down(s);
		return -ENOMEM;
	}
	return 0;
}

static void word_close(struct vfio_device *vdev)
{
	struct ledger *s = ledger_of(vdev);

	word_down(s);
	kfree(s->row);
}
TABLE(word);

/* The same question has the same answer, though nobody knows it. */
static int ask_open(struct vfio_device *vdev)
{
	struct ledger *s = ledger_of(vdev);

	if (test_bit(s->id, s->map) && atomic_read(&s->on) > 2) {
		s->row = kzalloc(64, GFP_KERNEL);
		if (!s->row)
			return -ENOMEM;
	}
	if (s->irq < 0) {
		if (atomic_read(&s->on) > 2 && test_bit(s->id, s->map))
			kfree(s->row);
		return -EINVAL;
	}
	return 0;
}

static void ask_close(struct vfio_device *vdev)
{
	kfree(ledger_of(vdev)->row);
}
TABLE(ask);

/* Somebody else sets the bit: whoever waits for that goes on. */
static int wait_open(struct vfio_device *vdev)
{
	struct ledger *s = ledger_of(vdev);

	s->row = kzalloc(64, GFP_KERNEL);
	if (!s->row)
		return -ENOMEM;
	clear_bit(HAVE_ROW, &s->flags);
	while (!test_bit(HAVE_ROW, &s->flags))
		s->word++;
	return 0;
}

static void wait_close(struct vfio_device *vdev)
{
	kfree(ledger_of(vdev)->row);
}
TABLE(wait);

static const struct vfio_device_ops ledger_ops = {
	.release = plain_release,
};
PLAIN_DRIVER(ledger);
