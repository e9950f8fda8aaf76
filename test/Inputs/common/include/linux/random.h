/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_RANDOM_H
#define MOCK_COMMON_LINUX_RANDOM_H

unsigned int get_random_u32(void);

#endif /* MOCK_COMMON_LINUX_RANDOM_H */
