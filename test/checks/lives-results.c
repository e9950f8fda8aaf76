// RUN: %check_vfio %s vfio-open-contract,vfio-probe-contract,vfio-given-twice %t -gen=6.1,6.2

/* Results, counts and ids say what was taken, and it is kept. */

#include <linux/kthread.h>
#include <linux/xarray.h>
#include "Inputs/lives.h"

static DEFINE_IDA(ledger_lines);

struct ledger {
	struct vfio_device vdev;
	struct task_struct *clerk;
	struct eventfd_ctx *bell;
	struct xarray pages;
	struct ida ids;
	struct idr names;
	u32 page;
	int irq, fd, id, line;
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

/* The result says whether the pointer is an error. */
static int hire(struct ledger *s)
{
	s->clerk = kthread_run(ledger_work, s, "ledger");
	return PTR_ERR_OR_ZERO(s->clerk);
}

static int hire_open(struct vfio_device *vdev)
{
	struct ledger *s = ledger_of(vdev);
	int ret;

	ret = hire(s);
	if (ret)
		return ret;
	s->row = kzalloc(64, GFP_KERNEL);
	if (!s->row) {
		return -ENOMEM;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the thread taken by 'kthread_run' is not given back when '.open_device' fails here, and core does not call '.close_device' then [vfio-open-contract]
	}
	return 0;
}

static void hire_close(struct vfio_device *vdev)
{
	struct ledger *s = ledger_of(vdev);

	kfree(s->row);
	kthread_stop(s->clerk);
}
TABLE(hire);

static int ring_open(struct vfio_device *vdev)
{
	struct ledger *s = ledger_of(vdev);
	struct eventfd_ctx *bell = eventfd_ctx_fdget(s->fd);
	int ret = PTR_ERR_OR_ZERO(bell);

	if (ret < 0)
		return ret;
	ret = request_irq(s->irq, ledger_irq, 0, "ledger", s);
	if (ret) {
		return ret;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the reference taken by 'eventfd_ctx_fdget' is not given back when '.open_device' fails here, and core does not call '.close_device' then [vfio-open-contract]
	}
	s->bell = bell;
	return 0;
}

static void ring_close(struct vfio_device *vdev)
{
	struct ledger *s = ledger_of(vdev);

	free_irq(s->irq, s);
	eventfd_ctx_put(s->bell);
}
TABLE(ring);

/* Two shares of one count. */
static int share_open(struct vfio_device *vdev)
{
	struct ledger *s = ledger_of(vdev);
	int ret;

	pm_runtime_get_noresume(vdev->dev);
	ret = pm_runtime_resume_and_get(vdev->dev);
	if (ret)
		goto out_noidle;
	s->row = kzalloc(64, GFP_KERNEL);
	if (!s->row) {
		ret = -ENOMEM;
		goto out_put;
	}
	return 0;

out_put:
	pm_runtime_put(vdev->dev);
out_noidle:
	return ret;
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the runtime PM count taken by 'pm_runtime_get_noresume' is not given back when '.open_device' fails here, and core does not call '.close_device' then [vfio-open-contract]
}

static void share_close(struct vfio_device *vdev)
{
	struct ledger *s = ledger_of(vdev);

	kfree(s->row);
	pm_runtime_put(vdev->dev);
	pm_runtime_put_noidle(vdev->dev);
}
TABLE(share);

static int page_open(struct vfio_device *vdev)
{
	struct ledger *s = ledger_of(vdev);
	int ret;

	ret = xa_alloc(&s->pages, &s->page, s, (struct xa_limit){ .max = 9 }, GFP_KERNEL);
	if (ret < 0)
		return ret;
	s->row = kzalloc(64, GFP_KERNEL);
	if (!s->row) {
		xa_store(&s->pages, s->page, s, GFP_KERNEL);
		return -ENOMEM;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the id taken by 'xa_alloc' is not given back when '.open_device' fails here, and core does not call '.close_device' then [vfio-open-contract]
	}
	return 0;
}

static void page_close(struct vfio_device *vdev)
{
	struct ledger *s = ledger_of(vdev);

	kfree(s->row);
	xa_destroy(&s->pages);
}
TABLE(page);

static int just_open(struct vfio_device *vdev)
{
	struct ledger *s = ledger_of(vdev);
	int ret;

	ret = ida_alloc_range(&s->ids, s->id, s->id, GFP_KERNEL);
	if (ret < 0)
		return ret;
	s->row = kzalloc(64, GFP_KERNEL);
	if (!s->row) {
		return -ENOMEM;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the id taken by 'ida_alloc_range' is not given back when '.open_device' fails here, and core does not call '.close_device' then [vfio-open-contract]
	}
	return 0;
}

static void just_close(struct vfio_device *vdev)
{
	struct ledger *s = ledger_of(vdev);

	kfree(s->row);
	ida_free(&s->ids, s->id);
}
TABLE(just);

static int only_open(struct vfio_device *vdev)
{
	struct ledger *s = ledger_of(vdev);
	int ret;

	ret = idr_alloc(&s->names, s, s->id, s->id + 1, GFP_KERNEL);
	if (ret < 0)
		return ret;
	s->row = kzalloc(64, GFP_KERNEL);
	if (!s->row) {
		return -ENOMEM;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the id taken by 'idr_alloc' is not given back when '.open_device' fails here, and core does not call '.close_device' then [vfio-open-contract]
	}
	return 0;
}

static void only_close(struct vfio_device *vdev)
{
	struct ledger *s = ledger_of(vdev);

	kfree(s->row);
	idr_remove(&s->names, s->id);
}
TABLE(only);

/* An id that was asked for is in the member that has it. */
static int kept_open(struct vfio_device *vdev)
{
	struct ledger *s = ledger_of(vdev);
	int ret;

	ret = ida_alloc_range(&ledger_lines, s->line, s->line, GFP_KERNEL);
// CHECK-MESSAGES: :[[@LINE-1]]:8: warning: the id taken by 'ida_alloc_range' is never given back: 'kept_close' does not, and neither '.release' nor remove does [vfio-open-contract]
	return ret < 0 ? ret : 0;
}

static void kept_close(struct vfio_device *vdev)
{
}
TABLE(kept);

static const struct vfio_device_ops ledger_ops = {
	.release = plain_release,
};
PLAIN_DRIVER(ledger);
