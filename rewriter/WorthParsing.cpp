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
  bool Old = false, New = false, Unknown = false;
};

class Reader {
public:
  Reader() : Old(oldModelNames()), New(preparationNames()) {}
  Words read(const std::string &File) {
    Seen.clear();
    Words W;
    visit(File, W);
    return W;
  }

private:
  void visit(const std::string &File, Words &W);

  kbuild::WordSearch Old, New;
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
  for (StringRef Name : kbuild::quotedIncludes(Text)) {
    std::string Header =
        kbuild::absolute(Name, llvm::sys::path::parent_path(File));
    if (kbuild::isFile(Header))
      visit(Header, W);
    else
      W.Unknown = true;
  }
}

std::vector<bool> worthParsing(const kbuild::InputSet &Set) {
  Reader Read;
  std::vector<bool> Out;
  llvm::StringSet<> OldFolders;
  for (const kbuild::Input &In : Set.inputs()) {
    Words W = Read.read(In.File);
    Out.push_back(W.Old || W.New || W.Unknown);
    if (W.Old || W.Unknown)
      OldFolders.insert(llvm::sys::path::parent_path(In.File));
  }
  for (size_t I = 0; I < Out.size(); ++I)
    if (OldFolders.contains(
            llvm::sys::path::parent_path(Set.inputs()[I].File)))
      Out[I] = true;
  return Out;
}

} // namespace vfio::rewriter
