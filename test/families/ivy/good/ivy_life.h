/* SPDX-License-Identifier: GPL-2.0 */
static inline void ivy_quit(struct ivy *i)
{
	i->dead = true;
	vfio_put_device(&i->vdev);
}
