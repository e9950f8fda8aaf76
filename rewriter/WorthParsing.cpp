//===- WorthParsing.cpp - Which sources a migration has to understand -----===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/WorthParsing.h"
#include "contracts/ApiTable.h"
#include "kbuild/Paths.h"
#include "kbuild/WordSearch.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Path.h"

namespace vfio::rewriter {

using llvm::StringRef;

namespace {

/// What the text of a source and of its own headers names.
struct Words {
  bool Old = false, New = false, Frees = false, Unknown = false;
};

} // namespace

/// The names by which a driver frees the structure itself.
static std::vector<std::string> freeingNames() {
  std::vector<std::string> Names = driverApiNames();
  llvm::erase_if(Names, [](const std::string &Name) {
    const ApiFunction *Api = findApi(Name);
    return !Api || Api->Kind != Role::FreeDevice;
  });
  return Names;
}

namespace {

class Reader {
public:
  Reader()
      : Old(oldModelNames()), New(preparationNames()), Frees(freeingNames()) {}
  Words read(const std::string &File) {
    Seen.clear();
    Words W;
    visit(File, W);
    return W;
  }

private:
  void visit(const std::string &File, Words &W);

  kbuild::WordSearch Old, New, Frees;
  llvm::StringSet<> Seen;
};

} // namespace

void Reader::visit(const std::string &File, Words &W) {
  if (!Seen.insert(File).second)
    return;
  std::string Text = kbuild::readText(File);
  W.Unknown |= Text.empty();
  W.Old |= Old.foundIn(Text);
  W.New |= New.foundIn(Text);
  W.Frees |= Frees.foundIn(Text);
  for (StringRef Name : kbuild::quotedIncludes(Text)) {
    std::string Header =
        kbuild::absolute(Name, llvm::sys::path::parent_path(File));
    if (kbuild::isFile(Header))
      visit(Header, W);
    else
      W.Unknown = true;
  }
}

/// The inputs of which \p One is true, and those in a folder with one of which
/// \p Folder is.
static std::vector<bool>
choose(const kbuild::InputSet &Set, llvm::function_ref<bool(const Words &)> One,
       llvm::function_ref<bool(const Words &)> Folder) {
  Reader Read;
  std::vector<bool> Out;
  llvm::StringSet<> Folders;
  for (const kbuild::Input &In : Set.inputs()) {
    Words W = Read.read(In.File);
    Out.push_back(One(W));
    if (Folder(W))
      Folders.insert(llvm::sys::path::parent_path(In.File));
  }
  for (size_t I = 0; I < Out.size(); ++I)
    if (Folders.contains(llvm::sys::path::parent_path(Set.inputs()[I].File)))
      Out[I] = true;
  return Out;
}

std::vector<bool> worthParsing(const kbuild::InputSet &Set) {
  return choose(
      Set, [](const Words &W) { return W.Old || W.New || W.Unknown; },
      [](const Words &W) { return W.Old || W.Unknown; });
}

std::vector<bool> besideFrees(const kbuild::InputSet &Set) {
  auto Frees = [](const Words &W) { return W.Frees; };
  return choose(Set, Frees, Frees);
}

} // namespace vfio::rewriter
