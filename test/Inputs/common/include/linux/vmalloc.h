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

#endif /* MOCK_COMMON_LINUX_VMALLOC_H */
