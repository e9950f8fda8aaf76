/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_BUG_H
#define MOCK_COMMON_LINUX_BUG_H

#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/types.h>

void mock_warn(const char *file, int line);

#define WARN_ON(cond)                                                          \
  ({                                                                           \
    int __ret_warn_on = !!(cond);                                              \
    if (unlikely(__ret_warn_on))                                               \
      mock_warn(__FILE__, __LINE__);                                           \
    unlikely(__ret_warn_on);                                                   \
  })
#define WARN_ON_ONCE(cond) WARN_ON(cond)
#define WARN(cond, ...) WARN_ON(cond)
#define WARN_ONCE(cond, ...) WARN_ON(cond)
#define BUG()                                                                  \
  do {                                                                         \
    mock_warn(__FILE__, __LINE__);                                             \
    __builtin_unreachable();                                                   \
  } while (0)
#define BUG_ON(cond)                                                           \
  do {                                                                         \
    if (unlikely(cond))                                                        \
      BUG();                                                                   \
  } while (0)

#endif /* MOCK_COMMON_LINUX_BUG_H */
