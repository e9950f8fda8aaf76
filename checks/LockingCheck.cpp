//===- LockingCheck.cpp - Locks -------------------------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/LockingCheck.h"

using namespace clang;

namespace vfio::checks {

std::optional<Wording> LockingCheck::word(const Remark &R, const TUModel &) {
  switch (R.Kind) {
  case RemarkKind::LockTwice:
    return Wording{"this lock is held already: it waits for itself", {}};
  case RemarkKind::LockKept:
    return Wording{quoted(R.Function) + " returns with the lock held", {}};
  case RemarkKind::LockNotInit:
    return Wording{"the lock " + quoted(R.Member) +
                       " is used, but nothing initialises it",
                   {}};
  case RemarkKind::SleepsLocked:
    return Wording{"this may sleep, but a spinlock is held", {}};
  case RemarkKind::SleepsInHandler:
    return Wording{"this may sleep, but " + quoted(R.Function) +
                       " is called where nothing may",
                   {}};
  case RemarkKind::NotLocked:
    return Wording{quoted(R.Member) + " is changed without " +
                       quoted(R.Subject) +
                       ", which is held where it is used otherwise",
                   {}};
  case RemarkKind::FollowedUnlocked:
    return Wording{quoted(R.Member) + " is used without " + quoted(R.Subject) +
                       ", which is held where it is changed",
                   {}};
  default:
    return std::nullopt;
  }
}

} // namespace vfio::checks
