//===- Blame.cpp - What a driver is refused for in the end ----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/ConvertDriver.h"
#include "rewriter/read/SkippedCode.h"

namespace vfio::rewriter {

void refuseVerdict(const Verdict &V, DriverResult &R) {
  if (V.OldBug.empty())
    R.Refusals.push_back({RefusalId::DoesNotVerify, V.Where,
                          "the converted driver does not hold: " + V.Problem,
                          "convert this driver by hand, or report this"});
  else
    R.Refusals.push_back({RefusalId::UnpairedCleanup, V.Where,
                          "what vfio-tidy says of the old code in this "
                          "function, no put alone mends: " +
                              V.OldBug,
                          "mend that first, then run vfio-migrate again; "
                          "where it is not so, migrate by hand and report "
                          "it"});
  R.Plan.clear();
  R.BugsRemoved.clear();
  R.Outcome = Status::Refused;
}

void sayWhatLacks(const OldDriver &D, DriverResult &R) {
  for (Refusal &F : R.Refusals)
    if (D.Lacking.U && F.Id == RefusalId::DoesNotVerify)
      F = {RefusalId::HalfMigrated, F.Where,
           "the structure is allocated by vfio_alloc_device(), and a part of "
           "the new model is missing that is not certain; with what was "
           "tried, " +
               F.Reason,
           "write what is missing by hand: a release that gives back what "
           "@init takes, and a put for each end"};
}

Refusal parseRefusal(const kbuild::Diagnostic &E, Place Where) {
  return {RefusalId::DoesNotParse, std::move(Where),
          "the file does not parse: " + E.str(),
          "give the kernel that this driver is written for (--kernel), "
          "or its compile_commands.json (-p)"};
}

void blameParse(const Program &P, DriverResult &R) {
  for (Refusal &F : R.Refusals) {
    if (F.Id != RefusalId::EscapingPointer && F.Id != RefusalId::UnknownOps &&
        F.Id != RefusalId::UnpairedCleanup &&
        F.Id != RefusalId::PointerNotEmbedded)
      continue;
    for (const auto &U : P.Units) {
      if (U->TU->input().File != F.Where.File)
        continue;
      for (const kbuild::Diagnostic &E : U->TU->diagnostics())
        if (E.Level == kbuild::Diagnostic::Error &&
            !isKernelHeaderPath(E.File)) {
          F = parseRefusal(E, F.Where);
          break;
        }
      if (F.Id != RefusalId::DoesNotParse)
        if (std::optional<SkippedCall> Call = firstSkippedCall(*U))
          F.Reason += "; " + Call->str();
    }
  }
}

} // namespace vfio::rewriter
