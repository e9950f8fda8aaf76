/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_KTHREAD_H
#define MOCK_COMMON_LINUX_KTHREAD_H

#include <linux/err.h>
#include <linux/types.h>

struct task_struct;
struct task_struct *kthread_create_on_node(int (*threadfn)(void *data),
                                           void *data, int node,
                                           const char namefmt[], ...);
int wake_up_process(struct task_struct *task);
int kthread_stop(struct task_struct *task);
bool kthread_should_stop(void);

#define kthread_run(threadfn, data, namefmt, ...)                              \
  ({                                                                           \
    struct task_struct *__k =                                                  \
        kthread_create_on_node(threadfn, data, -1, namefmt, ##__VA_ARGS__);    \
    if (!IS_ERR(__k))                                                          \
      wake_up_process(__k);                                                    \
    __k;                                                                       \
  })

#endif /* MOCK_COMMON_LINUX_KTHREAD_H */
