/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_LLIST_H
#define MOCK_COMMON_LINUX_LLIST_H

#include <linux/types.h>

struct llist_head {
	struct llist_node *first;
};

struct llist_node {
	struct llist_node *next;
};

#define LLIST_HEAD(name) struct llist_head name = { NULL }

bool llist_add(struct llist_node *item, struct llist_head *head);
struct llist_node *llist_del_all(struct llist_head *head);

#endif
