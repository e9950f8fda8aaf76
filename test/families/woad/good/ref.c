// SPDX-License-Identifier: GPL-2.0
#include "woad.h"

void woad_ref(struct woad *w)
{
	refcount_inc(&w->users);
}

void woad_unref(struct woad *w)
{
	if (refcount_dec_and_test(&w->users))
		vfio_put_device(&w->vdev);
}
