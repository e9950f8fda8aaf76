// SPDX-License-Identifier: GPL-2.0
#define ABACUS_INIT(a) vfio_init_group_dev(&(a)->vdev, (a)->dev, &abacus_ops)
