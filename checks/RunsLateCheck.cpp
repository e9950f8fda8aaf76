//===- RunsLateCheck.cpp - What still runs --------------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/RunsLateCheck.h"
#include "checks/SourceText.h"

using namespace clang;

namespace vfio::checks {

/// The call by its twin that waits: where the one is, the other is as well.
static llvm::SmallVector<FixItHint, 2> waitInstead(const Remark &R,
                                                   const TUModel &Model) {
  const auto *Call = dyn_cast_or_null<CallExpr>(R.At);
  const FunctionDecl *F = Call ? Call->getDirectCallee() : nullptr;
  const ResourceRow *Row = F ? findHolding(F->getName()) : nullptr;
  if (!Row || !isEditable(Call->getSourceRange(), Model.Ctx))
    return {};
  return {FixItHint::CreateReplacement(Call->getCallee()->getSourceRange(),
                                       Row->Waiting)};
}

std::optional<Wording> RunsLateCheck::word(const Remark &R,
                                           const TUModel &Model) {
  switch (R.Kind) {
  case RemarkKind::NeverCancelled:
    return Wording{quoted(R.Member) +
                       " is armed here, and nothing stops it before the "
                       "structure is freed: " +
                       quoted(R.Function) + " can run on freed memory",
                   {}};
  case RemarkKind::NotAwaited:
    return Wording{quoted(R.Member) +
                       " is cancelled here, but nothing waits for its end "
                       "before the structure is freed: " +
                       quoted(R.Function) + " can run on freed memory",
                   waitInstead(R, Model)};
  case RemarkKind::ArmedAgain:
    return Wording{quoted(R.Member) + " is stopped here, but " +
                       quoted(R.Function) +
                       ", which arms it again, is stopped only after it",
                   {}};
  case RemarkKind::IrqOutlives:
    return Wording{"this interrupt is freed with the bus device, after remove "
                   "has put the structure that " +
                       quoted(R.Function) + " uses",
                   {}};
  case RemarkKind::FreedUnderRunner:
    return Wording{quoted(R.Member) + " is freed while " + quoted(R.Function) +
                       ", which uses it, can still run",
                   {}};
  default:
    return std::nullopt;
  }
}

} // namespace vfio::checks
