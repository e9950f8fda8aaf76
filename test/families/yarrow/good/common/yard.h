/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _YARD_H
#define _YARD_H

struct vfio_device;

void yard_sweep(struct vfio_device *core);

#endif
