// The runner of the check tests, tried with a check of clang-tidy's own.
// RUN: %check_vfio %s linuxkernel-must-check-errs %t -gen=5.15,6.1
// RUN: not %check_vfio %s linuxkernel-must-check-errs %t -expect-clean | FileCheck %s -check-prefix=SILENCE
// RUN: not %check_vfio %s linuxkernel-must-check-errs %t -suffix=WRONG | FileCheck %s -check-prefix=DIFFER
// RUN: not %check_vfio %s linuxkernel-must-check-errs %t -- -DMORE | FileCheck %s -check-prefix=DIFFER
// RUN: not %check_vfio %s linuxkernel-must-check-errs %t -- -DBROKEN | FileCheck %s -check-prefix=ERROR
#include <linux/err.h>

void ignored(long Value) {
  ERR_PTR(Value);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: result from function 'ERR_PTR' is unused
  // CHECK-MESSAGES-WRONG: no such message
#ifdef MORE
  ERR_PTR(Value + 1);
#endif
#ifdef BROKEN
  undeclared->member = 0;
#endif
}

// SILENCE: expected silence (vfio-tidy, headers 6.1)
// DIFFER: messages differ (vfio-tidy, headers 6.1)
// ERROR: an error (vfio-tidy, headers 6.1)
