/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_IOMMU_H
#define MOCK_COMMON_LINUX_IOMMU_H

#include <linux/device.h>

struct iommu_group;
struct iommu_group *iommu_group_get(struct device *dev);
void iommu_group_put(struct iommu_group *group);

#endif /* MOCK_COMMON_LINUX_IOMMU_H */
