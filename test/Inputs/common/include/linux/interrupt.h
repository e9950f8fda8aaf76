/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_INTERRUPT_H
#define MOCK_COMMON_LINUX_INTERRUPT_H

#include <linux/types.h>

typedef int irqreturn_t;
#define IRQ_HANDLED 1
#define IRQ_NONE 0
typedef irqreturn_t (*irq_handler_t)(int irq, void *data);
int __must_check request_irq(unsigned int irq, irq_handler_t handler,
                             unsigned long flags, const char *name, void *data);
int __must_check request_threaded_irq(unsigned int irq, irq_handler_t handler,
                                      irq_handler_t thread, unsigned long flags,
                                      const char *name, void *data);
struct device;
int __must_check devm_request_irq(struct device *dev, unsigned int irq,
                                  irq_handler_t handler, unsigned long flags,
                                  const char *name, void *data);
const void *free_irq(unsigned int irq, void *data);
void disable_irq(unsigned int irq);

#endif /* MOCK_COMMON_LINUX_INTERRUPT_H */
