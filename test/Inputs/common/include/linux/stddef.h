/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_STDDEF_H
#define MOCK_COMMON_LINUX_STDDEF_H

#undef NULL
#define NULL ((void *)0)
#undef offsetof
#define offsetof(type, member) __builtin_offsetof(type, member)
#define offsetofend(type, member)                                              \
  (offsetof(type, member) + sizeof(((type *)0)->member))
#define sizeof_field(type, member) sizeof((((type *)0)->member))

#endif /* MOCK_COMMON_LINUX_STDDEF_H */
