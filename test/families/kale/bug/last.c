// SPDX-License-Identifier: GPL-2.0
#include "kale.h"

void kale_last(struct kref *users)
{
	kfree(container_of(users, struct kale, users));
}
