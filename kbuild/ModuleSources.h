//===- ModuleSources.h - Which sources are linked with one ----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A function that a source only declares is defined in another source of the
// same module: what the Makefile lists beside it, what a database compiles
// under the same KBUILD_MODNAME, else what lies in the same folder.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_KBUILD_MODULESOURCES_H
#define VFIO_KBUILD_MODULESOURCES_H

#include "llvm/ADT/CachedHashString.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Chrono.h"
#include <string>
#include <vector>

namespace vfio::kbuild {

/// The other sources around one; absolute, in no particular order.
struct ModuleSources {
  std::vector<std::string> Own;  ///< of the same module
  std::vector<std::string> Near; ///< of its Makefile's other modules, or folder
};

/// The sources around \p File, which is absolute and without links.
ModuleSources moduleSourcesOf(llvm::StringRef File);

/// True where a Makefile of the kernel's kind says that \p File is built.
bool isBuiltByMakefile(llvm::StringRef File);

/// The texts of sources, read where they have changed, and which of them name
/// what.
class SourceWords {
public:
  /// True where \p File has the identifier \p Name, or can have it through a
  /// macro of its own or of a header beside it.
  bool names(const std::string &File, llvm::StringRef Name);

private:
  struct Text {
    std::string Buffer;
    llvm::sys::TimePoint<> Changed;
    uint64_t Size = 0;
    llvm::DenseSet<llvm::CachedHashStringRef> Words; ///< parts of the buffer
    /// By line: what is defined, and what it stands for.
    std::vector<std::pair<llvm::StringRef, llvm::StringRef>> Macros;
    std::vector<std::string> Headers; ///< those that it includes in quotes
  };
  Text &textOf(const std::string &File);
  static void readMacros(Text &T);
  std::vector<const Text *> withHeaders(const std::string &File);

  llvm::StringMap<Text> Texts;
};

} // namespace vfio::kbuild

#endif // VFIO_KBUILD_MODULESOURCES_H
