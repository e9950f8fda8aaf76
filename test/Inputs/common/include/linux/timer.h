/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_TIMER_H
#define MOCK_COMMON_LINUX_TIMER_H

#include <linux/list.h>

struct timer_list {
  struct hlist_node entry;
  unsigned long expires;
  void (*function)(struct timer_list *timer);
};

void timer_setup(struct timer_list *timer, void (*fn)(struct timer_list *),
                 unsigned int flags);
int mod_timer(struct timer_list *timer, unsigned long expires);
int timer_delete_sync(struct timer_list *timer);
int del_timer(struct timer_list *timer);
int del_timer_sync(struct timer_list *timer);

#endif /* MOCK_COMMON_LINUX_TIMER_H */
