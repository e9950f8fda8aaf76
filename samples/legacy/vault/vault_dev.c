// SPDX-License-Identifier: GPL-2.0
/*
 * Making and unmaking vaults.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/idr.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "vault.h"

static DEFINE_IDA(vault_ids);

/* A vault that starts with the contents of the idle one. */
struct vault *vault_create(struct device *dev, const struct vault *idle)
{
	struct vault *vt;
	int ret;

	vt = vzalloc(sizeof(*vt));
	if (!vt)
		return ERR_PTR(-ENOMEM);
	vfio_init_group_dev(&vt->vdev, dev, &vault_ops);

	ret = ida_alloc_max(&vault_ids, VAULT_MAX - 1, GFP_KERNEL);
	if (ret < 0)
		goto err_uninit;
	vt->id = ret;

	vt->cells = vzalloc(VAULT_CELLS);
	if (!vt->cells) {
		ret = -ENOMEM;
		goto err_id;
	}
	memcpy(vt->cells, idle->cells, VAULT_CELLS);
	return vt;

err_id:
	ida_free(&vault_ids, vt->id);
err_uninit:
	vfio_uninit_group_dev(&vt->vdev);
	vfree(vt);
	return ERR_PTR(ret);
}

void vault_destroy(struct vault *vt)
{
	vfree(vt->cells);
	ida_free(&vault_ids, vt->id);
	vfio_uninit_group_dev(&vt->vdev);
	vfree(vt);
}

/* The idle vault is a pattern for others. It never becomes a vfio device. */
struct vault *vault_create_idle(void)
{
	struct vault *vt;

	vt = vzalloc(sizeof(*vt));
	if (!vt)
		return ERR_PTR(-ENOMEM);

	vt->id = -1;
	vt->cells = vzalloc(VAULT_CELLS);
	if (!vt->cells) {
		vfree(vt);
		return ERR_PTR(-ENOMEM);
	}
	memset(vt->cells, 0x5a, VAULT_CELLS);
	return vt;
}

void vault_destroy_idle(struct vault *vt)
{
	vfree(vt->cells);
	vfree(vt);
}
