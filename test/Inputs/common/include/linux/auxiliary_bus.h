/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_AUXILIARY_BUS_H
#define MOCK_COMMON_LINUX_AUXILIARY_BUS_H

#include <linux/device.h>

struct auxiliary_device {
  struct device dev;
  const char *name;
  u32 id;
};

struct auxiliary_driver {
  int (*probe)(struct auxiliary_device *auxdev,
               const struct auxiliary_device_id *id);
  void (*remove)(struct auxiliary_device *auxdev);
  const char *name;
  struct device_driver driver;
  const struct auxiliary_device_id *id_table;
};

static inline struct auxiliary_device *to_auxiliary_dev(struct device *dev) {
  return container_of(dev, struct auxiliary_device, dev);
}

static inline void *auxiliary_get_drvdata(struct auxiliary_device *auxdev) {
  return dev_get_drvdata(&auxdev->dev);
}

static inline void auxiliary_set_drvdata(struct auxiliary_device *auxdev,
                                         void *data) {
  dev_set_drvdata(&auxdev->dev, data);
}

int auxiliary_device_init(struct auxiliary_device *auxdev);
int __auxiliary_device_add(struct auxiliary_device *auxdev,
                           const char *modname);
#define auxiliary_device_add(auxdev)                                           \
  __auxiliary_device_add(auxdev, KBUILD_MODNAME)

static inline void auxiliary_device_uninit(struct auxiliary_device *auxdev) {
  put_device(&auxdev->dev);
}

static inline void auxiliary_device_delete(struct auxiliary_device *auxdev) {
  device_del(&auxdev->dev);
}

int __auxiliary_driver_register(struct auxiliary_driver *drv,
                                struct module *owner, const char *modname);
void auxiliary_driver_unregister(struct auxiliary_driver *drv);
#define auxiliary_driver_register(drv)                                         \
  __auxiliary_driver_register(drv, THIS_MODULE, KBUILD_MODNAME)
#define module_auxiliary_driver(drv)                                           \
  module_driver(drv, auxiliary_driver_register, auxiliary_driver_unregister)

#endif /* MOCK_COMMON_LINUX_AUXILIARY_BUS_H */
