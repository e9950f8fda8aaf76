// SPDX-License-Identifier: GPL-2.0
#include "orpine.h"

int debug_switch(struct orpine *o, bool on)
{
	o->on = on;
	if (on)
		return vfio_register_group_dev(&o->vdev);
	vfio_unregister_group_dev(&o->vdev);
	return 0;
}
