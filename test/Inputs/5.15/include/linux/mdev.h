/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_5_15_LINUX_MDEV_H
#define MOCK_5_15_LINUX_MDEV_H

#include <linux/device.h>
#include <linux/rwsem.h>
#include <linux/uuid.h>

struct mdev_type;

struct mdev_device {
  struct device dev;
  guid_t uuid;
  void *driver_data;
  struct list_head next;
  struct mdev_type *type;
  bool active;
};

struct mdev_type {
  const char *sysfs_name;
  const char *pretty_name;
  struct mdev_parent *parent;
  struct kobject kobj;
  struct kobject *devices_kobj;
};

struct mdev_parent {
  struct device *dev;
  struct mdev_driver *mdev_driver;
  struct kset *mdev_types_kset;
  struct rw_semaphore unreg_sem;
  struct mdev_type **types;
  unsigned int nr_types;
  atomic_t available_instances;
};

static inline struct mdev_device *to_mdev_device(struct device *dev) {
  return container_of(dev, struct mdev_device, dev);
}

struct mdev_driver {
  const char *device_api;
  unsigned int max_instances;
  int (*probe)(struct mdev_device *dev);
  void (*remove)(struct mdev_device *dev);
  unsigned int (*get_available)(struct mdev_type *mtype);
  ssize_t (*show_description)(struct mdev_type *mtype, char *buf);
  struct device_driver driver;
};

int mdev_register_parent(struct mdev_parent *parent, struct device *dev,
                         struct mdev_driver *mdev_driver,
                         struct mdev_type **types, unsigned int nr_types);
void mdev_unregister_parent(struct mdev_parent *parent);
int mdev_register_driver(struct mdev_driver *drv);
void mdev_unregister_driver(struct mdev_driver *drv);

static inline struct device *mdev_dev(struct mdev_device *mdev) {
  return &mdev->dev;
}

/* What mdev.h had until 6.0 in place of mdev_register_parent(). */
struct mdev_parent_ops {
  struct module *owner;
  struct mdev_driver *device_driver;
  const struct attribute_group **dev_attr_groups;
  const struct attribute_group **mdev_attr_groups;
  struct attribute_group **supported_type_groups;
};

int mdev_register_device(struct device *dev, const struct mdev_parent_ops *ops);
void mdev_unregister_device(struct device *dev);
struct device *mdev_parent_dev(struct mdev_device *mdev);
unsigned int mdev_get_type_group_id(struct mdev_device *mdev);

static inline void *mdev_get_drvdata(struct mdev_device *mdev) {
  return mdev->driver_data;
}

static inline void mdev_set_drvdata(struct mdev_device *mdev, void *data) {
  mdev->driver_data = data;
}

static inline const guid_t *mdev_uuid(struct mdev_device *mdev) {
  return &mdev->uuid;
}

#endif /* MOCK_5_15_LINUX_MDEV_H */
