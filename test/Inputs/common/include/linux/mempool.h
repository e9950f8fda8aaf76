/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_MEMPOOL_H
#define MOCK_COMMON_LINUX_MEMPOOL_H

#include <linux/types.h>

typedef struct mempool_s {
  int min_nr;
} mempool_t;
mempool_t *mempool_create_kmalloc_pool(int min_nr, size_t size);
void mempool_destroy(mempool_t *pool);
int mempool_init_kmalloc_pool(mempool_t *pool, int min_nr, size_t size);
void mempool_exit(mempool_t *pool);

#endif /* MOCK_COMMON_LINUX_MEMPOOL_H */
