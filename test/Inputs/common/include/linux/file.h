/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_FILE_H
#define MOCK_COMMON_LINUX_FILE_H

#include <linux/fs.h>
void fput(struct file *file);
int get_unused_fd_flags(unsigned int flags);
void put_unused_fd(unsigned int fd);
void fd_install(unsigned int fd, struct file *file);

#endif /* MOCK_COMMON_LINUX_FILE_H */
