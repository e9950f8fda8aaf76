//===- NewFindings.cpp - What a change brings ---------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-tidy/NewFindings.h"
#include "tools/vfio-tidy/Baseline.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Path.h"
#include <map>

using namespace llvm;

namespace vfio::tidy {

using Key = std::string (*)(const Finding &);

static std::string withoutFile(const Finding &F) {
  return F.Check + "\n" + F.Inside + "\n" + withoutNumbers(F.Where.Message);
}

static std::string withoutFunction(const Finding &F) {
  return F.Check + "\n" + F.Where.File + "\n" + withoutNumbers(F.Where.Message);
}

/// Pairs what is left of both sides by \p Of; each of \p Old serves once.
static void pairBy(Key Of, std::vector<Finding> &New,
                   std::vector<const Finding *> &Old,
                   function_ref<bool(const Finding &)> May) {
  std::map<std::string, std::vector<size_t>> ByKey;
  for (size_t I = 0; I < Old.size(); ++I)
    if (Old[I])
      ByKey[Of(*Old[I])].push_back(I);
  for (Finding &F : New) {
    if (F.Known || !May(F))
      continue;
    auto It = ByKey.find(Of(F));
    if (It == ByKey.end() || It->second.empty())
      continue;
    F.Known = true;
    Old[It->second.back()] = nullptr;
    It->second.pop_back();
  }
}

void markOld(StateFindings &After, const StateFindings &Before) {
  std::vector<const Finding *> Old;
  for (const Finding &F : Before.Findings)
    Old.push_back(&F);
  auto Any = [](const Finding &) { return true; };
  auto IsInNew = [&](const Finding &F) {
    return !F.Inside.empty() && !Before.Functions.count(F.Inside);
  };
  pairBy(identityOf, After.Findings, Old, Any);
  pairBy(withoutFile, After.Findings, Old, Any);
  pairBy(withoutFunction, After.Findings, Old, IsInNew);
}

std::vector<std::string> concernedBy(const std::set<std::string> &Changed,
                                     ArrayRef<std::string> Files) {
  std::set<StringRef> Folders;
  for (StringRef File : Files)
    Folders.insert(sys::path::parent_path(File));
  bool HeaderElsewhere = any_of(Changed, [&](StringRef File) {
    return sys::path::extension(File) == ".h" &&
           !Folders.count(sys::path::parent_path(File));
  });
  std::set<StringRef> Touched;
  for (StringRef File : Changed)
    if (StringRef Ending = sys::path::extension(File);
        Ending == ".c" || Ending == ".h")
      Touched.insert(sys::path::parent_path(File));
  std::vector<std::string> Result;
  for (const std::string &File : Files)
    if (HeaderElsewhere || Touched.count(sys::path::parent_path(File)))
      Result.push_back(File);
  return Result;
}

} // namespace vfio::tidy
