/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_CONTAINER_OF_H
#define MOCK_COMMON_LINUX_CONTAINER_OF_H

#include <linux/build_bug.h>
#include <linux/types.h>

#define container_of(ptr, type, member)                                        \
  ({                                                                           \
    void *__mptr = (void *)(ptr);                                              \
    static_assert(__same_type(*(ptr), ((type *)0)->member) ||                  \
                      __same_type(*(ptr), void),                               \
                  "container_of() of another type");                           \
    ((type *)(__mptr - offsetof(type, member)));                               \
  })

#endif /* MOCK_COMMON_LINUX_CONTAINER_OF_H */
