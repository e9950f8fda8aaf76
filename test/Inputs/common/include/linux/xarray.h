/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_XARRAY_H
#define MOCK_COMMON_LINUX_XARRAY_H

#include <linux/gfp.h>
#include <linux/types.h>

struct xarray {
  void *xa_head;
};
#define DEFINE_XARRAY(name) struct xarray name = {0}

void xa_init(struct xarray *xa);
int xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp);
void *xa_erase(struct xarray *xa, unsigned long index);
void *xa_load(struct xarray *xa, unsigned long index);
void *xa_find(struct xarray *xa, unsigned long *index);
#define xa_for_each(xa, index, entry)                                          \
  for (index = 0; (entry = xa_find(xa, &index)); index++)
struct xa_limit {
  u32 max, min;
};
int xa_alloc(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit,
             gfp_t gfp);
void *xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp);
static inline bool xa_is_err(const void *entry) {
  return ((unsigned long)entry & 3) == 2;
}
static inline int xa_err(void *entry) {
  return xa_is_err(entry) ? (long)entry >> 2 : 0;
}
void *xa_cmpxchg(struct xarray *xa, unsigned long index, void *old, void *entry,
                 gfp_t gfp);
void xa_release(struct xarray *xa, unsigned long index);
void xa_destroy(struct xarray *xa);

#endif /* MOCK_COMMON_LINUX_XARRAY_H */
