/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_CLEANUP_H
#define MOCK_COMMON_LINUX_CLEANUP_H

#include <linux/slab.h>

#define __free(name) __attribute__((cleanup(__free_##name)))

static inline void __free_kfree(void *p) {
  void *held = *(void **)p;

  if (held)
    kfree(held);
}

#define no_free_ptr(p)                                                         \
  ({                                                                           \
    __auto_type __held = (p);                                                  \
    (p) = NULL;                                                                \
    __held;                                                                    \
  })

#endif /* MOCK_COMMON_LINUX_CLEANUP_H */
