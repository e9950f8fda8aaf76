//===- ChangedLines.cpp - What changed since a revision
//---------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-tidy/ChangedLines.h"
#include "report/ExternalTool.h"
#include "report/SourceTree.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"
#include <set>

using namespace llvm;

namespace vfio::tidy {

Expected<std::string> git(StringRef Root, std::vector<std::string> Args,
                          StringRef Option) {
  std::vector<std::string> All = {
      "-C", Root.str(), "-c", "core.quotePath=off", "-c", "safe.directory=*"};
  All.insert(All.end(), Args.begin(), Args.end());
  std::vector<std::string> Environment = plainGitEnvironment();
  auto Run = runTool("git", All, ArrayRef<std::string>(Environment));
  if (!Run)
    return Run.takeError();
  if (Run->Status)
    return problem(Option +
                   ": git says: " + StringRef(Run->Errors).split('\n').first);
  return std::move(Run->Output);
}

bool isRevision(StringRef Text) {
  return !Text.starts_with("-") && !Text.starts_with("/");
}

Expected<std::string> gitRootOf(ArrayRef<std::string> Files, StringRef Option) {
  std::string Root;
  for (const std::string &File : Files) {
    SourceTree Tree = sourceTreeOf(File, "");
    if (!Tree.IsGit)
      return problem(Option + ": " + File + " is in no git work tree");
    if (!Root.empty() && Root != Tree.Root)
      return problem(Option + ": " + Root + " and " + Tree.Root +
                     " are two work trees: give one at a time");
    Root = Tree.Root;
  }
  return Root;
}

/// Reads "@@ -1,2 +3,4 @@". Where lines were only taken away, those beside them
/// changed.
void ChangedLines::readDiff(StringRef Root, StringRef Diff) {
  std::string File;
  while (!Diff.empty()) {
    auto [Line, Rest] = Diff.split('\n');
    Diff = Rest;
    if (Line.consume_front("+++ ")) {
      File = Line.consume_front("b/") ? (Root + "/" + Line.rtrim('\t')).str()
                                      : std::string();
      continue;
    }
    if (!Line.starts_with("@@ ") || File.empty())
      continue;
    StringRef Place = Line.split(" +").second.split(' ').first;
    auto [Begin, Size] = Place.split(',');
    unsigned First = 0, Count = 1;
    if (Begin.getAsInteger(10, First) ||
        (!Size.empty() && Size.getAsInteger(10, Count)))
      continue;
    ByFile[File].push_back({First, Count ? First + Count - 1 : First + 1});
  }
}

Error ChangedLines::readTree(StringRef Root, StringRef Revision) {
  auto Diff = git(Root,
                  {"diff", "--no-color", "--no-ext-diff", "--no-textconv",
                   "--unified=0", "--src-prefix=a/", "--dst-prefix=b/",
                   Revision.str(), "--"},
                  ("--diff=" + Revision).str());
  if (!Diff)
    return Diff.takeError();
  readDiff(Root, *Diff);
  auto New = git(Root, {"ls-files", "--others", "--exclude-standard", "-z"},
                 ("--diff=" + Revision).str());
  if (!New)
    return New.takeError();
  SmallVector<StringRef> Names;
  StringRef(*New).split(Names, '\0', -1, /*KeepEmpty=*/false);
  for (StringRef Name : Names) // a file that git does not know yet is all new
    ByFile[(Root + "/" + Name).str()].push_back({0, ~0u});
  return Error::success();
}

Expected<ChangedLines> ChangedLines::since(StringRef Revision,
                                           ArrayRef<std::string> Files) {
  if (!isRevision(Revision))
    return problem("--diff=" + Revision + ": is no revision");
  std::set<std::string> Roots;
  for (const std::string &File : Files) {
    SourceTree Tree = sourceTreeOf(File, "");
    if (!Tree.IsGit)
      return problem("--diff=" + Revision + ": " + File +
                     " is in no git work tree");
    Roots.insert(Tree.Root);
  }
  ChangedLines Result;
  for (const std::string &Root : Roots)
    if (Error E = Result.readTree(Root, Revision))
      return std::move(E);
  return Result;
}

bool ChangedLines::touches(const std::string &File, unsigned First,
                           unsigned Last) const {
  auto It = ByFile.find(File);
  return It != ByFile.end() && any_of(It->second, [&](const Lines &L) {
           return L.First <= Last && First <= L.Last;
         });
}

bool ChangedLines::mayConcern(const std::string &Source) const {
  return ByFile.count(Source) || any_of(ByFile, [](const auto &Entry) {
           return sys::path::extension(Entry.first) == ".h";
         });
}

} // namespace vfio::tidy
