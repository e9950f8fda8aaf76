/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_6_2_LINUX_STRING_H
#define MOCK_6_2_LINUX_STRING_H

#include <linux/alloc_tag.h>
#include_next <linux/string.h>

void *kmemdup_noprof(const void *src, size_t len, gfp_t gfp);
#define kmemdup(...) alloc_hooks(kmemdup_noprof(__VA_ARGS__))

#endif /* MOCK_6_2_LINUX_STRING_H */
