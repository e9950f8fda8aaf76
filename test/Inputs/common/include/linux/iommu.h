/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_IOMMU_H
#define MOCK_COMMON_LINUX_IOMMU_H

#include <linux/device.h>

struct iommu_group;
struct iommu_group *iommu_group_get(struct device *dev);
void iommu_group_put(struct iommu_group *group);
struct iommu_group *iommu_group_alloc(void);
bool device_iommu_mapped(struct device *dev);
int iommu_group_add_device(struct iommu_group *group, struct device *dev);
void iommu_group_remove_device(struct device *dev);

#define IOMMU_READ (1 << 0)
#define IOMMU_WRITE (1 << 1)

#endif /* MOCK_COMMON_LINUX_IOMMU_H */
