// RUN: %check_vfio %s vfio-open-contract,vfio-probe-contract,vfio-given-twice %t -gen=6.1,6.2

/* What is found by walking is held, until the walk goes on. */

#include <linux/of.h>
#include <linux/pci.h>
#include "Inputs/lives.h"

struct heron {
	struct vfio_device vdev;
	struct pci_dev *mate;
	u32 lanes, class;
};

static struct heron *heron_of(struct vfio_device *vdev)
{
	return container_of(vdev, struct heron, vdev);
}

#define TABLE(name)                                                            \
	static const struct vfio_device_ops name##_ops = {                     \
		.open_device = name##_open,                                    \
		.close_device = name##_close,                                  \
	}

static struct pci_dev *mate_of(struct heron *s)
{
	struct pci_dev *p = NULL;

	for_each_pci_dev(p) {
		if (s->class != 7)
			continue;
		if (!p->is_virtfn)
			return p;
		pci_dev_put(p);
		break;
	}
	return NULL;
}

static struct pci_dev *other_of(struct heron *s)
{
	struct pci_dev *p = NULL;

	for_each_pci_dev(p) {
		if (s->class == 7)
			return p->is_virtfn ? NULL : p;
	}
	return NULL;
}

static int good_open(struct vfio_device *vdev)
{
	struct heron *s = heron_of(vdev);

	s->mate = mate_of(s);
	return s->mate ? 0 : -ENODEV;
}

static void good_close(struct vfio_device *vdev)
{
	pci_dev_put(heron_of(vdev)->mate);
}
TABLE(good);

static int bad_open(struct vfio_device *vdev)
{
	struct heron *s = heron_of(vdev);

	s->mate = other_of(s);
	return s->mate ? 0 : -ENODEV;
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the reference taken by 'for_each_pci_dev' is not given back when '.open_device' fails here, and core does not call '.close_device' then [vfio-open-contract]
}

static void bad_close(struct vfio_device *vdev)
{
	pci_dev_put(heron_of(vdev)->mate);
}
TABLE(bad);

static int node_read(struct heron *s)
{
	struct device_node *np = of_find_node_by_path("/heron");
	struct device_node *port, *each;
	int ret;

	if (!np)
		return -ENODEV;
	for_each_child_of_node(np, each)
		s->class++;
	port = of_get_child_by_name(np, "port");
	of_node_put(np);
	if (!port)
		return -ENODEV;
	ret = of_property_read_u32(port, "lanes", &s->lanes);
	of_node_put(port);
	return ret;
}

static int node_open(struct vfio_device *vdev)
{
	return node_read(heron_of(vdev));
}

static void node_close(struct vfio_device *vdev)
{
}
TABLE(node);

static int leaf_open(struct vfio_device *vdev)
{
	struct heron *s = heron_of(vdev);
	struct device_node *np = of_find_node_by_path("/heron");
	int ret;

	if (!np)
		return -ENODEV;
	ret = of_property_read_u32(np, "lanes", &s->lanes);
	if (ret)
		return ret;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the reference taken by 'of_find_node_by_path' is not given back when '.open_device' fails here, and core does not call '.close_device' then [vfio-open-contract]
	of_node_put(np);
	return 0;
}

static void leaf_close(struct vfio_device *vdev)
{
}
TABLE(leaf);

static const struct vfio_device_ops heron_ops = {
	.release = plain_release,
};
PLAIN_DRIVER(heron);
