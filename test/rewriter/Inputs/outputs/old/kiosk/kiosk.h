/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KIOSK_H
#define KIOSK_H

struct kiosk {
	u32 shelf;
	struct vfio_device vdev;
	u8 *till;
};

#endif
