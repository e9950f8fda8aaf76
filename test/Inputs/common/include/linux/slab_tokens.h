/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Allocations as 7.2 spells them: with a token, and an underscore. */
#ifndef MOCK_COMMON_LINUX_SLAB_TOKENS_H
#define MOCK_COMMON_LINUX_SLAB_TOKENS_H

#include <linux/slab.h>

static inline void *_kzalloc_noprof(size_t size, gfp_t flags, int token) {
  return kzalloc(size, flags);
}
static inline void *_kmalloc_array_noprof(size_t n, size_t size, gfp_t flags,
                                          int token) {
  return kmalloc_array(n, size, flags);
}

#define kzalloc(size, flags) _kzalloc_noprof(size, flags, sizeof(size))
#define kmalloc_array(n, size, flags) _kmalloc_array_noprof(n, size, flags, 0)

#endif
