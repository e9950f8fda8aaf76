/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_SCATTERLIST_H
#define MOCK_COMMON_LINUX_SCATTERLIST_H

#include <linux/types.h>

struct sg_table {
  unsigned int nents;
};
int sg_alloc_table(struct sg_table *table, unsigned int nents, gfp_t gfp_mask);
void sg_free_table(struct sg_table *table);

#endif /* MOCK_COMMON_LINUX_SCATTERLIST_H */
