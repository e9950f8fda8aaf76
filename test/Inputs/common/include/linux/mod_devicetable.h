/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_MOD_DEVICETABLE_H
#define MOCK_COMMON_LINUX_MOD_DEVICETABLE_H

#include <linux/types.h>

#define AUXILIARY_NAME_SIZE 32
#define PLATFORM_NAME_SIZE 20

struct auxiliary_device_id {
  char name[AUXILIARY_NAME_SIZE];
  unsigned long driver_data;
};
struct platform_device_id {
  char name[PLATFORM_NAME_SIZE];
  unsigned long driver_data;
};
struct pci_device_id {
  u32 vendor, device, subvendor, subdevice;
  u32 class, class_mask;
  unsigned long driver_data;
  u32 override_only;
};
struct amba_id {
  unsigned int id;
  unsigned int mask;
  void *data;
};
struct of_device_id {
  char name[32];
  char type[32];
  char compatible[128];
  const void *data;
};

#endif /* MOCK_COMMON_LINUX_MOD_DEVICETABLE_H */
