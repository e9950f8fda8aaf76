/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_EXPORT_H
#define MOCK_COMMON_LINUX_EXPORT_H

#include <linux/compiler.h>

struct module;
extern struct module __this_module;
#define THIS_MODULE (&__this_module)

#define __MOCK_EXPORT(sym)                                                     \
  static const void *const __export_##sym __attribute__((used)) = &sym
#define EXPORT_SYMBOL(sym) __MOCK_EXPORT(sym)
#define EXPORT_SYMBOL_GPL(sym) __MOCK_EXPORT(sym)
#define EXPORT_SYMBOL_NS_GPL(sym, ns) __MOCK_EXPORT(sym)

#endif /* MOCK_COMMON_LINUX_EXPORT_H */
