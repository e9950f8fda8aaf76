/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_WAIT_H
#define MOCK_COMMON_LINUX_WAIT_H

#include <linux/list.h>
#include <linux/spinlock.h>

struct wait_queue_head {
  spinlock_t lock;
  struct list_head head;
};
typedef struct wait_queue_head wait_queue_head_t;
typedef struct wait_queue_entry {
  unsigned int flags;
  void *private;
  struct list_head entry;
} wait_queue_entry_t;

void init_waitqueue_head(wait_queue_head_t *wq);
void wake_up(wait_queue_head_t *wq);
void wake_up_all(wait_queue_head_t *wq);
void mock_wait(wait_queue_head_t *wq);
#define wait_event(wq, cond)                                                   \
  do {                                                                         \
    while (!(cond))                                                            \
      mock_wait(&(wq));                                                        \
  } while (0)

#endif /* MOCK_COMMON_LINUX_WAIT_H */
