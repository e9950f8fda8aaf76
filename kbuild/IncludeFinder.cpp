//===- IncludeFinder.cpp - Finding a driver's own headers -----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/IncludeFinder.h"
#include "kbuild/Paths.h"
#include "kbuild/WordSearch.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <optional>

using namespace llvm;

namespace vfio::kbuild {
namespace {

/// A driver has some dozens of files; a search that meets more than this has
/// left the driver.
constexpr unsigned MaxEntries = 4000;

class Finder {
public:
  Finder(StringRef Top, ArrayRef<std::string> Searched)
      : Top(Top), Searched(Searched) {}

  void visit(const std::string &File);
  std::vector<std::string> takeFound() { return std::move(Found); }

private:
  void follow(StringRef Name, StringRef Includer, bool Quoted);
  std::string lookUp(StringRef Name, StringRef Includer, bool Quoted) const;
  std::string search(StringRef Name, StringRef Includer);
  void listHeaders();

  StringRef Top;
  ArrayRef<std::string> Searched;
  std::vector<std::string> Found;
  std::optional<std::vector<std::string>> Headers; ///< all below Top
  StringSet<> Visited;
};

} // namespace

/// The file that clang would find now; empty where it finds none.
std::string Finder::lookUp(StringRef Name, StringRef Includer,
                           bool Quoted) const {
  std::string Next = absolute(Name, sys::path::parent_path(Includer));
  if (Quoted && isFile(Next))
    return Next;
  for (ArrayRef<std::string> Dirs : {Searched, ArrayRef<std::string>(Found)})
    for (const std::string &Dir : Dirs)
      if (std::string Path = absolute(Name, Dir); isFile(Path))
        return Path;
  return {};
}

void Finder::listHeaders() {
  Headers.emplace();
  std::error_code EC;
  unsigned Entries = 0;
  for (sys::fs::recursive_directory_iterator
           It(Top, EC, /*follow_symlinks=*/false),
       End;
       !EC && It != End && ++Entries < MaxEntries; It.increment(EC))
    if (sys::path::extension(It->path()) == ".h" && isFile(It->path()))
      Headers->push_back(It->path());
  llvm::sort(*Headers);
}

/// The header below Top that \p Name can mean: the one nearest to its includer,
/// by the length of the path that they share.
std::string Finder::search(StringRef Name, StringRef Includer) {
  if (Top.empty() || Name.starts_with("..") || Name.starts_with("/"))
    return {};
  if (!Headers)
    listHeaders();
  std::string Best, Suffix = ("/" + Name).str();
  size_t BestShared = 0;
  for (const std::string &Header : *Headers) {
    if (!StringRef(Header).ends_with(Suffix))
      continue;
    size_t Shared = std::mismatch(Header.begin(), Header.end(),
                                  Includer.begin(), Includer.end())
                        .first -
                    Header.begin();
    if (Best.empty() || Shared > BestShared) {
      Best = Header;
      BestShared = Shared;
    }
  }
  if (!Best.empty())
    Found.push_back(Best.substr(0, Best.size() - Suffix.size()));
  return Best;
}

/// Finds the file that \p Includer means by \p Name, and reads it where it is
/// the driver's own: the kernel's headers include their own kind.
void Finder::follow(StringRef Name, StringRef Includer, bool Quoted) {
  std::string Path = lookUp(Name, Includer, Quoted);
  if (Path.empty())
    Path = search(Name, Includer);
  if (!Path.empty() && none_of(Searched, [&](StringRef Dir) {
        return isBelow(Path, Dir) && !isBelow(Dir, Top);
      }))
    visit(Path);
}

void Finder::visit(const std::string &File) {
  if (!Visited.insert(File).second)
    return;
  std::string Text = readText(File);
  for (StringRef Name : quotedIncludes(Text))
    follow(Name, File, /*Quoted=*/true);
  for (StringRef Name : angledIncludes(Text))
    follow(Name, File, /*Quoted=*/false);
}

std::vector<std::string> missingIncludeDirs(StringRef File, StringRef Top,
                                            ArrayRef<std::string> Searched) {
  Finder F(Top, Searched);
  F.visit(File.str());
  return F.takeFound();
}

std::string adviceOnMissing(StringRef Header, StringRef Includer) {
  if (Header.starts_with("linux/"))
    return "; to do: give the headers of the kernel that the driver is written "
           "for (--kernel)";
  return ("; to do: where the driver's own build makes " + Header +
          ", run its configure step, or give its compile_commands.json (-p) or "
          "the folder that it is in (--generated); it was looked for in " +
          sys::path::parent_path(Includer) +
          " and in the folders that the driver's Makefile names")
      .str();
}

} // namespace vfio::kbuild
