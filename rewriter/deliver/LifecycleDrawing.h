//===- LifecycleDrawing.h - The life of a device, drawn -------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_LIFECYCLEDRAWING_H
#define VFIO_REWRITER_LIFECYCLEDRAWING_H

#include "rewriter/Result.h"
#include "llvm/ADT/ArrayRef.h"
#include <string>

namespace vfio::rewriter {

/// The paths of one function as an SVG element: what they have in common is one
/// line down the page, and a path that leaves it branches off to the right.
/// \p After chooses the events of the new code.
std::string drawPaths(llvm::ArrayRef<const PathEvents *> Paths, bool After);

/// What the colours of the drawings mean, as HTML.
std::string drawingLegend();

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_LIFECYCLEDRAWING_H
