/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_BITS_H
#define MOCK_COMMON_LINUX_BITS_H

#include <linux/const.h>

#endif /* MOCK_COMMON_LINUX_BITS_H */
