//===- ReleaseContractCheck.h - What @release must do ---------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CHECKS_RELEASECONTRACTCHECK_H
#define VFIO_CHECKS_RELEASECONTRACTCHECK_H

#include "checks/FindingCheck.h"

namespace vfio::checks {

/// Finds a `.release` that does not do what core relies on: free the structure
/// once and last where the driver frees, not at all where core does.
///
/// docs/checks/release-contract.md
class ReleaseContractCheck : public FindingCheck {
public:
  using FindingCheck::FindingCheck;

protected:
  std::optional<Wording> wordFinding(const Finding &F,
                                     const TUModel &Model) override;
};

} // namespace vfio::checks

#endif // VFIO_CHECKS_RELEASECONTRACTCHECK_H
