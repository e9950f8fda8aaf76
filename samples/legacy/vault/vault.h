/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VAULT_H
#define VAULT_H

#include <linux/vfio.h>

#define VAULT_CELLS	(4 * PAGE_SIZE)
#define VAULT_MAX	8

/**
 * struct vault - cells that only one user may open
 * @vdev: what user space opens; not used in the idle vault
 * @id: number of the vault; -1 for the idle one
 * @cells: VAULT_CELLS bytes
 */
struct vault {
	struct vfio_device vdev;
	int id;
	u8 *cells;
};

extern const struct vfio_device_ops vault_ops;

struct vault *vault_create(struct device *dev, const struct vault *idle);
void vault_destroy(struct vault *vt);
struct vault *vault_create_idle(void);
void vault_destroy_idle(struct vault *vt);

#endif /* VAULT_H */
