/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_IRQBYPASS_H
#define MOCK_COMMON_LINUX_IRQBYPASS_H

struct irq_bypass_producer {
  void *token;
};

#endif /* MOCK_COMMON_LINUX_IRQBYPASS_H */
