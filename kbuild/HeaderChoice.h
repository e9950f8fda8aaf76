//===- HeaderChoice.h - Which headers are worth sharing --------*- C++ -*-===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_KBUILD_HEADERCHOICE_H
#define VFIO_KBUILD_HEADERCHOICE_H

#include "kbuild/HeaderGraph.h"
#include "llvm/ADT/ArrayRef.h"
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace vfio::kbuild {

/// A source of a run.
struct PlannedSource {
  std::shared_ptr<const Opening> Begin;
  unsigned Parses; ///< how often it will be parsed
};

/// Headers that several sources begin with.
struct HeaderChoice {
  std::vector<std::string> Names; ///< of the kernel's, as written between <>
  std::vector<unsigned> Numbers;  ///< the same, in the graph
  std::vector<std::string> Own;   ///< the driver's that follow; absolute
  size_t Weight = 0;              ///< how many headers are read for them
};

/// Those that spare most where the sources \p Among that begin with all of them
/// share them; none where no such are worth it. \p Among is not empty, and what
/// its sources name is in \p Graph.
std::optional<HeaderChoice>
chooseHeaders(llvm::ArrayRef<const PlannedSource *> Among, HeaderGraph &Graph);

} // namespace vfio::kbuild

#endif // VFIO_KBUILD_HEADERCHOICE_H
