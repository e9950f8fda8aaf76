/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_FILE_H
#define MOCK_COMMON_LINUX_FILE_H

#include <linux/fs.h>
void fput(struct file *file);

#endif /* MOCK_COMMON_LINUX_FILE_H */
