/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_JIFFIES_H
#define MOCK_COMMON_LINUX_JIFFIES_H

#define HZ 250
extern unsigned long volatile jiffies;
unsigned long msecs_to_jiffies(const unsigned int ms);

#endif /* MOCK_COMMON_LINUX_JIFFIES_H */
