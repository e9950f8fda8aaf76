//===- RunsLateCheck.h - What still runs ----------------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CHECKS_RUNSLATECHECK_H
#define VFIO_CHECKS_RUNSLATECHECK_H

#include "checks/RemarkCheck.h"

namespace vfio::checks {

/// Finds works, timers and interrupts that can still run when what they use is
/// gone.
///
/// docs/checks/runs-late.md
class RunsLateCheck : public LivesCheck {
public:
  using LivesCheck::LivesCheck;

protected:
  std::optional<Wording> word(const Remark &R, const TUModel &Model) override;
};

} // namespace vfio::checks

#endif // VFIO_CHECKS_RUNSLATECHECK_H
