//===- AtomicContext.h - Where a driver must not sleep --------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// kfree() may be called under a spinlock, kzalloc() with GFP_ATOMIC. What takes
// their place takes a mutex: so it must be known of each place whether a lock
// may be held there, in its function or in one that calls it.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_READ_ATOMICCONTEXT_H
#define VFIO_REWRITER_READ_ATOMICCONTEXT_H

#include "rewriter/read/OldDriver.h"
#include "llvm/ADT/DenseMap.h"

namespace vfio::rewriter {

class AtomicContext {
public:
  explicit AtomicContext(const Program &P);

  /// True where \p Call may run where its function, or one that calls it, must
  /// not sleep.
  bool mayBeAtomic(const clang::CallExpr *Call) const {
    return Atomic.contains(Call);
  }
  /// True where an allocation's flags say that it must not sleep, also where
  /// they come from a caller.
  bool mustNotSleep(const Unit &U, const clang::CallExpr *Alloc) const;

private:
  friend class SectionWalk;
  /// How many sections \p F leaves open for its caller; negative where it
  /// closes one of the caller's.
  int netOf(const Unit &U, const clang::FunctionDecl *F);
  void walk(const Unit &U, const clang::FunctionDecl *F);
  void spread();

  const Program &P;
  llvm::DenseMap<const clang::FunctionDecl *, int> Net;
  /// Calls by the function that they are in, and those with a section open.
  llvm::DenseMap<const clang::FunctionDecl *,
                 llvm::SmallVector<const clang::CallExpr *, 8>>
      CallsIn;
  llvm::DenseSet<const clang::CallExpr *> Atomic;
  /// Functions that are called so.
  llvm::SmallVector<Program::Definition, 8> Entered;
};

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_READ_ATOMICCONTEXT_H
