// RUN: %check_vfio %s vfio-init-contract %t -gen=6.1,6.2,transition

#include <linux/module.h>
#include <linux/idr.h>
#include <linux/atomic.h>
#include <linux/mdev.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <linux/vfio.h>

struct lamp {
	struct vfio_device vdev;
	struct mutex lock;
	void *bulb;
	void *shade;
	int id;
	int watts;
};

static DEFINE_IDA(lamp_ids);
static atomic_t lamp_power = ATOMIC_INIT(100);
static atomic_t lamp_count = ATOMIC_INIT(0);
int lamp_check(struct device *dev);

static struct lamp *lamp_of(struct vfio_device *vdev)
{
	return container_of(vdev, struct lamp, vdev);
}

static void lamp_release(struct vfio_device *vdev)
{
	struct lamp *l = lamp_of(vdev);

	ida_free(&lamp_ids, l->id);
	atomic_add(l->watts, &lamp_power);
	vfree(l->shade);
	kfree(l->bulb);
#ifdef MOCK_6_1_LINUX_VFIO_H
	vfio_free_device(vdev);
#endif
}

#define TABLE(name)                                                            \
	static const struct vfio_device_ops name##_ops = {                     \
		.init = name,                                                  \
		.release = lamp_release,                                       \
	}

static int memory(struct vfio_device *vdev)
{
	struct lamp *l = lamp_of(vdev);

	l->bulb = kzalloc(64, GFP_KERNEL);
	if (!l->bulb)
		return -ENOMEM;
	l->shade = vmalloc(4096);
	if (!l->shade)
		return -ENOMEM;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the memory from 'kzalloc' is not given back when '.init' fails here, and core does not call '.release' then [vfio-init-contract]
	return 0;
}
TABLE(memory);

static int ladder(struct vfio_device *vdev)
{
	struct lamp *l = lamp_of(vdev);
	int ret = -ENOMEM;

	l->bulb = kzalloc(64, GFP_KERNEL);
	if (!l->bulb)
		return ret;
	l->shade = vmalloc(4096);
	if (!l->shade)
		goto out_bulb;
	ret = lamp_check(vdev->dev);
	if (ret)
		goto out_bulb;
	return 0;
out_bulb:
	kfree(l->bulb);
	return ret;
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the memory from 'vmalloc' is not given back when '.init' fails here
}
TABLE(ladder);

static int lock(struct vfio_device *vdev)
{
	struct lamp *l = lamp_of(vdev);
	int ret;

	mutex_lock(&l->lock);
	ret = lamp_check(vdev->dev);
	if (ret)
		return ret;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the lock taken by 'mutex_lock' is not given back when '.init' fails here
	mutex_unlock(&l->lock);
	return 0;
}
TABLE(lock);

static int id(struct vfio_device *vdev)
{
	struct lamp *l = lamp_of(vdev);

	l->id = ida_alloc(&lamp_ids, GFP_KERNEL);
	if (l->id < 0)
		return l->id;
	l->bulb = kzalloc(64, GFP_KERNEL);
	if (!l->bulb)
		return -ENOMEM;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the id taken by 'ida_alloc' is not given back when '.init' fails here
	return 0;
}
TABLE(id);

static int counter(struct vfio_device *vdev)
{
	struct lamp *l = lamp_of(vdev);

	atomic_sub(l->watts, &lamp_power);
	l->bulb = kzalloc(64, GFP_KERNEL);
	if (!l->bulb)
		return -ENOMEM;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the share of the counter taken by 'atomic_sub' is not given back when '.init' fails here
	return 0;
}
TABLE(counter);

static int reference(struct vfio_device *vdev)
{
	int ret;

	get_device(vdev->dev);
	ret = lamp_check(vdev->dev);
	if (ret)
		return ret;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the reference taken by 'get_device' is not given back when '.init' fails here
	return 0;
}
TABLE(reference);

static int tail_call(struct vfio_device *vdev)
{
	struct lamp *l = lamp_of(vdev);

	l->bulb = kzalloc(64, GFP_KERNEL);
	if (!l->bulb)
		return -ENOMEM;
	return lamp_check(vdev->dev);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the memory from 'kzalloc' is not given back when '.init' fails here
}
TABLE(tail_call);

static int puts(struct vfio_device *vdev)
{
	int ret = lamp_check(vdev->dev);

	if (ret)
		vfio_put_device(vdev);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: '.init' puts a device that has no reference yet: core frees the structure itself when '.init' fails [vfio-init-contract]
	return ret;
}
TABLE(puts);

static int frees(struct vfio_device *vdev)
{
	int ret = lamp_check(vdev->dev);

	if (ret) {
		kfree(lamp_of(vdev));
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: '.init' frees the structure, which core frees itself when '.init' fails [vfio-init-contract]
// CHECK-FIXES: static int frees
// CHECK-FIXES: if (ret) {
// CHECK-FIXES-NEXT: {{^//}}
		return ret;
	}
	return 0;
}
TABLE(frees);

static int registers(struct vfio_device *vdev)
{
	return vfio_register_group_dev(vdev);
// CHECK-MESSAGES: :[[@LINE-1]]:9: warning: '.init' registers the device before core has finished allocating it [vfio-init-contract]
}
TABLE(registers);

/* Right. */

static void lamp_undo(struct lamp *l)
{
	kfree(l->bulb);
	l->bulb = NULL;
}

static int by_helper(struct vfio_device *vdev)
{
	struct lamp *l = lamp_of(vdev);
	int ret;

	l->bulb = kzalloc(64, GFP_KERNEL);
	if (!l->bulb)
		return -ENOMEM;
	ret = lamp_check(vdev->dev);
	if (ret)
		lamp_undo(l);
	return ret;
}
TABLE(by_helper);

static int full_ladder(struct vfio_device *vdev)
{
	struct lamp *l = lamp_of(vdev);
	int power = atomic_read(&lamp_power);
	int ret;

	do {
		if (power < l->watts)
			return -ENOSPC;
	} while (!atomic_try_cmpxchg(&lamp_power, &power, power - l->watts));

	mutex_lock(&l->lock);
	l->id = ida_alloc(&lamp_ids, GFP_KERNEL);
	if (l->id < 0) {
		ret = l->id;
		goto out_power;
	}
	l->bulb = kzalloc(64, GFP_KERNEL);
	l->shade = vmalloc(4096);
	if (!l->bulb || !l->shade) {
		ret = -ENOMEM;
		goto out_memory;
	}
	mutex_unlock(&l->lock);
	return 0;

out_memory:
	vfree(l->shade);
	kfree(l->bulb);
	ida_free(&lamp_ids, l->id);
out_power:
	atomic_add(l->watts, &lamp_power);
	mutex_unlock(&l->lock);
	return ret;
}
TABLE(full_ladder);

/* Another file's function gets the structure, and may change its members. */
int lamp_look(struct lamp *l);

static int looked_at(struct vfio_device *vdev)
{
	struct lamp *l = lamp_of(vdev);
	int ret;

	l->bulb = kzalloc(64, GFP_KERNEL);
	if (!l->bulb)
		return -ENOMEM;
	l->id = ida_alloc(&lamp_ids, GFP_KERNEL);
	if (l->id < 0) {
		kfree(l->bulb);
		return l->id;
	}
	ret = lamp_look(l);
	if (ret) {
		ida_free(&lamp_ids, l->id);
		kfree(l->bulb);
	}
	return ret;
}
TABLE(looked_at);

/* A counter that only counts. */
static int statistics(struct vfio_device *vdev)
{
	atomic_inc(&lamp_count);
	return lamp_check(vdev->dev);
}
TABLE(statistics);

/* devres frees this one. */
static int managed(struct vfio_device *vdev)
{
	struct lamp *l = lamp_of(vdev);

	l->bulb = devm_kzalloc(vdev->dev, 64, GFP_KERNEL);
	if (!l->bulb)
		return -ENOMEM;
	return lamp_check(vdev->dev);
}
TABLE(managed);

/* Another file's function may undo it. */
void lamp_cleanup(struct lamp *l);

static int elsewhere(struct vfio_device *vdev)
{
	struct lamp *l = lamp_of(vdev);
	int ret;

	l->bulb = kzalloc(64, GFP_KERNEL);
	if (!l->bulb)
		return -ENOMEM;
	ret = lamp_check(vdev->dev);
	if (ret)
		lamp_cleanup(l);
	return ret;
}
TABLE(elsewhere);

const struct vfio_device_ops *lamp_tables[] = {
	&memory_ops, &ladder_ops, &lock_ops, &id_ops, &counter_ops,
	&reference_ops, &tail_call_ops, &puts_ops, &frees_ops, &registers_ops,
	&by_helper_ops, &full_ladder_ops, &statistics_ops, &managed_ops,
	&elsewhere_ops, &looked_at_ops,
};
