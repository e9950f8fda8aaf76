//===- SourceTree.cpp - The tree that paths are relative to ---------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "report/SourceTree.h"
#include "kbuild/KernelHeaders.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace vfio {

namespace path = llvm::sys::path;

bool isWithin(llvm::StringRef Path, llvm::StringRef Folder) {
  Folder = Folder.rtrim('/');
  return Path.starts_with(Folder) &&
         (Path.size() == Folder.size() || Path[Folder.size()] == '/');
}

std::string SourceTree::relative(llvm::StringRef File) const {
  if (!isWithin(File, Root))
    return File.ltrim('/').str();
  return File.drop_front(llvm::StringRef(Root).rtrim('/').size())
      .ltrim('/')
      .str();
}

std::string SourceTree::named(llvm::StringRef File) const {
  return isWithin(File, Root) ? relative(File) : File.str();
}

SourceTree sourceTreeOf(llvm::StringRef File, llvm::StringRef Fallback) {
  // A work tree has a folder .git, a linked one or a submodule a file.
  for (llvm::StringRef Dir = path::parent_path(File); !Dir.empty();
       Dir = path::parent_path(Dir)) {
    llvm::SmallString<128> Git(Dir);
    path::append(Git, ".git");
    if (llvm::sys::fs::exists(Git))
      return {Dir.str(), true};
  }
  std::string Kernel = kbuild::sourceTreeOf(File);
  if (!Kernel.empty())
    return {Kernel, false};
  return {Fallback.empty() ? path::parent_path(File).str() : Fallback.str(),
          false};
}

std::string shownPath(llvm::StringRef File) {
  llvm::SmallString<128> Here, Real;
  if (llvm::sys::fs::current_path(Here) ||
      llvm::sys::fs::real_path(Here, Real) || Real == "/" ||
      !isWithin(File, Real) || File.size() == Real.size())
    return File.str();
  return File.drop_front(Real.size() + 1).str();
}

} // namespace vfio
