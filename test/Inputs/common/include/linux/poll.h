/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_POLL_H
#define MOCK_COMMON_LINUX_POLL_H

typedef struct poll_table_struct {
  unsigned long key;
} poll_table;

#endif /* MOCK_COMMON_LINUX_POLL_H */
