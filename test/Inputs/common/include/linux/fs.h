/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_FS_H
#define MOCK_COMMON_LINUX_FS_H

#include <linux/types.h>

struct file {
  void *private_data;
};
struct inode {
  void *i_private;
};
struct file_operations {
  struct module *owner;
  int (*open)(struct inode *inode, struct file *file);
  int (*release)(struct inode *inode, struct file *file);
  ssize_t (*read)(struct file *file, char __user *buf, size_t count,
                  loff_t *ppos);
};

#endif /* MOCK_COMMON_LINUX_FS_H */
