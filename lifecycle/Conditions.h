//===- Conditions.h - What a step of a story depends on -------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_CONDITIONS_H
#define VFIO_LIFECYCLE_CONDITIONS_H

#include "lifecycle/Story.h"

namespace vfio {

/// What conditions are about.
struct Asked {
  llvm::SmallVector<const clang::FieldDecl *, 2> Members;
  llvm::SmallVector<const clang::VarDecl *, 1> Globals;
  bool Called = false; ///< and what a function of the driver's says
  bool Else = false;   ///< and something else
};

/// What is asked, in all functions on the way, before \p S is done.
Asked askedBefore(const TUModel &Model, const Story &Told, const StoryStep &S);

/// True where \p Told reads or writes \p Field; with \p OnlyWrites, writes it.
bool touches(const Story &Told, const clang::FieldDecl *Field, bool OnlyWrites);

} // namespace vfio

#endif // VFIO_LIFECYCLE_CONDITIONS_H
