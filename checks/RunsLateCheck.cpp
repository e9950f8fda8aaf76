//===- RunsLateCheck.cpp - What still runs --------------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/RunsLateCheck.h"

using namespace clang;

namespace vfio::checks {

std::optional<Wording> RunsLateCheck::word(const Remark &R, const TUModel &) {
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
                   {}};
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
