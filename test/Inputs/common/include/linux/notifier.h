/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_NOTIFIER_H
#define MOCK_COMMON_LINUX_NOTIFIER_H

struct notifier_block {
  int (*notifier_call)(struct notifier_block *nb, unsigned long action,
                       void *data);
  struct notifier_block *next;
  int priority;
};
#define NOTIFY_DONE 0
#define NOTIFY_OK 1
struct blocking_notifier_head {
  struct notifier_block *head;
};
int blocking_notifier_chain_register(struct blocking_notifier_head *nh,
                                     struct notifier_block *nb);
int blocking_notifier_chain_unregister(struct blocking_notifier_head *nh,
                                       struct notifier_block *nb);

#endif /* MOCK_COMMON_LINUX_NOTIFIER_H */
