//===- CheckTogether.cpp - Drivers that change one file -------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/ConvertDriver.h"
#include "rewriter/deliver/ChangeUnits.h"
#include "rewriter/prove/OldBugs.h"
#include "rewriter/prove/Verify.h"

namespace vfio::rewriter {

std::vector<const Unit *> unitsOf(const OldDriver &D, const Program &P) {
  std::vector<const Unit *> Out = D.Units;
  for (const auto &U : P.Units)
    if (!llvm::is_contained(Out, U.get()))
      Out.push_back(U.get());
  return Out;
}

/// The text of the files that \p Drivers change, all of their changes in it.
static llvm::Expected<NewTexts>
textsTogether(llvm::ArrayRef<DriverResult> Drivers) {
  MigrationResult All;
  All.Drivers = Drivers;
  llvm::Expected<std::vector<ChangeUnit>> Units = changeUnits(All);
  if (!Units)
    return Units.takeError();
  NewTexts Texts;
  for (const ChangeUnit &U : *Units)
    for (const FileChange &C : U.Files)
      Texts[C.Path] = C.After;
  return Texts;
}

static bool shareFile(const DriverResult &A, const DriverResult &B) {
  return llvm::any_of(A.Changes, [&](const FileChange &C) {
    return llvm::any_of(B.Changes,
                        [&](const FileChange &O) { return O.Path == C.Path; });
  });
}

/// What is wrong with the first of \p Results, all in one text; empty where it
/// holds. What remains of each is what does so then.
static std::string
problemTogether(const kbuild::InputSet &Set, const Program &P,
                llvm::ArrayRef<OldDriver> Drivers, Target To, bool Verify,
                llvm::MutableArrayRef<DriverResult> Results) {
  llvm::Expected<NewTexts> Texts = textsTogether(Results);
  if (!Texts)
    return llvm::toString(Texts.takeError());
  std::string Problem;
  for (size_t I = 0; I < Results.size() && Problem.empty() && Verify; ++I) {
    if (Results[I].Outcome != Status::Converted)
      continue;
    const OldDriver &D = Drivers[I];
    std::vector<const Unit *> Units = unitsOf(D, P);
    if (auto After = reparse(Set, Units, *Texts, To, Problem)) {
      Proof Shown;
      Problem =
          verify(D, Units, findOldBugs(D, Units), *After, /*Tidy=*/true, Shown)
              .Problem;
      Results[I].Remaining = remainingErrors(*After);
    }
  }
  return Problem;
}

void checkTogether(const kbuild::InputSet &Set, const Program &P,
                   llvm::ArrayRef<OldDriver> Drivers, Target To,
                   const MigrateOptions &Options,
                   llvm::MutableArrayRef<DriverResult> Results) {
  for (size_t I = 1; I < Drivers.size(); ++I) {
    DriverResult &R = Results[I];
    llvm::ArrayRef<DriverResult> Earlier = Results.take_front(I);
    if (llvm::none_of(Earlier,
                      [&](const DriverResult &E) { return shareFile(E, R); }))
      continue;
    std::string Problem = problemTogether(Set, P, Drivers, To, Options.Verify,
                                          Results.take_front(I + 1));
    if (Problem.empty())
      continue;
    R.Changes.clear();
    R.Proof.clear();
    refuseVerdict({"together with the other driver of its file: " + Problem,
                   {R.MainFile, 0, 0}},
                  R);
  }
}

} // namespace vfio::rewriter
