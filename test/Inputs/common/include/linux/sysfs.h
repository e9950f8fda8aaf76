/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_SYSFS_H
#define MOCK_COMMON_LINUX_SYSFS_H

#include <linux/kernel.h>
#include <linux/types.h>

struct kobject;
struct attribute {
  const char *name;
  umode_t mode;
};
struct attribute_group {
  const char *name;
  struct attribute **attrs;
};

#define __ATTR(aname, amode, ashow, astore)                                    \
  {.attr = {.name = #aname, .mode = amode}, .show = ashow, .store = astore}
#define ATTRIBUTE_GROUPS(name)                                                 \
  static const struct attribute_group name##_group = {.attrs = name##_attrs};  \
  static const struct attribute_group *name##_groups[] = {&name##_group, NULL}

int __must_check sysfs_create_group(struct kobject *kobj,
                                    const struct attribute_group *grp);
void sysfs_remove_group(struct kobject *kobj,
                        const struct attribute_group *grp);
int sysfs_emit(char *buf, const char *fmt, ...) __printf(2, 3);

#endif /* MOCK_COMMON_LINUX_SYSFS_H */
