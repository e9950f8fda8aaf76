/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_6_2_LINUX_ALLOC_TAG_H
#define MOCK_6_2_LINUX_ALLOC_TAG_H

#include <linux/types.h>

/* The shape that 6.10 and later give to an allocation, profiling off. */
struct alloc_tag;

#define alloc_tag_save(tag) NULL
#define alloc_tag_restore(tag, old)                                            \
  do {                                                                         \
  } while (0)

#define alloc_hooks(do_alloc)                                                  \
  ({                                                                           \
    struct alloc_tag *__maybe_unused _old = alloc_tag_save(tag);               \
    typeof(do_alloc) _res = do_alloc;                                          \
    alloc_tag_restore(tag, _old);                                              \
    _res;                                                                      \
  })

#endif /* MOCK_6_2_LINUX_ALLOC_TAG_H */
