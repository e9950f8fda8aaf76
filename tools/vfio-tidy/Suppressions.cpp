//===- Suppressions.cpp - NOLINT comments that silence nothing ----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-tidy/Suppressions.h"
#include "checks/NolintDirectives.h"
#include "tools/vfio-tidy/CheckPages.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include <map>

using namespace llvm;
using vfio::checks::NolintDirective;
using ::clang::tidy::ClangTidyError;

namespace vfio::tidy {

/// The names of ours in \p Globs that no check has.
static std::string misspelt(StringRef Globs) {
  SmallVector<StringRef> List;
  Globs.split(List, ',');
  for (StringRef Glob : List) {
    Glob = Glob.trim();
    Glob.consume_front("-");
    if (Glob.starts_with("vfio-") && !Glob.contains('*') && !pageOf(Glob))
      return Glob.str();
  }
  return "";
}

static ClangTidyError finding(const std::string &File, unsigned Offset,
                              const Twine &Text) {
  ClangTidyError Error("vfio-unused-suppression", ClangTidyError::Warning, "",
                       /*IsWarningAsError=*/false);
  Error.Message.Message = Text.str();
  Error.Message.FilePath = File;
  Error.Message.FileOffset = Offset;
  return Error;
}

/// True where \p D, of \p All, silences one of \p Found.
static bool isUsed(const NolintDirective &D, ArrayRef<NolintDirective> After,
                   ArrayRef<RawFinding> Found) {
  unsigned Last = D.ForLine;
  if (D.What == NolintDirective::Begin) {
    auto End = find_if(After, [](const NolintDirective &Other) {
      return Other.What == NolintDirective::End;
    });
    if (End == After.end())
      return true; // clang-tidy tells of that one itself
    Last = End->ForLine;
  }
  return any_of(Found, [&](const RawFinding &F) {
    return F.Line >= D.ForLine && F.Line <= Last && D.names(F.Check);
  });
}

static void judge(const std::string &File, ArrayRef<RawFinding> Found,
                  SourceTexts &Texts, std::vector<ClangTidyError> &Out) {
  std::vector<NolintDirective> All = vfio::checks::nolintDirectives(Texts.of(File));
  for (size_t I = 0; I < All.size(); ++I) {
    const NolintDirective &D = All[I];
    if (D.Hidden || D.What == NolintDirective::End ||
        !StringRef(D.Globs).contains("vfio"))
      continue;
    if (std::string Name = misspelt(D.Globs); !Name.empty())
      Out.push_back(finding(File, D.Offset,
                            "this comment names '" + Name +
                                "', and there is no such check"));
    else if (!isUsed(D, ArrayRef(All).drop_front(I + 1), Found))
      Out.push_back(
          finding(File, D.Offset, "this comment silences nothing here"));
  }
}

std::vector<ClangTidyError>
unusedSuppressions(const std::vector<Analysis> &Results, SourceTexts &Texts) {
  std::map<std::string, std::vector<RawFinding>> ByFile;
  for (const Analysis &Result : Results) {
    if (!Result.Problem.empty())
      continue;
    ByFile[located(Result.File, Result.Directory)];
    for (const FunctionExtent &F : Result.Functions)
      ByFile[located(F.File, Result.Directory)];
    for (const RawFinding &F : Result.Raw)
      ByFile[located(F.File, Result.Directory)].push_back(F);
  }
  std::vector<ClangTidyError> Out;
  for (const auto &[File, Found] : ByFile)
    judge(File, Found, Texts, Out);
  return Out;
}

} // namespace vfio::tidy
