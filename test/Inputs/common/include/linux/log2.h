/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_LOG2_H
#define MOCK_COMMON_LINUX_LOG2_H

#define roundup_pow_of_two(n) (1UL << (64 - __builtin_clzl((n) - 1)))

#endif /* MOCK_COMMON_LINUX_LOG2_H */
