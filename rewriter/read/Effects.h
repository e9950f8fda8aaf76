//===- Effects.h - What a statement changes, and what it reads ------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For statements that are to change places: what one of them does that the
// other could notice.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_READ_EFFECTS_H
#define VFIO_REWRITER_READ_EFFECTS_H

#include "rewriter/read/Names.h"

namespace vfio::rewriter {

/// What a statement does to others.
struct Effects {
  bool Calls = false;  ///< a function that may change something
  bool Stores = false; ///< to what is neither a local variable nor X's
  bool Reads = false;  ///< what somebody else may change
};

/// What \p S of \p U does. What it does to \p X, a structure that nobody else
/// knows yet, is no effect: `x->n = 1`, `mutex_init(&x->lock)`.
Effects effectsOf(const Program &P, const Unit &U, const clang::Stmt *S,
                  const clang::VarDecl *X);

/// What of \p S comes before what stands behind it: of `if (c) return;`, that c
/// is asked.
const clang::Stmt *beforeNext(const clang::Stmt *S);

/// True where \p S leaves by what it asks of one of \p Read: to look at what
/// that points to may be right only behind it.
bool mayGuard(const clang::Stmt *S, const VarSet &Read);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_READ_EFFECTS_H
