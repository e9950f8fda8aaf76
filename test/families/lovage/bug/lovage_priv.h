/* SPDX-License-Identifier: GPL-2.0 */
static inline struct lovage_peer *to_lovage(struct vfio_device *core)
{
	return container_of(core, struct lovage_peer, vdev);
}
