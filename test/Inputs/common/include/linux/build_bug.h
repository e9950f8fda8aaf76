/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_BUILD_BUG_H
#define MOCK_COMMON_LINUX_BUILD_BUG_H

#include <linux/compiler.h>

/* Zero when e is zero, and no compilation otherwise. */
#define BUILD_BUG_ON_ZERO(e) ((int)(sizeof(struct { int : (-!!(e)); })))
#define BUILD_BUG_ON_MSG(cond, msg) _Static_assert(!(cond), msg)
#define BUILD_BUG_ON(cond) BUILD_BUG_ON_MSG(cond, "BUILD_BUG_ON failed: " #cond)
#define static_assert(cond, ...) _Static_assert(cond, "" __VA_ARGS__)

#endif /* MOCK_COMMON_LINUX_BUILD_BUG_H */
