/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_DEVICE_DRIVER_H
#define MOCK_COMMON_LINUX_DEVICE_DRIVER_H

#include <linux/device.h>

#endif /* MOCK_COMMON_LINUX_DEVICE_DRIVER_H */
