/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_IOVA_BITMAP_H
#define MOCK_COMMON_LINUX_IOVA_BITMAP_H

struct iova_bitmap;

#endif /* MOCK_COMMON_LINUX_IOVA_BITMAP_H */
