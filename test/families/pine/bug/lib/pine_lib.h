/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _PINE_LIB_H
#define _PINE_LIB_H

#include <linux/vfio.h>

void pine_lib_exit(struct vfio_device *core);

#endif
