/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_VMALLOC_H
#define MOCK_COMMON_LINUX_VMALLOC_H

#include <linux/overflow.h>
#include <linux/types.h>

struct vm_area_struct;

void *vmalloc(unsigned long size) __alloc_size(1);
void *vzalloc(unsigned long size) __alloc_size(1);
void *vmalloc_user(unsigned long size) __alloc_size(1);
void *vmalloc_node(unsigned long size, int node) __alloc_size(1);
void *vzalloc_node(unsigned long size, int node) __alloc_size(1);
void vfree(const void *addr);
void vfree_atomic(const void *addr);
int remap_vmalloc_range(struct vm_area_struct *vma, void *addr,
                        unsigned long pgoff);

#define VM_MAP 0x4
#define VM_MAP_PUT_PAGES 0x200
#define PAGE_KERNEL 0
struct page;
void *vmap(struct page **pages, unsigned int count, unsigned long flags,
           int prot);
void vunmap(const void *addr);

#endif /* MOCK_COMMON_LINUX_VMALLOC_H */
