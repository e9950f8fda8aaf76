//===- ChangeUnits.cpp - Which changes belong together --------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "rewriter/deliver/ChangeUnits.h"
#include "report/Diff.h"
#include "report/ExternalTool.h"
#include "rewriter/render/Cleanup.h"
#include "clang/Tooling/Core/Replacement.h"
#include "llvm/ADT/EquivalenceClasses.h"
#include "llvm/ADT/STLExtras.h"
#include <map>

namespace vfio::rewriter {

using clang::tooling::Replacement;
using clang::tooling::Replacements;

/// Adds the edits that \p Change makes to those that are known of its file.
static llvm::Error addEdits(const FileChange &Change, Replacements &Known) {
  llvm::Expected<std::vector<ByteEdit>> Edits =
      byteEdits(Change.Before, Change.After);
  if (!Edits)
    return Edits.takeError();
  for (const ByteEdit &E : *Edits) {
    Replacement R(Change.Path, E.Offset, E.Length, E.Text);
    // Two drivers that ask for the same edit get it once.
    if (llvm::is_contained(Known, R))
      continue;
    if (llvm::Error Err = Known.add(R)) {
      llvm::consumeError(std::move(Err));
      return problem(Change.Path + ": two drivers ask for different edits of "
                                   "the same lines");
    }
  }
  return llvm::Error::success();
}

/// All changes of one file, joined.
static llvm::Expected<FileChange>
joinChanges(llvm::ArrayRef<const FileChange *> Changes) {
  FileChange Joined = *Changes.front();
  if (llvm::all_of(Changes, [&](const FileChange *C) {
        return C->Before == Joined.Before && C->After == Joined.After;
      }))
    return Joined;
  Replacements Edits;
  for (const FileChange *C : Changes) {
    if (C->Before != Joined.Before)
      return problem(C->Path + ": changed while it was read; run again");
    if (llvm::Error E = addEdits(*C, Edits))
      return std::move(E);
  }
  llvm::Expected<std::string> After =
      clang::tooling::applyAllReplacements(Joined.Before, Edits);
  if (!After)
    return After.takeError();
  // An include that one of them still had a use for.
  Joined.After = dropUnusedIncludes(Joined.Before, std::move(*After));
  return Joined;
}

llvm::Expected<std::vector<ChangeUnit>>
changeUnits(const MigrationResult &Result) {
  std::map<std::string, std::vector<const FileChange *>> ByFile;
  std::map<std::string, unsigned> FirstDriver;
  llvm::EquivalenceClasses<unsigned> Classes;
  for (unsigned I = 0; I < Result.Drivers.size(); ++I) {
    const DriverResult &Driver = Result.Drivers[I];
    if (Driver.Outcome != Status::Converted)
      continue;
    Classes.insert(I);
    for (const FileChange &C : Driver.Changes) {
      if (C.Before == C.After)
        continue;
      ByFile[C.Path].push_back(&C);
      Classes.unionSets(FirstDriver.try_emplace(C.Path, I).first->second, I);
    }
  }

  std::vector<ChangeUnit> Units;
  std::map<unsigned, unsigned> UnitOf; // leader to index
  auto UnitFor = [&](unsigned Driver) -> ChangeUnit & {
    auto [It, New] =
        UnitOf.try_emplace(Classes.getLeaderValue(Driver), Units.size());
    if (New)
      Units.emplace_back();
    return Units[It->second];
  };
  for (unsigned I = 0; I < Result.Drivers.size(); ++I)
    if (Result.Drivers[I].Outcome == Status::Converted)
      UnitFor(I).Drivers.push_back(&Result.Drivers[I]);
  for (const auto &[Path, Changes] : ByFile) {
    llvm::Expected<FileChange> Joined = joinChanges(Changes);
    if (!Joined)
      return Joined.takeError();
    UnitFor(FirstDriver[Path]).Files.push_back(std::move(*Joined));
  }
  return Units;
}

} // namespace vfio::rewriter
