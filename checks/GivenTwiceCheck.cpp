//===- GivenTwiceCheck.cpp - What is given back twice ---------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/GivenTwiceCheck.h"

using namespace clang;

namespace vfio::checks {

std::optional<Wording> GivenTwiceCheck::word(const Remark &R, const TUModel &) {
  switch (R.Kind) {
  case RemarkKind::GivenTwice:
    return Wording{describe(R.Resource).str() + " in " + quoted(R.Member) +
                       " is given back here and by " + quoted(R.Function) +
                       ", which the last put calls",
                   {}};
  case RemarkKind::GivenAgain:
    return Wording{describe(R.Resource).str() +
                       " is given back here once more: on a way that comes "
                       "here, it was before",
                   {}};
  case RemarkKind::FileGivesToo:
    return Wording{describe(R.Resource).str() + " is freed here and by " +
                       quoted(R.Function) +
                       ", which the last reference to its file calls",
                   {}};
  case RemarkKind::StaleMember:
    return Wording{quoted(R.Member) +
                       " still points to what is freed here, and " +
                       quoted(R.Function) + " uses or frees it again",
                   {}};
  case RemarkKind::ErrorKept:
    return Wording{quoted(R.Member) + " still has the error of " +
                       quoted(R.TakenBy->getDirectCallee()) +
                       " when this returns, and " + quoted(R.Function) +
                       " gives it back as if it were none",
                   {}};
  case RemarkKind::DevresFrees:
    return Wording{quoted(R.Member) + " is freed here, but what " +
                       quoted(R.TakenBy->getDirectCallee()) +
                       " gives is freed with the bus device as well",
                   {}};
  case RemarkKind::ScopeFrees:
    return Wording{quoted(R.Member) +
                       " is set to what the end of this scope frees, and " +
                       quoted(R.Function) + " uses or frees it again",
                   {}};
  case RemarkKind::Overwritten:
    return Wording{quoted(R.Member) + " may have " +
                       describe(R.Resource).str() +
                       " of an earlier call, which is lost here: nothing looks "
                       "at it, or gives it back, before",
                   {}};
  default:
    return std::nullopt;
  }
}

} // namespace vfio::checks
