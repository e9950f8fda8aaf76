// REQUIRES: headers-6.12
// RUN: not %vfio-tidy --kernel=%headers612 --checks=-*,lifecycle-vdpa %s 2>&1 | %FileCheck %s -implicit-check-not=warning:
// RUN: %vfio-tidy --kernel=%headers612 --checks=-*,vfio-* %s 2>&1 | %FileCheck %s -check-prefix=OFF -implicit-check-not=warning:
// OFF: findings: 0

/* The contract of vdpa: rows, and not a line of code. */

#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vdpa.h>

struct lamp {
	struct vdpa_device vdpa;
	int watts;
};

extern const struct vdpa_config_ops lamp_ops;
int lamp_check(struct device *dev);

int lamp_add(struct device *dev)
{
	struct lamp *l;
	int ret;

	l = vdpa_alloc_device(struct lamp, vdpa, dev, &lamp_ops, 1, 1, "lamp", false);
	if (IS_ERR(l))
		return PTR_ERR(l);
	if (lamp_check(dev))
		// CHECK: :[[#@LINE+1]]:{{[0-9]+}}: warning: {{.*}} is not put on this path, so it is leaked; only 'put_device' ends it from here on [lifecycle-vdpa]
		return -EIO;
	ret = vdpa_register_device(&l->vdpa, 2);
	if (ret) {
		// CHECK: :[[#@LINE+1]]:{{[0-9]+}}: warning: {{.*}} is freed by an allocator's function
		kfree(l);
		return ret;
	}
	dev_set_drvdata(dev, l);
	return 0;
}

int lamp_add_right(struct device *dev)
{
	struct lamp *l;
	int ret;

	l = vdpa_alloc_device(struct lamp, vdpa, dev, &lamp_ops, 1, 1, "lamp", false);
	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = lamp_check(dev);
	if (!ret)
		ret = _vdpa_register_device(&l->vdpa, 2);
	if (ret) {
		put_device(&l->vdpa.dev);
		return ret;
	}
	dev_set_drvdata(dev, l);
	return 0;
}

void lamp_end(struct lamp *l)
{
	vdpa_unregister_device(&l->vdpa);
	// CHECK: :[[#@LINE+1]]:{{[0-9]+}}: warning: {{.*}} is put a second time
	put_device(&l->vdpa.dev);
}

int lamp_end_late(struct lamp *l)
{
	vdpa_unregister_device(&l->vdpa);
	// CHECK: :[[#@LINE+1]]:{{[0-9]+}}: warning: {{.*}} is used after its last reference was put
	return l->watts;
}

void lamp_end_right(struct lamp *l)
{
	l->watts = 0;
	vdpa_unregister_device(&l->vdpa);
}

/* Whoever calls .dev_del holds a reference: the last one is not dropped here. */
static void lamp_del(struct vdpa_mgmt_dev *mgmt, struct vdpa_device *vdpa)
{
	struct lamp *l = container_of(vdpa, struct lamp, vdpa);

	_vdpa_unregister_device(vdpa);
	l->watts = 0;
}

const struct vdpa_mgmtdev_ops lamp_mgmt_ops = {
	.dev_del = lamp_del,
};

MODULE_LICENSE("GPL");
