//===- ChangedLines.cpp - What changed since a revision
//---------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-tidy/ChangedLines.h"
#include "report/Git.h"
#include "report/SourceTree.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"
#include <set>

using namespace llvm;

namespace vfio::tidy {

/// The name that \p Text is, as git writes it in a patch: between quotes and
/// with escapes where it has odd characters.
static std::string unquoted(StringRef Text) {
  if (!Text.consume_front("\"") || !Text.consume_back("\""))
    return Text.str();
  static constexpr StringLiteral Letters = "abtnvfr";
  std::string Name;
  while (!Text.empty()) {
    char C = Text.front();
    Text = Text.drop_front();
    if (C == '\\' && !Text.empty()) {
      unsigned Byte;
      size_t Letter = Letters.find(Text.front());
      if (Text.size() > 2 && !Text.take_front(3).getAsInteger(8, Byte)) {
        C = char(Byte);
        Text = Text.drop_front(2);
      } else {
        C = Letter == StringRef::npos ? Text.front() : char('\a' + Letter);
      }
      Text = Text.drop_front();
    }
    Name += C;
  }
  return Name;
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
      std::string Name = unquoted(Line.rtrim('\t'));
      StringRef Path = Name;
      File = Path.consume_front("b/") ? (Root + "/" + Path).str() : "";
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
  Expected<git::Repository> Past = git::Repository::open(Root);
  if (!Past)
    return Past.takeError();
  auto Run = [&](ArrayRef<std::string> Args) -> Expected<std::string> {
    Expected<std::string> Said = Past->run(Args);
    if (!Said)
      return problem("--diff=" + Revision + ": " + toString(Said.takeError()));
    return std::move(*Said);
  };
  auto Diff = Run({"diff", "--no-color", "--no-ext-diff", "--no-textconv",
                   "--ignore-submodules=all", "--unified=0", "--src-prefix=a/",
                   "--dst-prefix=b/", Revision.str(), "--"});
  if (!Diff)
    return Diff.takeError();
  readDiff(Root, *Diff);
  auto New = Run({"ls-files", "--others", "--exclude-standard", "-z"});
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
