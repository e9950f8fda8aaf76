// RUN: %check_vfio %s vfio-init-contract,vfio-release-contract %t -gen=6.1,6.2

/* What another file of the driver creates and destroys. */

#include <linux/err.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct wire;
struct wire *wire_create(struct device *dev);
void wire_destroy(struct wire *wire);
int wire_init(struct wire *wire);
void wire_cleanup(struct wire *wire);
void wire_ping(struct wire *wire);
void wire_abort(struct wire *wire);

struct lamp {
	struct vfio_device vdev;
	struct wire *wire;
};

int lamp_power_get(struct lamp *l);
void lamp_power_put(struct lamp *l);
int lamp_check(struct lamp *l);

static struct lamp *lamp_of(struct vfio_device *vdev)
{
	return container_of(vdev, struct lamp, vdev);
}

static int forgets_create(struct vfio_device *vdev)
{
	struct lamp *l = lamp_of(vdev);
	struct wire *wire;
	int ret;

	wire = wire_create(vdev->dev);
	if (IS_ERR(wire))
		return PTR_ERR(wire);
	ret = wire_init(wire);
	if (ret)
		return ret;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the state taken by 'wire_create' is not given back when '.init' fails here, and core does not call '.release' then [vfio-init-contract]
	l->wire = wire;
	return 0;
}

static int forgets_init(struct vfio_device *vdev)
{
	struct lamp *l = lamp_of(vdev);
	int ret;

	ret = lamp_power_get(l);
	if (ret)
		return ret;
	l->wire = wire_create(vdev->dev);
	if (IS_ERR(l->wire)) {
		ret = PTR_ERR(l->wire);
		goto put;
	}
	ret = wire_init(l->wire);
	if (ret)
		goto destroy;
	wire_ping(l->wire);
	ret = lamp_check(l);
	if (ret)
		goto destroy;
	return 0;

destroy:
	wire_destroy(l->wire);
put:
	lamp_power_put(l);
	return ret;
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the state taken by 'wire_init' is not given back when '.init' fails here
}

static int ladder(struct vfio_device *vdev)
{
	struct lamp *l = lamp_of(vdev);
	int ret;

	ret = lamp_power_get(l);
	if (ret)
		return ret;
	l->wire = wire_create(vdev->dev);
	if (IS_ERR(l->wire)) {
		ret = PTR_ERR(l->wire);
		goto put;
	}
	ret = wire_init(l->wire);
	if (ret)
		goto destroy;
	ret = lamp_check(l);
	if (ret)
		goto cleanup;
	return 0;

cleanup:
	wire_cleanup(l->wire);
destroy:
	wire_destroy(l->wire);
put:
	lamp_power_put(l);
	return ret;
}

/* Under another name. */
static int aborts(struct vfio_device *vdev)
{
	struct lamp *l = lamp_of(vdev);
	int ret;

	l->wire = wire_create(vdev->dev);
	if (IS_ERR(l->wire))
		return PTR_ERR(l->wire);
	ret = wire_init(l->wire);
	if (ret)
		wire_abort(l->wire);
	return ret;
}

static void ends_all(struct vfio_device *vdev)
{
	struct lamp *l = lamp_of(vdev);

	wire_cleanup(l->wire);
	wire_destroy(l->wire);
	lamp_power_put(l);
#ifdef MOCK_6_1_LINUX_VFIO_H
	vfio_free_device(vdev);
#endif
}

static void forgets_power(struct vfio_device *vdev)
{
	struct lamp *l = lamp_of(vdev);

	wire_cleanup(l->wire);
	wire_destroy(l->wire);
#ifdef MOCK_6_1_LINUX_VFIO_H
	vfio_free_device(vdev);
#endif
}
// CHECK-MESSAGES: :[[@LINE-1]]:1: warning: '.release' does not give back the state that '.init' takes by 'lamp_power_get': it is lost with each device [vfio-release-contract]

static const struct vfio_device_ops tables[] = {
	{ .init = forgets_create, .release = ends_all },
	{ .init = forgets_init, .release = ends_all },
	{ .init = ladder, .release = ends_all },
	{ .init = aborts, .release = ends_all },
};

static const struct vfio_device_ops lost_ops = {
	.init = ladder,
	.release = forgets_power,
};

int lamp_use(struct device *dev, int kind)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, dev,
					   kind ? &tables[kind] : &lost_ops);

	if (!IS_ERR(l))
		vfio_put_device(&l->vdev);
	return PTR_ERR_OR_ZERO(l);
}
