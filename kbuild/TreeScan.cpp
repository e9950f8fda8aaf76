//===- TreeScan.cpp - A text search in front of the parser ----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/TreeScan.h"
#include "kbuild/Paths.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <algorithm>

using namespace llvm;

namespace vfio::kbuild {

std::vector<std::string> scanTree(StringRef Root, ArrayRef<std::string> Names,
                                  unsigned Jobs) {
  std::vector<std::string> Found;
  std::error_code EC;
  for (sys::fs::recursive_directory_iterator It(Root, EC, false), End;
       !EC && It != End; It.increment(EC)) {
    if (sys::path::extension(It->path()) != ".c")
      continue;
    std::string Text = readText(It->path());
    if (std::any_of(Names.begin(), Names.end(), [&](const std::string &Name) {
          return StringRef(Text).contains(Name);
        }))
      Found.push_back(It->path());
  }
  std::sort(Found.begin(), Found.end());
  return Found;
}

} // namespace vfio::kbuild
