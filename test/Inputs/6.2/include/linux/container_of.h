/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_6_2_LINUX_CONTAINER_OF_H
#define MOCK_6_2_LINUX_CONTAINER_OF_H

#include_next <linux/container_of.h>

#define container_of_const(ptr, type, member)                                  \
  _Generic(ptr,                                                                \
      const typeof(*(ptr)) *: ((const type *)container_of(ptr, type, member)), \
      default: ((type *)container_of(ptr, type, member)))

#endif /* MOCK_6_2_LINUX_CONTAINER_OF_H */
