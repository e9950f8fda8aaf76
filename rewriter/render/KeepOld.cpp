//===- KeepOld.cpp - Both models in one source ----------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/render/KeepOld.h"
#include "report/ExternalTool.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

namespace vfio::rewriter {

static std::string condition(llvm::StringRef Sign, VersionWords V) {
  return ("#if LINUX_VERSION_CODE " + Sign + " KERNEL_VERSION(" +
          llvm::Twine(V.Major) + ", " + llvm::Twine(V.Minor) + ", 0)\n")
      .str();
}

/// An old-only group right behind a group of both joins its old side: fewer
/// conditions, and the old text stays what it was.
static std::string joinGroups(std::string Text, VersionWords Since) {
  const std::string Else = "#else\n", End = "#endif\n";
  const std::string OldOnly = condition("<", Since);
  for (size_t At = Text.find(OldOnly); At != std::string::npos;
       At = Text.find(OldOnly, At + 1)) {
    // Only blank lines may stand between the two.
    size_t Before = At;
    while (Before > 1 && Text[Before - 1] == '\n' && Text[Before - 2] == '\n')
      --Before;
    if (Before < End.size() ||
        Text.compare(Before - End.size(), End.size(), End) != 0)
      continue;
    size_t Open = Text.rfind("\n#if", Before - End.size());
    size_t ElseAt = Text.rfind(Else, Before - End.size());
    if (Open == std::string::npos || ElseAt == std::string::npos ||
        ElseAt < Open ||
        !llvm::StringRef(Text).substr(Open + 1).starts_with(
            condition(">=", Since)))
      continue;
    std::string Blank = Text.substr(Before, At - Before);
    Text.replace(Before - End.size(),
                 At + OldOnly.size() - (Before - End.size()), Blank);
  }
  return Text;
}

llvm::Expected<std::string>
mergeVersions(llvm::StringRef Old, llvm::StringRef New, VersionWords Since) {
  llvm::Expected<TempFolder> Folder = TempFolder::create();
  if (!Folder)
    return Folder.takeError();
  if (llvm::Error E = Folder->write("old", Old))
    return std::move(E);
  if (llvm::Error E = Folder->write("new", New))
    return std::move(E);
  // --minimal, and --ignore of nothing: each side must come back exactly.
  llvm::Expected<ToolRun> Run = runTool(
      "diff", {"--minimal", "--unchanged-group-format=%=",
               "--changed-group-format=" + condition(">=", Since) +
                   "%>#else\n%<#endif\n",
               "--new-group-format=" + condition(">=", Since) + "%>#endif\n",
               "--old-group-format=" + condition("<", Since) + "%<#endif\n",
               *Folder / "old", *Folder / "new"});
  if (!Run)
    return Run.takeError();
  if (Run->Status > 1)
    return problem("diff: " + Run->Errors);
  return joinGroups(Run->Output, Since);
}

std::string joinConditions(std::string Text) {
  constexpr llvm::StringLiteral Since = "#if LINUX_VERSION_CODE >= ",
                                Before = "#if LINUX_VERSION_CODE < ",
                                End = "#endif";
  llvm::SmallVector<llvm::StringRef, 0> Lines;
  llvm::StringRef(Text).split(Lines, '\n');
  std::vector<std::string> Out;
  for (size_t I = 0; I < Lines.size(); ++I) {
    size_t Last = I + 2;
    if (I + 1 < Lines.size() && Lines[I].starts_with(Since) &&
        Lines[I + 1].starts_with(Before))
      while (Last < Lines.size() && !Lines[Last].empty() &&
             !Lines[Last].starts_with("#"))
        ++Last;
    if (Last == I + 2 || Last + 1 >= Lines.size() || Lines[Last] != End ||
        Lines[Last + 1] != End) {
      Out.push_back(Lines[I].str());
      continue;
    }
    Out.push_back((Lines[I] + " && \\").str());
    Out.push_back(("\t" + Lines[I + 1].drop_front(strlen("#if "))).str());
    for (size_t Inner = I + 2; Inner <= Last; ++Inner)
      Out.push_back(Lines[Inner].str());
    I = Last + 1;
  }
  return llvm::join(Out, "\n");
}

/// The offset behind `#ifndef GUARD` and `#define GUARD`; none where \p T has
/// no such guard.
static size_t behindGuard(llvm::StringRef T) {
  for (size_t At = T.find("#ifndef "); At != llvm::StringRef::npos;
       At = T.find("#ifndef ", At + 1)) {
    auto [First, Rest] = T.substr(At).split('\n');
    auto [Second, Behind] = Rest.split('\n');
    if (Second.consume_front("#define ") &&
        Second == First.drop_front(strlen("#ifndef ")))
      return T.size() - Behind.size();
  }
  return llvm::StringRef::npos;
}

/// Where an include of <linux/version.h> goes in \p T: among the sorted ones of
/// linux/, else behind the last of these; none where there is none.
static size_t amongKernelIncludes(llvm::StringRef T) {
  size_t Last = llvm::StringRef::npos;
  for (size_t At = T.find("#include <linux/"); At != llvm::StringRef::npos;
       At = T.find("#include <linux/", At + 1)) {
    if (At && T[At - 1] != '\n')
      continue;
    if (T.substr(At) > llvm::StringRef("#include <linux/version.h>"))
      return At;
    Last = At;
  }
  return Last == llvm::StringRef::npos ? Last : T.find('\n', Last) + 1;
}

std::string includeVersion(std::string Text) {
  llvm::StringRef T(Text);
  if (!T.contains("LINUX_VERSION_CODE") || T.contains("<linux/version.h>"))
    return Text;
  const std::string Include = "#include <linux/version.h>\n";
  if (size_t At = amongKernelIncludes(T); At != llvm::StringRef::npos)
    return Text.insert(At, Include);
  // Above the driver's own includes, else below the guard of a header.
  if (size_t At = ("\n" + T).str().find("\n#include "); At != std::string::npos)
    return Text.insert(At, T[At + 9] == '"' ? Include + "\n" : Include);
  if (size_t At = behindGuard(T); At != llvm::StringRef::npos)
    return Text.insert(At, "\n" + Include);
  return Text.insert(T.find("#if LINUX_VERSION_CODE"), Include + "\n");
}

} // namespace vfio::rewriter
