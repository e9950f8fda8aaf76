/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_WORKQUEUE_H
#define MOCK_COMMON_LINUX_WORKQUEUE_H

#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/timer.h>
#include <linux/types.h>

struct work_struct;
typedef void (*work_func_t)(struct work_struct *work);

struct work_struct {
  unsigned long data;
  struct list_head entry;
  work_func_t func;
};

struct delayed_work {
  struct work_struct work;
  struct timer_list timer;
};

struct workqueue_struct;

#define INIT_WORK(w, f)                                                        \
  do {                                                                         \
    INIT_LIST_HEAD(&(w)->entry);                                               \
    (w)->func = (f);                                                           \
  } while (0)
#define INIT_DELAYED_WORK(w, f) INIT_WORK(&(w)->work, f)

bool schedule_work(struct work_struct *work);
bool schedule_delayed_work(struct delayed_work *work, unsigned long delay);
bool flush_work(struct work_struct *work);
bool cancel_work(struct work_struct *work);
bool cancel_work_sync(struct work_struct *work);
bool cancel_delayed_work(struct delayed_work *work);
bool cancel_delayed_work_sync(struct delayed_work *work);
struct delayed_work *to_delayed_work(struct work_struct *work);
struct workqueue_struct *alloc_workqueue(const char *fmt, unsigned int flags,
                                         int max_active, ...);
struct workqueue_struct *alloc_ordered_workqueue(const char *fmt,
                                                 unsigned int flags, ...);
bool queue_work(struct workqueue_struct *wq, struct work_struct *work);
void __flush_workqueue(struct workqueue_struct *wq);
void warn_of_shared_queue(void);
extern struct workqueue_struct *shared1, *shared2, *shared3, *shared4,
    *shared5, *shared6, *shared7;

/* As in 5.19 and later: it asks whether the queue is one of the kernel's own,
 * where that is known when the driver is built. */
#define is_surely(queue, shared)                                               \
  (__builtin_constant_p(queue == shared) && queue == shared)
#define flush_workqueue(queue)                                                 \
  ({                                                                           \
    struct workqueue_struct *_wq = (queue);                                    \
                                                                               \
    if (is_surely(_wq, shared1) || is_surely(_wq, shared2) ||                  \
        is_surely(_wq, shared3) || is_surely(_wq, shared4) ||                  \
        is_surely(_wq, shared5) || is_surely(_wq, shared6) ||                  \
        is_surely(_wq, shared7))                                               \
      warn_of_shared_queue();                                                  \
    __flush_workqueue(_wq);                                                    \
  })
void destroy_workqueue(struct workqueue_struct *wq);

#endif /* MOCK_COMMON_LINUX_WORKQUEUE_H */
