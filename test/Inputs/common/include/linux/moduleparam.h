/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_MODULEPARAM_H
#define MOCK_COMMON_LINUX_MODULEPARAM_H

#include <linux/compiler.h>
#include <linux/types.h>

struct kernel_param {
  const char *name;
  const u16 perm;
  void *arg;
};
#define module_param_named(name, value, type, perm)                            \
  static const struct kernel_param __param_##name __attribute__((used)) = {    \
      #name, perm, &(value)}
#define module_param(name, type, perm)                                         \
  module_param_named(name, name, type, perm)
#define MODULE_PARM_DESC(name, desc)                                           \
  static const char __parm_desc_##name[] __attribute__((used)) = desc

#endif /* MOCK_COMMON_LINUX_MODULEPARAM_H */
