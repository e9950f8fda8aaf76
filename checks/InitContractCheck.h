//===- InitContractCheck.h - What @init must undo -------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CHECKS_INITCONTRACTCHECK_H
#define VFIO_CHECKS_INITCONTRACTCHECK_H

#include "checks/FindingCheck.h"

namespace vfio::checks {

/// Finds an `.init` that leaks what it took when it fails, or that ends the
/// life of the device it was given.
///
/// docs/checks/init-contract.md
class InitContractCheck : public FindingCheck {
public:
  using FindingCheck::FindingCheck;

protected:
  std::optional<Wording> wordFinding(const Finding &F,
                                     const TUModel &Model) override;
};

} // namespace vfio::checks

#endif // VFIO_CHECKS_INITCONTRACTCHECK_H
