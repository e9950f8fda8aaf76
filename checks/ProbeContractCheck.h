//===- ProbeContractCheck.h - What probe and module init give back --------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CHECKS_PROBECONTRACTCHECK_H
#define VFIO_CHECKS_PROBECONTRACTCHECK_H

#include "checks/RemarkCheck.h"

namespace vfio::checks {

/// Finds a probe or module init that fails and keeps what it took, what remove
/// or module exit do not give back, and what they give back too early.
///
/// docs/checks/probe-contract.md
class ProbeContractCheck : public LivesCheck {
public:
  using LivesCheck::LivesCheck;

protected:
  std::optional<Wording> word(const Remark &R, const TUModel &Model) override;
};

} // namespace vfio::checks

#endif // VFIO_CHECKS_PROBECONTRACTCHECK_H
