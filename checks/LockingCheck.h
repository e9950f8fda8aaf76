//===- LockingCheck.h - Locks ---------------------------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CHECKS_LOCKINGCHECK_H
#define VFIO_CHECKS_LOCKINGCHECK_H

#include "checks/RemarkCheck.h"

namespace vfio::checks {

/// Finds locks that are held at a return, taken twice, never initialised or
/// missing, and what sleeps under a spinlock.
///
/// docs/checks/locking.md
class LockingCheck : public LivesCheck {
public:
  using LivesCheck::LivesCheck;

protected:
  std::optional<Wording> word(const Remark &R, const TUModel &Model) override;
};

} // namespace vfio::checks

#endif // VFIO_CHECKS_LOCKINGCHECK_H
