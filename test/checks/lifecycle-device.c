// REQUIRES: headers-6.12
// RUN: not %vfio-tidy --kernel=%headers612 --checks=-*,lifecycle-device %s 2>&1 | %FileCheck %s -implicit-check-not=warning:

/* The contract of struct device: from device_initialize on only a put ends it.
 */

#include <linux/device.h>
#include <linux/module.h>
#include <linux/slab.h>

struct lamp {
	int watts;
	struct device dev;
};

static void lamp_release(struct device *dev) { kfree(container_of(dev, struct lamp, dev)); }

struct lamp *lamp_make(struct device *parent)
{
	struct lamp *l = kzalloc(sizeof(*l), GFP_KERNEL);

	if (!l)
		return NULL;
	if (!parent) {
		kfree(l);
		return NULL;
	}
	device_initialize(&l->dev);
	l->dev.parent = parent;
	l->dev.release = lamp_release;
	if (dev_set_name(&l->dev, "lamp")) {
		// CHECK: :[[#@LINE+1]]:{{[0-9]+}}: warning: {{.*}} is freed by an allocator's function, but others may hold references by now; drop this one by 'put_device' [lifecycle-device]
		kfree(l);
		return NULL;
	}
	return l;
}

int lamp_add(struct device *parent)
{
	struct lamp *l = kzalloc(sizeof(*l), GFP_KERNEL);
	int ret;

	if (!l)
		return -ENOMEM;
	l->dev.parent = parent;
	l->dev.release = lamp_release;
	ret = device_register(&l->dev);
	if (ret)
		// CHECK: :[[#@LINE+1]]:{{[0-9]+}}: warning: {{.*}} is not put on this path
		return ret;
	dev_set_drvdata(parent, l);
	return 0;
}

int lamp_add_right(struct device *parent)
{
	struct lamp *l = kzalloc(sizeof(*l), GFP_KERNEL);
	int ret;

	if (!l)
		return -ENOMEM;
	device_initialize(&l->dev);
	l->dev.parent = parent;
	l->dev.release = lamp_release;
	ret = dev_set_name(&l->dev, "lamp");
	if (!ret)
		ret = device_add(&l->dev);
	if (ret) {
		put_device(&l->dev);
		return ret;
	}
	dev_set_drvdata(parent, l);
	return 0;
}

void lamp_end(struct lamp *l)
{
	device_unregister(&l->dev);
	// CHECK: :[[#@LINE+1]]:{{[0-9]+}}: warning: {{.*}} is freed after its last reference was put
	kfree(l);
}

void lamp_end_right(struct lamp *l)
{
	device_del(&l->dev);
	l->watts = 0;
	put_device(&l->dev);
}

MODULE_LICENSE("GPL");
