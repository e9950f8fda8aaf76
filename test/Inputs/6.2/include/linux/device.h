/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_6_2_LINUX_DEVICE_H
#define MOCK_6_2_LINUX_DEVICE_H

#include_next <linux/device.h>

DEFINE_FREE(put_device, struct device *, if (_T) put_device(_T))

#endif /* MOCK_6_2_LINUX_DEVICE_H */
