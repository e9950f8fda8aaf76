//===- Steps.h - The list of steps ----------------------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_STEPS_H
#define VFIO_REWRITER_STEPS_H

#include "rewriter/Result.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace vfio::rewriter {

/// A row of Steps.def.
enum class StepId {
#define STEP(ID, WHAT, WHY) ID,
#include "rewriter/Steps.def"
};

/// The step \p Id at \p Where, \p Arguments put into its sentence.
Step makeStep(StepId Id, Place Where,
              llvm::ArrayRef<std::string> Arguments = {});

/// True where \p S is a step \p Id.
bool isStep(const Step &S, StepId Id);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_STEPS_H
