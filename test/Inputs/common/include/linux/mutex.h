/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_MUTEX_H
#define MOCK_COMMON_LINUX_MUTEX_H

#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct lock_class_key {
  int unused;
};

struct mutex {
  atomic64_t owner;
  spinlock_t wait_lock;
  struct list_head wait_list;
};

void __mutex_init(struct mutex *lock, const char *name,
                  struct lock_class_key *key);
void mutex_lock(struct mutex *lock);
int __must_check mutex_lock_interruptible(struct mutex *lock);
int mutex_trylock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
void mutex_destroy(struct mutex *lock);
bool mutex_is_locked(struct mutex *lock);

#define mutex_init(mutex)                                                      \
  do {                                                                         \
    static struct lock_class_key __key;                                        \
                                                                               \
    __mutex_init((mutex), #mutex, &__key);                                     \
  } while (0)
#define DEFINE_MUTEX(name)                                                     \
  struct mutex name = {.wait_list = LIST_HEAD_INIT((name).wait_list)}
#define lockdep_assert_held(lock)                                              \
  do {                                                                         \
    (void)(lock);                                                              \
  } while (0)

#endif /* MOCK_COMMON_LINUX_MUTEX_H */
