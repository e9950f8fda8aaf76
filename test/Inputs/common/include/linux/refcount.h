/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_REFCOUNT_H
#define MOCK_COMMON_LINUX_REFCOUNT_H

#include <linux/atomic.h>
#include <linux/types.h>

typedef struct refcount_struct {
  atomic_t refs;
} refcount_t;

void refcount_set(refcount_t *r, int n);
unsigned int refcount_read(const refcount_t *r);
void refcount_inc(refcount_t *r);
bool __must_check refcount_inc_not_zero(refcount_t *r);
bool __must_check refcount_dec_and_test(refcount_t *r);

#endif /* MOCK_COMMON_LINUX_REFCOUNT_H */
