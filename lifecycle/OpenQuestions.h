//===- OpenQuestions.h - What a source leaves to others -------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_OPENQUESTIONS_H
#define VFIO_LIFECYCLE_OPENQUESTIONS_H

#include "llvm/ADT/SetVector.h"

namespace clang {
class NamedDecl;
} // namespace clang

namespace vfio {

struct TUModel;

/// What a driver's source has in common with others of its driver.
struct OpenQuestions {
  /// Functions and tables that the life of a device may depend on, and that
  /// this tree only declares.
  llvm::SetVector<const clang::NamedDecl *> Undefined;
  /// What this source defines for others: how they use it says in which state
  /// a device comes here.
  llvm::SetVector<const clang::NamedDecl *> Offered;
};

OpenQuestions openQuestions(const TUModel &Model);

} // namespace vfio

#endif // VFIO_LIFECYCLE_OPENQUESTIONS_H
