//===- LifecycleCheck.h - A device's life along the paths of a driver -----===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CHECKS_LIFECYCLECHECK_H
#define VFIO_CHECKS_LIFECYCLECHECK_H

#include "checks/FindingCheck.h"

namespace vfio::checks {

/// Finds paths on which a device is leaked, put twice, used after its end,
/// registered or unregistered at the wrong time.
///
/// docs/checks/lifecycle.md
class LifecycleCheck : public FindingCheck {
public:
  using FindingCheck::FindingCheck;

protected:
  std::optional<Wording> wordFinding(const Finding &F,
                                     const TUModel &Model) override;
};

} // namespace vfio::checks

#endif // VFIO_CHECKS_LIFECYCLECHECK_H
