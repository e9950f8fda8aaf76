//===- Database.h - compile_commands.json, made fit for clang -------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A database was written for another compiler and by somebody else: its
// commands lose what clang does not know, and whatever would make us load code
// or write a file.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_KBUILD_DATABASE_H
#define VFIO_KBUILD_DATABASE_H

#include "kbuild/Input.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace vfio::kbuild {

/// \p Command (compiler first) as clang may be given it: what clang does not
/// know and what writes, loads or runs something is dropped, the target comes
/// from the compiler's name, and \c lenientFlags close it. \p Directory is
/// where the command runs.
std::vector<std::string> cleanCommand(llvm::ArrayRef<std::string> Command,
                                      llvm::StringRef Directory,
                                      llvm::StringRef File);

/// What a database holds: the usable entries, and the others with the reason.
struct Database {
  std::string Path; ///< the JSON file
  std::vector<Input> Entries;
  std::vector<SkippedInput> Skipped;
};

/// Reads \p Dir/compile_commands.json (or the file \p Dir itself). Fails with
/// one line where it is missing or is no JSON of that kind.
llvm::Expected<Database> readDatabase(llvm::StringRef Dir);

} // namespace vfio::kbuild

#endif // VFIO_KBUILD_DATABASE_H
