// RUN: %check_vfio %s vfio-open-contract,vfio-given-twice %t -gen=6.1,6.2 -expect-clean

/* What the kernel keeps, and returns or gives back with something else. */

#include "Inputs/lives.h"

struct label {
	struct vfio_device vdev;
	struct page **leaf;
	void *board, *ink;
	int line;
};

static irqreturn_t label_irq(int irq, void *data)
{
	return IRQ_HANDLED;
}

static int label_name(struct label *s)
{
	char *name = kstrdup("label", GFP_KERNEL);
	int ret;

	if (!name)
		return -ENOMEM;
	ret = request_irq(s->line, label_irq, 0, name, s);
	if (ret)
		kfree(name);
	return ret;
}

static int label_map(struct label *s)
{
	s->leaf = kvmalloc_array(1, sizeof(*s->leaf), GFP_KERNEL);
	if (!s->leaf)
		return -ENOMEM;
	s->leaf[0] = alloc_pages(GFP_KERNEL, 0);
	if (s->leaf[0])
		s->board = vmap(s->leaf, 1, VM_MAP | VM_MAP_PUT_PAGES,
				PAGE_KERNEL);
	if (s->leaf[0] && s->board)
		return 0;
	if (s->leaf[0])
		__free_pages(s->leaf[0], 0);
	kvfree(s->leaf);
	return -ENOMEM;
}

static int label_open(struct vfio_device *vdev)
{
	struct label *s = container_of(vdev, struct label, vdev);
	int ret = label_name(s);

	if (ret)
		return ret;
	ret = label_map(s);
	if (ret) {
		kfree(free_irq(s->line, s));
		return ret;
	}
	s->ink = kzalloc(8, GFP_KERNEL);
	if (s->ink)
		return 0;
	vfree(s->board);
	s->board = NULL;
	kfree(free_irq(s->line, s));
	return -ENOMEM;
}

static void label_close(struct vfio_device *vdev)
{
	struct label *s = container_of(vdev, struct label, vdev);

	kfree(s->ink);
	s->ink = NULL;
	vfree(s->board);
	s->board = NULL;
	kfree(free_irq(s->line, s));
}

static const struct vfio_device_ops label_ops = {
	IOMMUFD(emulated),
	.open_device = label_open,
	.close_device = label_close,
};
PLAIN_DRIVER(label);
