/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_AMBA_BUS_H
#define MOCK_COMMON_LINUX_AMBA_BUS_H

#include <linux/device.h>

#define AMBA_NR_IRQS 9

struct amba_device {
  struct device dev;
  struct resource res;
  unsigned int periphid;
  unsigned int irq[AMBA_NR_IRQS];
};

struct amba_driver {
  struct device_driver drv;
  int (*probe)(struct amba_device *, const struct amba_id *);
  void (*remove)(struct amba_device *);
  const struct amba_id *id_table;
  bool driver_managed_dma;
};

#define to_amba_device(d) container_of(d, struct amba_device, dev)
#define amba_get_drvdata(d) dev_get_drvdata(&(d)->dev)
#define amba_set_drvdata(d, p) dev_set_drvdata(&(d)->dev, p)

int amba_driver_register(struct amba_driver *drv);
void amba_driver_unregister(struct amba_driver *drv);
#define module_amba_driver(drv)                                                \
  module_driver(drv, amba_driver_register, amba_driver_unregister)

#endif /* MOCK_COMMON_LINUX_AMBA_BUS_H */
