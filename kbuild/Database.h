//===- Database.h - Reading compile_commands.json -------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// As the kernel's gen_compile_commands.py, bear and cmake write it. The
// commands are handed on as they are: CleanCommand.h makes them fit for use,
// one by one, since a run needs few of a kernel's thousands.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_KBUILD_DATABASE_H
#define VFIO_KBUILD_DATABASE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace vfio::kbuild {

/// One compilation that a database tells of.
struct DatabaseEntry {
  std::string File;                 ///< absolute, without dots
  std::string Directory;            ///< where the command runs, absolute
  std::vector<std::string> Command; ///< the compiler first
};

struct Database {
  std::string Path; ///< the JSON file
  std::vector<DatabaseEntry> Entries;
};

/// Reads the compile_commands.json in folder \p Dir, or the file \p Dir itself.
/// Fails with one line where it is missing or is no JSON of that kind.
llvm::Expected<Database> readDatabase(llvm::StringRef Dir);

} // namespace vfio::kbuild

#endif // VFIO_KBUILD_DATABASE_H
