/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_TRANSITION_LINUX_VERSION_H
#define MOCK_TRANSITION_LINUX_VERSION_H

#define KERNEL_VERSION(a, b, c) (((a) << 16) + ((b) << 8) + (c))
#define LINUX_VERSION_CODE KERNEL_VERSION(6, 0, 0)

#endif /* MOCK_TRANSITION_LINUX_VERSION_H */
