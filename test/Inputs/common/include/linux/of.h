/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_OF_H
#define MOCK_COMMON_LINUX_OF_H

#include <linux/types.h>

struct fwnode_handle {
  unsigned char flags;
};
struct device_node {
  const char *name;
  struct fwnode_handle fwnode;
};
#define of_fwnode_handle(node)                                                 \
  ({                                                                           \
    struct device_node *__of_fwnode_handle_node = (node);                      \
    __of_fwnode_handle_node ? &__of_fwnode_handle_node->fwnode : NULL;         \
  })
void fwnode_handle_put(struct fwnode_handle *fwnode);
struct device_node *of_node_get(struct device_node *node);
struct device_node *of_find_node_by_path(const char *path);
struct device_node *of_get_child_by_name(const struct device_node *node,
                                         const char *name);
struct device_node *of_get_next_child(const struct device_node *node,
                                      struct device_node *prev);
#define for_each_child_of_node(parent, child)                                  \
  for (child = of_get_next_child(parent, NULL); child != NULL;                 \
       child = of_get_next_child(parent, child))
void of_node_put(struct device_node *node);
int of_property_read_u32(const struct device_node *node, const char *name,
                         u32 *value);

#endif /* MOCK_COMMON_LINUX_OF_H */
