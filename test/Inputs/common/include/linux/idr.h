/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_IDR_H
#define MOCK_COMMON_LINUX_IDR_H

#include <linux/gfp.h>
#include <linux/types.h>

struct ida {
  void *xa;
};
#define IDA_INIT(name) {0}
#define DEFINE_IDA(name) struct ida name = IDA_INIT(name)

int ida_alloc_range(struct ida *ida, unsigned int min, unsigned int max,
                    gfp_t gfp);
void ida_free(struct ida *ida, unsigned int id);
void ida_init(struct ida *ida);
void ida_destroy(struct ida *ida);

static inline int ida_alloc(struct ida *ida, gfp_t gfp) {
  return ida_alloc_range(ida, 0, ~0U, gfp);
}

static inline int ida_alloc_min(struct ida *ida, unsigned int min, gfp_t gfp) {
  return ida_alloc_range(ida, min, ~0U, gfp);
}

static inline int ida_alloc_max(struct ida *ida, unsigned int max, gfp_t gfp) {
  return ida_alloc_range(ida, 0, max, gfp);
}

static inline bool ida_is_empty(const struct ida *ida) { return !ida->xa; }

struct idr {
  void *xa;
};
#define DEFINE_IDR(name) struct idr name = {0}

void idr_init(struct idr *idr);
int idr_alloc(struct idr *idr, void *ptr, int start, int end, gfp_t gfp);
int idr_alloc_u32(struct idr *idr, void *ptr, u32 *id, unsigned long max,
                  gfp_t gfp);
void *idr_remove(struct idr *idr, unsigned long id);
void idr_destroy(struct idr *idr);
void *idr_find(const struct idr *idr, unsigned long id);

#endif /* MOCK_COMMON_LINUX_IDR_H */
