/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_DEBUGFS_H
#define MOCK_COMMON_LINUX_DEBUGFS_H

#include <linux/fs.h>
#include <linux/types.h>

struct dentry;
struct dentry *debugfs_create_dir(const char *name, struct dentry *parent);
struct file_operations;
struct dentry *debugfs_create_file(const char *name, umode_t mode,
                                   struct dentry *parent, void *data,
                                   const struct file_operations *fops);
void debugfs_create_u32(const char *name, umode_t mode, struct dentry *parent,
                        u32 *value);
void debugfs_remove_recursive(struct dentry *dentry);
#define debugfs_remove debugfs_remove_recursive

#endif /* MOCK_COMMON_LINUX_DEBUGFS_H */
