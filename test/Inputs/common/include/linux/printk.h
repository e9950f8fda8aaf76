/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_PRINTK_H
#define MOCK_COMMON_LINUX_PRINTK_H

#include <linux/compiler.h>

#define KERN_ERR "3"
#define KERN_WARNING "4"
#define KERN_INFO "6"
#ifndef pr_fmt
#define pr_fmt(fmt) fmt
#endif

int _printk(const char *fmt, ...) __printf(1, 2);
#define printk(fmt, ...) _printk(fmt, ##__VA_ARGS__)
#define pr_err(fmt, ...) printk(KERN_ERR pr_fmt(fmt), ##__VA_ARGS__)
#define pr_warn(fmt, ...) printk(KERN_WARNING pr_fmt(fmt), ##__VA_ARGS__)
#define pr_info(fmt, ...) printk(KERN_INFO pr_fmt(fmt), ##__VA_ARGS__)
#define pr_debug(fmt, ...) printk(pr_fmt(fmt), ##__VA_ARGS__)

#endif /* MOCK_COMMON_LINUX_PRINTK_H */
