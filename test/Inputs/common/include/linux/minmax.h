/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_MINMAX_H
#define MOCK_COMMON_LINUX_MINMAX_H

#define min(a, b)                                                              \
  ({                                                                           \
    typeof(a) __min_a = (a);                                                   \
    typeof(b) __min_b = (b);                                                   \
    __min_a < __min_b ? __min_a : __min_b;                                     \
  })
#define max(a, b)                                                              \
  ({                                                                           \
    typeof(a) __max_a = (a);                                                   \
    typeof(b) __max_b = (b);                                                   \
    __max_a > __max_b ? __max_a : __max_b;                                     \
  })
#define min_t(type, a, b) min((type)(a), (type)(b))
#define max_t(type, a, b) max((type)(a), (type)(b))
#define clamp(v, lo, hi) min(max(v, lo), hi)
#define swap(a, b)                                                             \
  do {                                                                         \
    typeof(a) __tmp = (a);                                                     \
    (a) = (b);                                                                 \
    (b) = __tmp;                                                               \
  } while (0)

#endif /* MOCK_COMMON_LINUX_MINMAX_H */
