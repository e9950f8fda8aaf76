/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_CDEV_H
#define MOCK_COMMON_LINUX_CDEV_H

struct cdev {
  unsigned int count;
};

#endif /* MOCK_COMMON_LINUX_CDEV_H */
