// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

#include "pine_lib.h"

void pine_lib_exit(struct vfio_device *core)
{
	pr_debug("%p\n", core);
}
EXPORT_SYMBOL_GPL(pine_lib_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("pine_lib");
