//===- OldBugs.cpp - What was wrong before the conversion -----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/OldBugs.h"
#include "rewriter/RunChecks.h"

using namespace clang;

namespace vfio::rewriter {

OldBugs findOldBugs(const OldDriver &D) {
  OldBugs Out;
  // Kernels before 5.15 had no uninit, and a driver for them lacks none.
  bool Uninits = D.isPci() || !D.Uninits.empty();
  std::set<std::pair<std::string, unsigned>> Seen;
  for (const Unit *U : D.Units)
    for (const CheckFinding &F : runChecks(*U)) {
      // The old model itself is no bug.
      if ((F.Check != "vfio-lifecycle" && F.Check != "vfio-mismatched-free") ||
          isOthers(F, D) ||
          (!Uninits &&
           llvm::StringRef(F.Message).contains("vfio_uninit_group_dev")))
        continue;
      if (!Seen.insert({F.Where.File, F.Where.Line}).second)
        continue;
      Out.Bugs.push_back({"OldBug", F.Where, F.Message, {}});
      if (F.In)
        Out.Functions.insert(F.In->getNameAsString());
    }
  return Out;
}

std::optional<EditSet> mend(const OldDriver &D, const Program &After,
                            const OldBugs &Old) {
  EditSet Edits;
  for (const auto &U : After.Units)
    for (const CheckFinding &F : runChecks(*U)) {
      if (isOthers(F, D))
        continue;
      // A put that was missing can be added. Whatever else is wrong asks for
      // more thought than a fix-it has.
      bool Adds = !F.Fix.empty() &&
                  llvm::all_of(F.Fix, [](const CheckFinding::Replacement &R) {
                    return R.Length == 0;
                  });
      if (F.Check != "vfio-lifecycle" || !Adds || !F.In ||
          !Old.Functions.count(F.In->getNameAsString()))
        return std::nullopt;
      for (const CheckFinding::Replacement &R : F.Fix) {
        auto FE = U->sources().getFileManager().getOptionalFileRef(R.File);
        auto Buffer =
            FE ? U->sources().getMemoryBufferForFileOrNone(*FE) : std::nullopt;
        if (!Buffer)
          return std::nullopt;
        Edits.addFile(R.File, Buffer->getBuffer());
        Edits.replace({R.File, R.Offset, R.Offset + R.Length}, R.Text);
      }
    }
  if (Edits.empty() || Edits.conflict())
    return std::nullopt;
  return Edits;
}

} // namespace vfio::rewriter
