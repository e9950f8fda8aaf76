//===- Scope.cpp - What may be written ------------------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "rewriter/deliver/Scope.h"
#include "report/Git.h"
#include "report/SourceTree.h"
#include "rewriter/Refusals.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace vfio::rewriter {

bool WriteScope::covers(llvm::StringRef RealPath) const {
  return llvm::any_of(Roots, [&](const std::string &R) {
    return isWithin(RealPath, R) &&
           !git::isInGitFolder(RealPath.drop_front(R.size()));
  });
}

WriteScope scopeOf(const std::vector<std::string> &Paths,
                   const std::string &Root) {
  WriteScope Scope;
  auto Add = [&](const std::string &Path) {
    llvm::SmallString<128> Real;
    if (!llvm::sys::fs::real_path(Path, Real))
      Scope.Roots.push_back(std::string(Real));
  };
  llvm::for_each(Paths, Add);
  if (Paths.empty())
    Add(Root);
  return Scope;
}

std::string commonFolder(const WriteScope &Scope) {
  if (Scope.Roots.empty())
    return "";
  llvm::StringRef Common = Scope.Roots.front();
  if (!llvm::sys::fs::is_directory(Common))
    Common = llvm::sys::path::parent_path(Common);
  for (llvm::StringRef Root : Scope.Roots)
    while (!isWithin(Root, Common))
      Common = llvm::sys::path::parent_path(Common);
  return Common.str();
}

void noteOutside(MigrationResult &Result, const WriteScope &Scope) {
  WriteScope Folders = Scope;
  for (std::string &Root : Folders.Roots)
    if (!llvm::sys::fs::is_directory(Root))
      Root = llvm::sys::path::parent_path(Root).str();
  llvm::sort(Result.Headers);
  Result.Headers.erase(llvm::unique(Result.Headers), Result.Headers.end());
  for (const std::string &Header : Result.Headers)
    if (!Folders.covers(Header))
      Result.Notes.push_back(shownPath(Header) +
                             " is read from outside of the given paths");
}

void refuseOutside(MigrationResult &Result, const WriteScope &Scope) {
  llvm::StringSet<> Lost; // changed files of drivers that are refused here
  auto RefuseOne = [&](DriverResult &D, RefusalId Id, const std::string &File,
                       const std::string &Reason) {
    for (const FileChange &C : D.Changes)
      Lost.insert(C.Path);
    refuse(D, makeRefusal(Id, {File}, Reason));
  };
  auto Converted =
      llvm::make_filter_range(Result.Drivers, [](const DriverResult &D) {
        return D.Outcome == Status::Converted;
      });
  for (DriverResult &D : Converted)
    for (const FileChange &C : D.Changes)
      if (!Scope.covers(C.Path)) {
        std::string File = C.Path; // refusing drops the changes
        RefuseOne(D, RefusalId::OutsideGivenPaths, File,
                  "the driver also needs a change in " + shownPath(File) +
                      ", which is not below the given paths");
        break;
      }
  // A header that a refused driver includes must stay as it is, and with it
  // every driver that wants it changed.
  for (bool Again = !Lost.empty(); Again;) {
    Again = false;
    for (DriverResult &D : Converted) {
      auto Shared = llvm::find_if(
          D.Changes, [&](const FileChange &C) { return Lost.count(C.Path); });
      if (Shared == D.Changes.end())
        continue;
      std::string File = Shared->Path;
      RefuseOne(D, RefusalId::SharedHeader, File, "");
      Again = true;
      break;
    }
  }
}

} // namespace vfio::rewriter
