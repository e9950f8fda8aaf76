//===- Baseline.h - Findings that are known already
//-------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Known by check, file, function and message without numbers: so that a line
// more above a finding does not make it a new one.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_TOOLS_VFIOTIDY_BASELINE_H
#define VFIO_TOOLS_VFIOTIDY_BASELINE_H

#include "tools/vfio-tidy/Findings.h"
#include "llvm/Support/Error.h"
#include <map>

namespace vfio::tidy {

/// How a baseline knows \p F, whose file is named from the root of its tree.
std::string identityOf(const Finding &F);

/// \p Text with each number as "#".
std::string withoutNumbers(llvm::StringRef Text);

/// What was found in an earlier run, and how often.
class Baseline {
public:
  /// Reads \p File, or fails with one line.
  static llvm::Expected<Baseline> read(const std::string &File);

  /// Marks those of \p Findings that are known. Returns how many of the
  /// baseline's were not found any more.
  unsigned mark(std::vector<Finding> &Findings) const;

  /// Writes \p Findings to \p File.
  static llvm::Error write(llvm::ArrayRef<Finding> Findings,
                           const std::string &File);

private:
  std::map<std::string, unsigned> Counts;
};

} // namespace vfio::tidy

#endif // VFIO_TOOLS_VFIOTIDY_BASELINE_H
