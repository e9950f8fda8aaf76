/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_COMPLETION_H
#define MOCK_COMMON_LINUX_COMPLETION_H

#include <linux/wait.h>

struct completion {
  unsigned int done;
  wait_queue_head_t wait;
};

void init_completion(struct completion *x);
void reinit_completion(struct completion *x);
void complete(struct completion *x);
void complete_all(struct completion *x);
void wait_for_completion(struct completion *x);
unsigned long wait_for_completion_timeout(struct completion *x,
                                          unsigned long timeout);
int __must_check wait_for_completion_interruptible(struct completion *x);
bool try_wait_for_completion(struct completion *x);
#define DECLARE_COMPLETION(work) struct completion work = {0}

#endif /* MOCK_COMMON_LINUX_COMPLETION_H */
