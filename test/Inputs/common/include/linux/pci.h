/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_PCI_H
#define MOCK_COMMON_LINUX_PCI_H

#include <linux/device.h>
#include <linux/io.h>

#define PCI_ANY_ID (~0)
#define PCI_STD_NUM_BARS 6
#define PCI_ID_F_VFIO_DRIVER_OVERRIDE 1

struct pci_bus;
struct pci_saved_state;

struct pci_dev {
  struct pci_bus *bus;
  unsigned int devfn;
  unsigned short vendor;
  unsigned short device;
  u8 revision;
  unsigned int irq;
  struct device dev;
  struct resource resource[PCI_STD_NUM_BARS + 1];
  unsigned int is_virtfn : 1;
};

typedef unsigned int pci_channel_state_t;
typedef unsigned int pci_ers_result_t;

struct pci_error_handlers {
  pci_ers_result_t (*error_detected)(struct pci_dev *dev,
                                     pci_channel_state_t error);
  pci_ers_result_t (*slot_reset)(struct pci_dev *dev);
};

struct pci_driver {
  const char *name;
  const struct pci_device_id *id_table;
  int (*probe)(struct pci_dev *dev, const struct pci_device_id *id);
  void (*remove)(struct pci_dev *dev);
  int (*sriov_configure)(struct pci_dev *dev, int num_vfs);
  const struct pci_error_handlers *err_handler;
  struct device_driver driver;
  bool driver_managed_dma;
};

#define to_pci_dev(n) container_of(n, struct pci_dev, dev)

#define PCI_DEVICE(vend, dev)                                                  \
  .vendor = (vend), .device = (dev), .subvendor = PCI_ANY_ID,                  \
  .subdevice = PCI_ANY_ID
#define PCI_DRIVER_OVERRIDE_DEVICE_VFIO(vend, dev)                             \
  .vendor = (vend), .device = (dev), .subvendor = PCI_ANY_ID,                  \
  .subdevice = PCI_ANY_ID, .override_only = PCI_ID_F_VFIO_DRIVER_OVERRIDE

static inline void *pci_get_drvdata(struct pci_dev *pdev) {
  return dev_get_drvdata(&pdev->dev);
}

static inline void pci_set_drvdata(struct pci_dev *pdev, void *data) {
  dev_set_drvdata(&pdev->dev, data);
}

#define pci_err(pdev, fmt, ...) dev_err(&(pdev)->dev, fmt, ##__VA_ARGS__)
#define pci_warn(pdev, fmt, ...) dev_warn(&(pdev)->dev, fmt, ##__VA_ARGS__)
#define pci_info(pdev, fmt, ...) dev_info(&(pdev)->dev, fmt, ##__VA_ARGS__)
#define pci_dbg(pdev, fmt, ...) dev_dbg(&(pdev)->dev, fmt, ##__VA_ARGS__)

const char *pci_name(const struct pci_dev *pdev);
int __must_check pci_enable_device(struct pci_dev *dev);
void pci_disable_device(struct pci_dev *dev);
void pci_set_master(struct pci_dev *dev);
struct pci_dev *pci_dev_get(struct pci_dev *dev);
struct pci_dev *pci_get_device(unsigned int vendor, unsigned int device,
                               struct pci_dev *from);
#define for_each_pci_dev(d)                                                    \
  while ((d = pci_get_device(~0U, ~0U, d)) != NULL)
void pci_dev_put(struct pci_dev *dev);
struct pci_dev *pci_physfn(struct pci_dev *dev);
void __iomem *pci_iomap(struct pci_dev *dev, int bar, unsigned long max);
void pci_iounmap(struct pci_dev *dev, void __iomem *addr);
int pci_read_config_word(const struct pci_dev *dev, int where, u16 *val);
int pci_find_capability(struct pci_dev *dev, int cap);
#define pci_resource_start(dev, bar) ((dev)->resource[(bar)].start)
#define pci_resource_len(dev, bar) resource_size(&(dev)->resource[(bar)])

int __pci_register_driver(struct pci_driver *drv, struct module *owner,
                          const char *name);
void pci_unregister_driver(struct pci_driver *drv);
#define pci_register_driver(drv)                                               \
  __pci_register_driver(drv, THIS_MODULE, KBUILD_MODNAME)
#define module_pci_driver(drv)                                                 \
  module_driver(drv, pci_register_driver, pci_unregister_driver)

#endif /* MOCK_COMMON_LINUX_PCI_H */
