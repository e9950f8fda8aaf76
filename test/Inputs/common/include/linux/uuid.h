/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_UUID_H
#define MOCK_COMMON_LINUX_UUID_H

#include <linux/types.h>

typedef struct {
  u8 b[16];
} guid_t;

#endif /* MOCK_COMMON_LINUX_UUID_H */
