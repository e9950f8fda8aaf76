/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_DEVICE_H
#define MOCK_COMMON_LINUX_DEVICE_H

#include <linux/container_of.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/ioport.h>
#include <linux/kobject.h>
#include <linux/list.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/overflow.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/types.h>

struct device_driver;
struct iommu_group;
struct module;
struct bus_type {
  const char *name;
};
struct class;

struct device {
  struct kobject kobj;
  struct device *parent;
  const char *init_name;
  const struct bus_type *bus;
  struct device_driver *driver;
  void *platform_data;
  void *driver_data;
  struct mutex mutex;
  u64 *dma_mask;
  struct list_head devres_head;
  const struct class *class;
  const struct attribute_group **groups;
  void (*release)(struct device *dev);
  struct iommu_group *iommu_group;
  int numa_node;
};

struct device_driver {
  const char *name;
  const struct bus_type *bus;
  struct module *owner;
  const char *mod_name;
  bool suppress_bind_attrs;
  const struct of_device_id *of_match_table;
  const struct attribute_group **groups;
  const struct attribute_group **dev_groups;
};

struct device_attribute {
  struct attribute attr;
  ssize_t (*show)(struct device *dev, struct device_attribute *attr, char *buf);
  ssize_t (*store)(struct device *dev, struct device_attribute *attr,
                   const char *buf, size_t count);
};
#define DEVICE_ATTR_RO(name)                                                   \
  struct device_attribute dev_attr_##name =                                    \
      __ATTR(name, 0444, name##_show, NULL)
#define DEVICE_ATTR_RW(name)                                                   \
  struct device_attribute dev_attr_##name =                                    \
      __ATTR(name, 0644, name##_show, name##_store)

static inline void *dev_get_drvdata(const struct device *dev) {
  return dev->driver_data;
}

static inline void dev_set_drvdata(struct device *dev, void *data) {
  dev->driver_data = data;
}

static inline int dev_to_node(struct device *dev) { return dev->numa_node; }

const char *dev_name(const struct device *dev);
int dev_set_name(struct device *dev, const char *fmt, ...) __printf(2, 3);
void device_initialize(struct device *dev);
int __must_check device_add(struct device *dev);
void device_del(struct device *dev);
int __must_check device_register(struct device *dev);
void device_unregister(struct device *dev);
struct device *get_device(struct device *dev);
void put_device(struct device *dev);
int device_create_file(struct device *dev, const struct device_attribute *attr);
void device_remove_file(struct device *dev,
                        const struct device_attribute *attr);
int __must_check device_add_groups(struct device *dev,
                                   const struct attribute_group **groups);
void device_remove_groups(struct device *dev,
                          const struct attribute_group **groups);
int device_for_each_child(struct device *dev, void *data,
                          int (*fn)(struct device *dev, void *data));
struct device *__root_device_register(const char *name, struct module *owner);
void root_device_unregister(struct device *dev);
#define root_device_register(name) __root_device_register(name, THIS_MODULE)
int driver_register(struct device_driver *drv);
void driver_unregister(struct device_driver *drv);

void _dev_err(const struct device *dev, const char *fmt, ...) __printf(2, 3);
void _dev_warn(const struct device *dev, const char *fmt, ...) __printf(2, 3);
void _dev_info(const struct device *dev, const char *fmt, ...) __printf(2, 3);
#define dev_err(dev, fmt, ...) _dev_err(dev, fmt, ##__VA_ARGS__)
#define dev_warn(dev, fmt, ...) _dev_warn(dev, fmt, ##__VA_ARGS__)
#define dev_info(dev, fmt, ...) _dev_info(dev, fmt, ##__VA_ARGS__)
#define dev_dbg(dev, fmt, ...) _dev_info(dev, fmt, ##__VA_ARGS__)
int dev_err_probe(const struct device *dev, int err, const char *fmt, ...)
    __printf(3, 4);

void *devm_kmalloc(struct device *dev, size_t size, gfp_t gfp);
void devm_kfree(struct device *dev, const void *p);
char *devm_kstrdup(struct device *dev, const char *s, gfp_t gfp);
void *devm_kmemdup(struct device *dev, const void *src, size_t len, gfp_t gfp);
char *devm_kasprintf(struct device *dev, gfp_t gfp, const char *fmt, ...)
    __printf(3, 4);

static inline void *devm_kzalloc(struct device *dev, size_t size, gfp_t gfp) {
  return devm_kmalloc(dev, size, gfp | __GFP_ZERO);
}

static inline void *devm_kmalloc_array(struct device *dev, size_t n,
                                       size_t size, gfp_t gfp) {
  return devm_kmalloc(dev, size_mul(n, size), gfp);
}

static inline void *devm_kcalloc(struct device *dev, size_t n, size_t size,
                                 gfp_t gfp) {
  return devm_kmalloc_array(dev, n, size, gfp | __GFP_ZERO);
}

#include <linux/device/action.h>

void devm_remove_action(struct device *dev, void (*action)(void *), void *data);
void devm_release_action(struct device *dev, void (*action)(void *),
                         void *data);

#define module_driver(drv, reg, unreg, ...)                                    \
  static int __init drv##_init(void) { return reg(&(drv), ##__VA_ARGS__); }    \
  module_init(drv##_init);                                                     \
  static void __exit drv##_exit(void) { unreg(&(drv), ##__VA_ARGS__); }        \
  module_exit(drv##_exit)

#endif /* MOCK_COMMON_LINUX_DEVICE_H */
