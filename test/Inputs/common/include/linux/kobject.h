/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_KOBJECT_H
#define MOCK_COMMON_LINUX_KOBJECT_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/sysfs.h>
#include <linux/types.h>

struct kset;
struct kobject;
struct kobj_type {
  void (*release)(struct kobject *kobj);
};
struct kobject {
  const char *name;
  struct list_head entry;
  struct kobject *parent;
  struct kref kref;
};
void kobject_init(struct kobject *kobj, const struct kobj_type *ktype);
int kobject_init_and_add(struct kobject *kobj, const struct kobj_type *ktype,
                         struct kobject *parent, const char *fmt, ...);
struct kobject *kobject_create_and_add(const char *name,
                                       struct kobject *parent);
struct kobject *kobject_get(struct kobject *kobj);
void kobject_put(struct kobject *kobj);

#endif /* MOCK_COMMON_LINUX_KOBJECT_H */
