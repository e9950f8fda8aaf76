/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_MM_H
#define MOCK_COMMON_LINUX_MM_H

#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/types.h>

struct vm_area_struct;
struct vm_operations_struct {
  void (*open)(struct vm_area_struct *vma);
  void (*close)(struct vm_area_struct *vma);
};
struct vm_area_struct {
  const struct vm_operations_struct *vm_ops;
  unsigned long vm_start;
  unsigned long vm_end;
  unsigned long vm_pgoff;
  unsigned long vm_flags;
  void *vm_private_data;
};
#define VM_SHARED 0x8

#endif /* MOCK_COMMON_LINUX_MM_H */
