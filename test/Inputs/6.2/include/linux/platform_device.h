/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_6_2_LINUX_PLATFORM_DEVICE_H
#define MOCK_6_2_LINUX_PLATFORM_DEVICE_H

#include <linux/device.h>

struct platform_device {
  const char *name;
  int id;
  struct device dev;
  u32 num_resources;
  struct resource *resource;
};

struct platform_driver {
  int (*probe)(struct platform_device *);
  union {
    void (*remove)(struct platform_device *);
    void (*remove_new)(struct platform_device *);
  };
  struct device_driver driver;
  const struct platform_device_id *id_table;
  bool driver_managed_dma;
};

#define to_platform_device(x) container_of((x), struct platform_device, dev)

static inline void *platform_get_drvdata(const struct platform_device *pdev) {
  return dev_get_drvdata(&pdev->dev);
}

static inline void platform_set_drvdata(struct platform_device *pdev,
                                        void *data) {
  dev_set_drvdata(&pdev->dev, data);
}

struct resource *platform_get_resource(struct platform_device *pdev,
                                       unsigned int type, unsigned int n);
int platform_get_irq(struct platform_device *pdev, unsigned int n);
int platform_get_irq_optional(struct platform_device *pdev, unsigned int n);
struct platform_device *platform_device_alloc(const char *name, int id);
int platform_device_add(struct platform_device *pdev);
void platform_device_put(struct platform_device *pdev);
struct platform_device *
platform_device_register_simple(const char *name, int id,
                                const struct resource *res, unsigned int num);
void platform_device_unregister(struct platform_device *pdev);
int __platform_driver_register(struct platform_driver *drv,
                               struct module *owner);
void platform_driver_unregister(struct platform_driver *drv);
#define platform_driver_register(drv)                                          \
  __platform_driver_register(drv, THIS_MODULE)
#define module_platform_driver(drv)                                            \
  module_driver(drv, platform_driver_register, platform_driver_unregister)

#endif /* MOCK_6_2_LINUX_PLATFORM_DEVICE_H */
