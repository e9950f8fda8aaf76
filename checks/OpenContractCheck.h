//===- OpenContractCheck.h - What an open device gives back ---------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CHECKS_OPENCONTRACTCHECK_H
#define VFIO_CHECKS_OPENCONTRACTCHECK_H

#include "checks/RemarkCheck.h"

namespace vfio::checks {

/// Finds an `.open_device` that fails and keeps what it took, and what no
/// closer gives back.
///
/// docs/checks/open-contract.md
class OpenContractCheck : public LivesCheck {
public:
  using LivesCheck::LivesCheck;

protected:
  std::optional<Wording> word(const Remark &R, const TUModel &Model) override;
};

} // namespace vfio::checks

#endif // VFIO_CHECKS_OPENCONTRACTCHECK_H
