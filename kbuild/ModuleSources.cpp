//===- ModuleSources.cpp - Which sources are linked with one --------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/ModuleSources.h"
#include "kbuild/DriverMakefiles.h"
#include "kbuild/KernelConfig.h"
#include "kbuild/Paths.h"
#include "kbuild/WordSearch.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace vfio::kbuild {

/// A kernel that no option is set for: an object list names its objects all
/// the same, whatever chooses them.
static KernelHeaders anyKernel() {
  KernelHeaders K;
  K.Config = std::make_shared<KernelConfig>("");
  K.Arch = "x86";
  return K;
}

static void addFolder(StringRef Folder, ModuleSources &To) {
  for (const std::string &Name : listDirectory(Folder)) {
    if (!StringRef(Name).ends_with(".c") || StringRef(Name).ends_with(".mod.c"))
      continue;
    std::string Path = realPath(pathIn(Folder, Name));
    if (!Path.empty() && !is_contained(To.Own, Path) &&
        !is_contained(To.Near, Path))
      To.Near.push_back(std::move(Path));
  }
}

ModuleSources moduleSourcesOf(StringRef File) {
  StringRef Folder = sys::path::parent_path(File);
  MakefileFacts Facts =
      readMakefiles(File, anyKernel(), sourceTreeOf(Folder));
  ModuleSources Out{std::move(Facts.OwnSources), std::move(Facts.NearSources)};
  // A Makefile may make its lists in ways that only make understands.
  addFolder(Folder, Out);
  for (auto *List : {&Out.Own, &Out.Near})
    erase_if(*List, [&](const std::string &Other) { return Other == File; });
  return Out;
}

bool SourceWords::names(const std::string &File, StringRef Name) {
  auto [It, New] = Texts.try_emplace(File);
  Text &T = It->second;
  sys::fs::file_status Now;
  if (sys::fs::status(File, Now))
    return false;
  if (New || Now.getLastModificationTime() != T.Changed ||
      Now.getSize() != T.Size)
    T = {readText(File), Now.getLastModificationTime(), Now.getSize()};
  return WordSearch({Name.str()}).foundIn(T.Words);
}

} // namespace vfio::kbuild
