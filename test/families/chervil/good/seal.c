// SPDX-License-Identifier: GPL-2.0
#include "chervil.h"

void seal_store(struct chervil *c)
{
	memzero_explicit(c->store, c->size);
}
