//===- IncludeFinder.h - Where a driver's own headers may be --------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For a driver whose Makefile does not say it, or that has none: looks for the
// sibling folders that its includes need.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_KBUILD_INCLUDEFINDER_H
#define VFIO_KBUILD_INCLUDEFINDER_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace vfio::kbuild {

/// The folders, below or beside the one of \p File and not above \p Top, that
/// must be searched so that every header that \p File includes, itself or
/// through its private headers, is found. \p Searched are the folders that the
/// command line has already.
std::vector<std::string>
missingIncludeDirs(llvm::StringRef File, llvm::StringRef Top,
                   llvm::ArrayRef<std::string> Searched);

/// What to do about a \p Header that \p Includer includes and that is not
/// there: a clause behind clang's own message.
std::string adviceOnMissing(llvm::StringRef Header, llvm::StringRef Includer);

} // namespace vfio::kbuild

#endif // VFIO_KBUILD_INCLUDEFINDER_H
