/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KIOSK_H
#define KIOSK_H

struct kiosk {
	struct vfio_device vdev;
	u32 shelf;
	u8 *till;
};

#endif
