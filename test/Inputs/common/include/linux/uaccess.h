/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_UACCESS_H
#define MOCK_COMMON_LINUX_UACCESS_H

#include <linux/types.h>

unsigned long __must_check copy_to_user(void __user *to, const void *from,
                                        unsigned long n);
unsigned long __must_check copy_from_user(void *to, const void __user *from,
                                          unsigned long n);
ssize_t simple_read_from_buffer(void __user *to, size_t count, loff_t *ppos,
                                const void *from, size_t available);
ssize_t simple_write_to_buffer(void *to, size_t available, loff_t *ppos,
                               const void __user *from, size_t count);
#define put_user(x, ptr) (*(ptr) = (x), 0)
#define get_user(x, ptr) ((x) = *(ptr), 0)

#endif /* MOCK_COMMON_LINUX_UACCESS_H */
