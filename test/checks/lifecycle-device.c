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

/* A reference of one's own is not the last one. */
void lamp_forget(struct lamp *l)
{
	put_device(&l->dev);
	l->watts = 0;
	device_unregister(&l->dev);
}

/* Whoever takes references himself may drop one that is not the last. */
struct bulb {
	struct device dev;
	int users;
};

static void bulb_release(struct device *dev) { kfree(container_of(dev, struct bulb, dev)); }

void bulb_share(struct bulb *b)
{
	b->dev.release = bulb_release;
	b->users++;
	get_device(&b->dev);
}

int bulb_leave(struct bulb *b)
{
	if (--b->users) {
		put_device(&b->dev);
		return b->users;
	}
	device_del(&b->dev);
	put_device(&b->dev);
	return b->users;
}

/* What its `.release` leaves alone is its maker's to free. */
struct socket {
	struct device dev;
	int volts;
};

static void socket_release(struct device *dev) {}

void socket_set_up(struct socket *s)
{
	s->dev.release = socket_release;
	device_initialize(&s->dev);
}

int socket_end(struct socket *s)
{
	int volts;

	device_unregister(&s->dev);
	volts = s->volts;
	kfree(s);
	return volts;
}

/* That the end of another structure frees it is no end of its own. */
struct plug {
	struct device dev;
	int pins;
};

struct board {
	struct device dev;
	struct plug *plug;
};

static void plug_release(struct device *dev) {}

static void board_release(struct device *dev)
{
	struct board *b = container_of(dev, struct board, dev);

	kfree(b->plug);
	kfree(b);
}

void board_set_up(struct board *b)
{
	b->dev.release = board_release;
	b->plug->dev.release = plug_release;
}

int board_lose_plug(struct board *b)
{
	device_unregister(&b->plug->dev);
	return b->plug->pins;
}

/* Whether it is registered, one may ask; whom a message is about is used. */
static void lamp_off(struct lamp *l)
{
	if (device_is_registered(&l->dev))
		device_del(&l->dev);
	put_device(&l->dev);
}

int lamp_try(struct device *parent)
{
	struct lamp *l = lamp_make(parent);
	int ret;

	if (!l)
		return -ENOMEM;
	ret = device_add(&l->dev);
	if (ret)
		lamp_off(l);
	return ret;
}

int lamp_say(struct device *parent)
{
	struct lamp *l = lamp_make(parent);
	int ret;

	if (!l)
		return -ENOMEM;
	ret = device_add(&l->dev);
	if (ret) {
		put_device(&l->dev);
		pr_info("no lamp at %p\n", l);
		// CHECK: :[[#@LINE+1]]:{{[0-9]+}}: warning: {{.*}} is used after its last reference was put, which may have freed it [lifecycle-device]
		dev_info(&l->dev, "no lamp\n");
	}
	return ret;
}

/* Each of several in one structure has a life of its own. */
struct strip {
	struct device dev;
	struct lamp lamps[4];
	struct lamp last;
};

int strip_add(struct strip *s)
{
	int ret;

	device_initialize(&s->dev);
	ret = device_add(&s->dev);
	if (ret)
		return ret;
	device_initialize(&s->last.dev);
	ret = device_add(&s->last.dev);
	if (ret)
		device_del(&s->dev);
	return ret;
}

MODULE_LICENSE("GPL");
