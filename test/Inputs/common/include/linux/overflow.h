/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_OVERFLOW_H
#define MOCK_COMMON_LINUX_OVERFLOW_H

#include <linux/compiler.h>
#include <linux/types.h>

#define check_mul_overflow(a, b, d) __builtin_mul_overflow(a, b, d)
#define check_add_overflow(a, b, d) __builtin_add_overflow(a, b, d)

static inline size_t __must_check size_mul(size_t a, size_t b) {
  size_t bytes;

  return check_mul_overflow(a, b, &bytes) ? (size_t)-1 : bytes;
}

static inline size_t __must_check size_add(size_t a, size_t b) {
  size_t bytes;

  return check_add_overflow(a, b, &bytes) ? (size_t)-1 : bytes;
}

#define array_size(n, size) size_mul(n, size)
#define struct_size(p, member, n)                                              \
  size_add(sizeof(*(p)), size_mul(n, sizeof(*(p)->member)))

#endif /* MOCK_COMMON_LINUX_OVERFLOW_H */
