/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_RWSEM_H
#define MOCK_COMMON_LINUX_RWSEM_H

#include <linux/list.h>
#include <linux/types.h>

struct rw_semaphore {
  atomic64_t count;
  struct list_head wait_list;
};

void init_rwsem(struct rw_semaphore *sem);
void down_read(struct rw_semaphore *sem);
void up_read(struct rw_semaphore *sem);
void down_write(struct rw_semaphore *sem);
void up_write(struct rw_semaphore *sem);

#endif /* MOCK_COMMON_LINUX_RWSEM_H */
