// SPDX-License-Identifier: GPL-2.0
#include "madder.h"

static void plain_off(struct madder *m)
{
	m->gate = 0;
	vfio_put_device(&m->vdev);
}

static void fancy_off(struct madder *m)
{
	m->gate = 2;
	vfio_put_device(&m->vdev);
}

const struct madder_kind madder_kinds[2] = {
	{ "plain", plain_off },
	{ "fancy", fancy_off },
};
