/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_BITMAP_H
#define MOCK_COMMON_LINUX_BITMAP_H

#include <linux/bitops.h>
#include <linux/gfp.h>

unsigned long *bitmap_zalloc(unsigned int nbits, gfp_t flags);
void bitmap_free(const unsigned long *bitmap);
void bitmap_zero(unsigned long *dst, unsigned int nbits);

#endif /* MOCK_COMMON_LINUX_BITMAP_H */
