//===- Doubt.h - Why something was not reported ---------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_DOUBT_H
#define VFIO_LIFECYCLE_DOUBT_H

#include "lifecycle/Finding.h"
#include <string>

namespace clang {
class FunctionDecl;
} // namespace clang

namespace vfio {

/// A reason why what looks wrong may be right.
struct Doubt {
  enum Reason {
    ThroughPointer, ///< a call through a pointer that leads anywhere
    NoSource,       ///< no source of the module defines the function
    Unparsed,       ///< a source that names the function does not parse
    Several,        ///< more than one source defines it
    NotImported,    ///< its definition could not be brought over
    OverBudget,     ///< too many sources would have to be read for it
    OfTheKernel,    ///< a function of the kernel that no contract is known of
    Later,          ///< something else runs because of it
    InItsBody,      ///< its body may do it, and was not followed with this state
    Branch          ///< a branch may have told that this way is not taken
  } Why = ThroughPointer;
  const clang::FunctionDecl *Function = nullptr; ///< null for a pointer

  /// "foo_end() may end it: no source of the module defines it".
  std::string text() const;
};

/// A finding that was not made, and why.
struct Silence {
  Finding What;
  Doubt Because;
};

} // namespace vfio

#endif // VFIO_LIFECYCLE_DOUBT_H
