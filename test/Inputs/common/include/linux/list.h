/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_LIST_H
#define MOCK_COMMON_LINUX_LIST_H

#include <linux/container_of.h>
#include <linux/types.h>

#define LIST_HEAD_INIT(name) {&(name), &(name)}
#define LIST_HEAD(name) struct list_head name = LIST_HEAD_INIT(name)

static inline void INIT_LIST_HEAD(struct list_head *list) {
  list->next = list;
  list->prev = list;
}

static inline void list_add(struct list_head *item, struct list_head *head) {
  item->next = head->next;
  item->prev = head;
  head->next->prev = item;
  head->next = item;
}

static inline void list_add_tail(struct list_head *item,
                                 struct list_head *head) {
  list_add(item, head->prev);
}

static inline void list_del(struct list_head *item) {
  item->next->prev = item->prev;
  item->prev->next = item->next;
}

static inline void list_del_init(struct list_head *item) {
  list_del(item);
  INIT_LIST_HEAD(item);
}

static inline void list_splice_init(struct list_head *list,
                                    struct list_head *head) {
  head->next = list->next;
  INIT_LIST_HEAD(list);
}

static inline int list_empty(const struct list_head *head) {
  return head->next == head;
}

#define list_entry(ptr, type, member) container_of(ptr, type, member)
#define list_first_entry(ptr, type, member)                                    \
  list_entry((ptr)->next, type, member)
#define list_next_entry(pos, member)                                           \
  list_entry((pos)->member.next, typeof(*(pos)), member)
#define list_for_each_entry(pos, head, member)                                 \
  for (pos = list_first_entry(head, typeof(*pos), member);                     \
       &pos->member != (head); pos = list_next_entry(pos, member))
#define list_for_each_entry_safe(pos, n, head, member)                         \
  for (pos = list_first_entry(head, typeof(*pos), member),                     \
      n = list_next_entry(pos, member);                                        \
       &pos->member != (head); pos = n, n = list_next_entry(n, member))

static inline void hlist_add_head(struct hlist_node *n, struct hlist_head *h) {
  n->next = h->first;
  h->first = n;
}
void hlist_del_init(struct hlist_node *n);
static inline void hash_del(struct hlist_node *n) { hlist_del_init(n); }

#endif /* MOCK_COMMON_LINUX_LIST_H */
