/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_IO_H
#define MOCK_COMMON_LINUX_IO_H

#include <linux/types.h>

void __iomem *ioremap(phys_addr_t offset, size_t size);
void iounmap(volatile void __iomem *addr);
u32 readl(const volatile void __iomem *addr);
u64 readq(const volatile void __iomem *addr);
void writel(u32 value, volatile void __iomem *addr);
void writeq(u64 value, volatile void __iomem *addr);
u32 ioread32(const void __iomem *addr);
void iowrite32(u32 value, void __iomem *addr);

#endif /* MOCK_COMMON_LINUX_IO_H */
