/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_LOCKDEP_H
#define MOCK_COMMON_LINUX_LOCKDEP_H

#include <linux/mutex.h>

#endif /* MOCK_COMMON_LINUX_LOCKDEP_H */
