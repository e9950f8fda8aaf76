// SPDX-License-Identifier: GPL-2.0
#include "orpine.h"

int debug_switch(struct orpine *o, bool on)
{
	o->on = on;
	return on ? vfio_register_group_dev(&o->vdev) : 0;
}
