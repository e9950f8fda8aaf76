/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_6_2_LINUX_MUTEX_H
#define MOCK_6_2_LINUX_MUTEX_H

#include <linux/cleanup.h>
#include_next <linux/mutex.h>

DEFINE_GUARD(mutex, struct mutex *, mutex_lock(_T), mutex_unlock(_T))

#endif /* MOCK_6_2_LINUX_MUTEX_H */
