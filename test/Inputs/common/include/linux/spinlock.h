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

/* The real ones are of another type, and what a spinlock_t has. */
typedef spinlock_t raw_spinlock_t;
void _raw_spin_lock(raw_spinlock_t *lock);
void _raw_spin_unlock(raw_spinlock_t *lock);
void _raw_spin_unlock_irqrestore(raw_spinlock_t *lock, unsigned long flags);
#define raw_spin_lock(lock) _raw_spin_lock(lock)
#define raw_spin_unlock(lock) _raw_spin_unlock(lock)
#define raw_spin_lock_irqsave(lock, flags)                                     \
  (flags = _raw_spin_lock_irqsave(lock))
#define raw_spin_unlock_irqrestore(lock, flags)                                \
  _raw_spin_unlock_irqrestore(lock, flags)

typedef struct {
  unsigned int readers;
} rwlock_t;
void _raw_read_lock(rwlock_t *lock);
void __raw_read_unlock(rwlock_t *lock);
void _raw_write_lock_bh(rwlock_t *lock);
void _raw_write_unlock_bh(rwlock_t *lock);
#define read_lock(lock) _raw_read_lock(lock)
#define read_unlock(lock) __raw_read_unlock(lock)
#define write_lock_bh(lock) _raw_write_lock_bh(lock)
#define write_unlock_bh(lock) _raw_write_unlock_bh(lock)

#define DEFINE_SPINLOCK(name) spinlock_t name = {0}

#endif /* MOCK_COMMON_LINUX_SPINLOCK_H */
