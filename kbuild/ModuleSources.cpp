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

/// Adds the sources of the folders in \p Top, which a Makefile there builds.
static void addFoldersBelow(StringRef Top, ModuleSources &To) {
  constexpr size_t Most = 16;
  size_t Count = 0;
  for (const std::string &Name : listDirectory(Top))
    if (std::string Folder = pathIn(Top, Name);
        (isFile(pathIn(Folder, "Makefile")) ||
         isFile(pathIn(Folder, "Kbuild"))) &&
        ++Count <= Most)
      addFolder(Folder, To);
}

ModuleSources moduleSourcesOf(StringRef File) {
  StringRef Folder = sys::path::parent_path(File);
  MakefileFacts Facts = readMakefiles(File, anyKernel(), sourceTreeOf(Folder));
  ModuleSources Out{std::move(Facts.OwnSources), std::move(Facts.NearSources)};
  // A Makefile may make its lists in ways that only make understands.
  addFolder(Folder, Out);
  // "obj-m := lib/ driver/": one module may call what another exports.
  if (!Facts.Top.empty() && Facts.Top != Folder && sourceTreeOf(Folder).empty())
    addFoldersBelow(Facts.Top, Out);
  for (auto *List : {&Out.Own, &Out.Near})
    erase_if(*List, [&](const std::string &Other) { return Other == File; });
  return Out;
}

bool isBuiltByMakefile(StringRef File) {
  std::string Tree = sourceTreeOf(sys::path::parent_path(File));
  return !readMakefiles(File, anyKernel(), Tree).Makefile.empty();
}

} // namespace vfio::kbuild
