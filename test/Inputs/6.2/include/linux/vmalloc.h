/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_6_2_LINUX_VMALLOC_H
#define MOCK_6_2_LINUX_VMALLOC_H

#include <linux/alloc_tag.h>
#include <linux/overflow.h>
#include <linux/types.h>

struct vm_area_struct;

void *vmalloc_noprof(unsigned long size) __alloc_size(1);
void *vzalloc_noprof(unsigned long size) __alloc_size(1);
void *vmalloc_user_noprof(unsigned long size) __alloc_size(1);
void *vmalloc_node_noprof(unsigned long size, int node) __alloc_size(1);
void *vzalloc_node_noprof(unsigned long size, int node) __alloc_size(1);
#define vmalloc(...) alloc_hooks(vmalloc_noprof(__VA_ARGS__))
#define vzalloc(...) alloc_hooks(vzalloc_noprof(__VA_ARGS__))
#define vmalloc_user(...) alloc_hooks(vmalloc_user_noprof(__VA_ARGS__))
#define vmalloc_node(...) alloc_hooks(vmalloc_node_noprof(__VA_ARGS__))
#define vzalloc_node(...) alloc_hooks(vzalloc_node_noprof(__VA_ARGS__))
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

#endif /* MOCK_6_2_LINUX_VMALLOC_H */
