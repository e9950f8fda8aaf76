//===- Answers.h - Calls that answer what can be known --------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_ANSWERS_H
#define VFIO_LIFECYCLE_ANSWERS_H

#include "clang/AST/Decl.h"

namespace vfio {

/// True for functions that may answer the same each time they are asked: those
/// that answer yes or no, and what only reads what it is given.
bool isQuestion(const clang::FunctionDecl *F);

} // namespace vfio

#endif // VFIO_LIFECYCLE_ANSWERS_H
