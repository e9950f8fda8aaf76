//===- Scope.h - What may be written --------------------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_SCOPE_H
#define VFIO_REWRITER_SCOPE_H

#include "rewriter/Result.h"
#include <string>
#include <vector>

namespace vfio::rewriter {

/// The files and folders that the user gave, without symbolic links. Nothing
/// outside of them is ever written.
struct WriteScope {
  std::vector<std::string> Roots;

  bool covers(llvm::StringRef RealPath) const;
};

/// The scope of \p Paths as typed; \p Root where there are none (a database
/// says what is meant).
WriteScope scopeOf(const std::vector<std::string> &Paths,
                   const std::string &Root);

/// The deepest folder that holds all of \p Scope; empty where there is none.
std::string commonFolder(const WriteScope &Scope);

/// Notes which headers of \p Result are taken from outside of the folders that
/// \p Scope names, or has files in.
void noteOutside(MigrationResult &Result, const WriteScope &Scope);

/// Refuses each converted driver of \p Result with a change outside of
/// \p Scope, and each that shares a changed file with one refused so.
void refuseOutside(MigrationResult &Result, const WriteScope &Scope);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_SCOPE_H
