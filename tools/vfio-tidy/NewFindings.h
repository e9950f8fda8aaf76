//===- NewFindings.h - What a change brings -----------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_TOOLS_VFIOTIDY_NEWFINDINGS_H
#define VFIO_TOOLS_VFIOTIDY_NEWFINDINGS_H

#include "tools/vfio-tidy/Findings.h"
#include "tools/vfio-tidy/Steps.h"
#include <set>

namespace vfio::tidy {

/// What one state of a tree shows.
struct StateFindings {
  std::vector<Finding> Findings;
  std::set<std::string> Functions; ///< names of all that it defines
};

/// Marks those of \p After as known that \p Before has too: by check, file,
/// function and message without numbers; also where the function has moved to
/// another file, and where the code has moved to a function that is new.
void markOld(StateFindings &After, const StateFindings &Before);

/// Those of \p Files that a change of \p Changed may concern: what changed, the
/// sources beside it, and all where a header elsewhere changed.
std::vector<std::string> concernedBy(const std::set<std::string> &Changed,
                                     llvm::ArrayRef<std::string> Files);

} // namespace vfio::tidy

#endif // VFIO_TOOLS_VFIOTIDY_NEWFINDINGS_H
