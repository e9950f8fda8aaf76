/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_MODULE_H
#define MOCK_COMMON_LINUX_MODULE_H

#include <linux/compiler.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/moduleparam.h>
#include <linux/types.h>

#ifndef KBUILD_MODNAME
#define KBUILD_MODNAME "mock"
#endif

#define module_init(fn)                                                        \
  static const initcall_t __initcall_##fn __attribute__((used)) = fn
#define module_exit(fn)                                                        \
  static const exitcall_t __exitcall_##fn __attribute__((used)) = fn

#define __MODULE_CAT2(a, b) a##b
#define __MODULE_CAT(a, b) __MODULE_CAT2(a, b)
#define MODULE_INFO(tag, text)                                                 \
  static const char __MODULE_CAT(__modinfo_##tag, __COUNTER__)[]               \
      __attribute__((used)) = text
#define MODULE_LICENSE(text) MODULE_INFO(license, text)
#define MODULE_AUTHOR(text) MODULE_INFO(author, text)
#define MODULE_DESCRIPTION(text) MODULE_INFO(description, text)
#define MODULE_VERSION(text) MODULE_INFO(version, text)
#define MODULE_ALIAS(text) MODULE_INFO(alias, text)
#define MODULE_SOFTDEP(text) MODULE_INFO(softdep, text)
#define MODULE_IMPORT_NS(ns) MODULE_INFO(import_ns, #ns)
#define MODULE_DEVICE_TABLE(type, table)                                       \
  static const void *const __mod_##type##_##table __attribute__((used)) = &table

bool try_module_get(struct module *module);
void module_put(struct module *module);

#endif /* MOCK_COMMON_LINUX_MODULE_H */
