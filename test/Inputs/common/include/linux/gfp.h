/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_GFP_H
#define MOCK_COMMON_LINUX_GFP_H

#include <linux/types.h>

#define __GFP_ZERO ((gfp_t)0x100)
#define __GFP_NOWARN ((gfp_t)0x200)
#define GFP_KERNEL ((gfp_t)0xcc0)
#define GFP_KERNEL_ACCOUNT ((gfp_t)0x400cc0)
#define GFP_ATOMIC ((gfp_t)0xa20)
#define NUMA_NO_NODE (-1)

struct page;
struct page *alloc_pages(gfp_t gfp, unsigned int order);
void __free_pages(struct page *page, unsigned int order);
unsigned long __get_free_pages(gfp_t gfp, unsigned int order);
unsigned long get_zeroed_page(gfp_t gfp);
void free_pages(unsigned long addr, unsigned int order);
#define alloc_page(gfp) alloc_pages(gfp, 0)
#define __free_page(page) __free_pages(page, 0)
#define free_page(addr) free_pages(addr, 0)

#endif /* MOCK_COMMON_LINUX_GFP_H */
