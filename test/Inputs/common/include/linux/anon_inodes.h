/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_ANON_INODES_H
#define MOCK_COMMON_LINUX_ANON_INODES_H

#include <linux/fs.h>
struct file *anon_inode_getfile(const char *name,
                                const struct file_operations *fops, void *priv,
                                int flags);

#endif /* MOCK_COMMON_LINUX_ANON_INODES_H */
