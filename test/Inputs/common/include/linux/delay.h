/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_DELAY_H
#define MOCK_COMMON_LINUX_DELAY_H

void msleep(unsigned int ms);
void udelay(unsigned long us);

#endif /* MOCK_COMMON_LINUX_DELAY_H */
