//===- ChangeUnits.h - Which changes belong together ----------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_CHANGEUNITS_H
#define VFIO_REWRITER_CHANGEUNITS_H

#include "rewriter/Result.h"
#include "llvm/Support/Error.h"
#include <vector>

namespace vfio::rewriter {

/// What is written whole or not at all: one converted driver, or several that
/// change the same header.
struct ChangeUnit {
  std::vector<const DriverResult *> Drivers;
  std::vector<FileChange> Files; ///< by path, each once
};

/// The converted drivers of \p Result in their order. Edits that several
/// drivers make in one file are joined; fails where they contradict each other.
llvm::Expected<std::vector<ChangeUnit>>
changeUnits(const MigrationResult &Result);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_CHANGEUNITS_H
