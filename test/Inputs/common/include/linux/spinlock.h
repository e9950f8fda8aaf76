/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_SPINLOCK_H
#define MOCK_COMMON_LINUX_SPINLOCK_H

#include <linux/types.h>

typedef struct {
  unsigned int slock;
} spinlock_t;

void mock_spin_lock_init(spinlock_t *lock);
void spin_lock(spinlock_t *lock);
void spin_unlock(spinlock_t *lock);
void spin_lock_irq(spinlock_t *lock);
void spin_unlock_irq(spinlock_t *lock);
unsigned long _raw_spin_lock_irqsave(spinlock_t *lock);
void spin_unlock_irqrestore(spinlock_t *lock, unsigned long flags);
#define spin_lock_init(lock) mock_spin_lock_init(lock)
#define spin_lock_irqsave(lock, flags) (flags = _raw_spin_lock_irqsave(lock))
#define DEFINE_SPINLOCK(name) spinlock_t name = {0}

#endif /* MOCK_COMMON_LINUX_SPINLOCK_H */
