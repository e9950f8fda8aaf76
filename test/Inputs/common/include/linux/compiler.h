/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef MOCK_COMMON_LINUX_COMPILER_H
#define MOCK_COMMON_LINUX_COMPILER_H

#define __user
#define __iomem
#define __percpu
#define __rcu
#define __force
#define __init
#define __exit
#define __initdata
#define __must_check __attribute__((warn_unused_result))
#define __always_inline inline __attribute__((always_inline))
#define __maybe_unused __attribute__((unused))
#define __always_unused __attribute__((unused))
#define __packed __attribute__((packed))
#define __aligned(n) __attribute__((aligned(n)))
#define __printf(f, a) __attribute__((format(printf, f, a)))
#define __alloc_size(...) __attribute__((alloc_size(__VA_ARGS__)))
#define __cleanup(fn) __attribute__((cleanup(fn)))
#define fallthrough __attribute__((fallthrough))

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

#define typeof __typeof__
#define __same_type(a, b) __builtin_types_compatible_p(typeof(a), typeof(b))

#define READ_ONCE(x) (*(const volatile typeof(x) *)&(x))
#define WRITE_ONCE(x, v)                                                       \
  do {                                                                         \
    *(volatile typeof(x) *)&(x) = (v);                                         \
  } while (0)
#define barrier() __asm__ __volatile__("" ::: "memory")

#endif /* MOCK_COMMON_LINUX_COMPILER_H */
