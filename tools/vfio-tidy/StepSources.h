//===- StepSources.h - Sources that a change brings or takes -----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_TOOLS_VFIOTIDY_STEPSOURCES_H
#define VFIO_TOOLS_VFIOTIDY_STEPSOURCES_H

#include "tools/vfio-tidy/Session.h"
#include "llvm/Support/Error.h"

namespace vfio::tidy {

/// Adds to the inputs of \p S the sources below its paths that a step has and
/// the disk has not: a patch adds them, a later commit renamed them. They are
/// compiled as a source beside them is, else as another one of the run; where
/// there is none, as \p Flags has it for a driver of one file.
llvm::Error adoptStepSources(Session &S, vfio::kbuild::InputOptions Flags);

} // namespace vfio::tidy

#endif // VFIO_TOOLS_VFIOTIDY_STEPSOURCES_H
