/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_6_2_LINUX_CLEANUP_H
#define MOCK_6_2_LINUX_CLEANUP_H

#include <linux/compiler.h>
#include <linux/types.h>

#define DEFINE_FREE(name, type, free)                                          \
  static inline void __free_##name(void *p) {                                  \
    type _T = *(type *)p;                                                      \
    free;                                                                      \
  }
#define __free(name) __cleanup(__free_##name)

#define __get_and_null(p, nullvalue)                                           \
  ({                                                                           \
    __auto_type __ptr = &(p);                                                  \
    __auto_type __val = *__ptr;                                                \
    *__ptr = nullvalue;                                                        \
    __val;                                                                     \
  })

static inline __must_check const volatile void *
__must_check_fn(const volatile void *val) {
  return val;
}

#define no_free_ptr(p) ((typeof(p))__must_check_fn(__get_and_null(p, NULL)))
#define return_ptr(p) return no_free_ptr(p)

#define DEFINE_CLASS(name, type, exit, init, init_args...)                     \
  typedef type class_##name##_t;                                               \
  static inline void class_##name##_destructor(type *p) {                      \
    type _T = *p;                                                              \
    exit;                                                                      \
  }                                                                            \
  static inline type class_##name##_constructor(init_args) {                   \
    type t = init;                                                             \
    return t;                                                                  \
  }
#define CLASS(name, var)                                                       \
  class_##name##_t var __cleanup(class_##name##_destructor) =                  \
      class_##name##_constructor

#define DEFINE_GUARD(name, type, lock, unlock)                                 \
  DEFINE_CLASS(                                                                \
      name, type, if (_T) { unlock; }, ({                                      \
        lock;                                                                  \
        _T;                                                                    \
      }),                                                                      \
      type _T)

#define __guard_id2(a, b) a##b
#define __guard_id(a, b) __guard_id2(a, b)
#define guard(name)                                                            \
  CLASS(name, __maybe_unused __guard_id(__UNIQUE_ID_guard, __COUNTER__))
#define scoped_guard(name, args...)                                            \
  for (CLASS(name, scope)(args), *__done = NULL; !__done; __done = (void *)1)

#endif /* MOCK_6_2_LINUX_CLEANUP_H */
