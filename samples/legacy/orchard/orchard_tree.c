// SPDX-License-Identifier: GPL-2.0
/*
 * Planting and felling.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "orchard.h"

/**
 * orchard_visit - visit the apples of a tree
 * @tree: the tree
 * @visit: what to do with each; ends the walk by anything but 0
 * @data: for @visit
 */
int orchard_visit(struct tree *tree, int (*visit)(size_t at, void *data), void *data)
{
	size_t at;
	int ret;

	for (at = 0; at < tree->size; at++) {
		ret = visit(at, data);
		if (ret)
			return ret;
	}
	return 0;
}

static int orchard_ripen(size_t at, void *data)
{
	struct tree *tree = data;

	tree->apples[at] = tree->id + at;
	return 0;
}

static struct tree *__orchard_plant(struct orchard *orchard, size_t size)
{
	struct tree *tree;
	int ret;

	tree = vzalloc(sizeof(*tree));
	if (!tree)
		return ERR_PTR(-ENOMEM);

	ret = idr_alloc(&orchard->trees, tree, 0, ORCHARD_TREES, GFP_KERNEL);
	if (ret < 0)
		goto out_free_tree;

	tree->id = ret;
	tree->orchard = orchard;
	tree->size = size;
	tree->apples = kzalloc(size, GFP_KERNEL);
	if (!tree->apples) {
		ret = -ENOMEM;
		goto out_remove_id;
	}
	orchard_visit(tree, orchard_ripen, tree);
	return tree;

out_remove_id:
	idr_remove(&orchard->trees, tree->id);
out_free_tree:
	vfree(tree);
	return ERR_PTR(ret);
}

/**
 * orchard_plant - grow a tree
 * @orchard: where it is to grow
 * @size: how many apples it shall have,
 *	at least one
 *
 * Takes the orchard's lock.
 *
 * Return: the tree, or an ERR_PTR.
 */
struct tree *orchard_plant(struct orchard *orchard, size_t size)
{
	struct tree *tree;

	mutex_lock(&orchard->lock);
	tree = __orchard_plant(orchard, size);
	mutex_unlock(&orchard->lock);
	return tree;
}

/* The tree is gone after this. */
void orchard_fell(struct tree *tree)
{
	struct orchard *orchard = tree->orchard;

	mutex_lock(&orchard->lock);
	idr_remove(&orchard->trees, tree->id);
	mutex_unlock(&orchard->lock);

	kfree(tree->apples);
	vfree(tree);
}
