// SPDX-License-Identifier: GPL-2.0
#include "galega.h"

void copy_out(struct galega *g)
{
	vfio_pci_core_unregister_device(&g->core);
	g->vf_id = 0;
}
