//===- Roots.h - Where stories start --------------------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_ROOTS_H
#define VFIO_LIFECYCLE_ROOTS_H

#include "lifecycle/Calls.h"

namespace vfio::flow {

/// Walks \p F as the start of a story, with the rules that its part has. The
/// limit that it exceeded.
Exceeded walkRoot(const clang::FunctionDecl *F, const TUModel &Model,
                  const FlowGraphs &Graphs, Rules &R, Calls &C);

} // namespace vfio::flow

#endif // VFIO_LIFECYCLE_ROOTS_H
