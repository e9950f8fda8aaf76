//===- AllocResultCheck.h - The result of vfio_alloc_device ---------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CHECKS_ALLOCRESULTCHECK_H
#define VFIO_CHECKS_ALLOCRESULTCHECK_H

#include "checks/FindingCheck.h"

namespace vfio::checks {

/// Finds a result of vfio_alloc_device that is not tested by IS_ERR before it
/// is used, and an error that is not passed on.
///
/// docs/checks/alloc-result.md
class AllocResultCheck : public FindingCheck {
public:
  using FindingCheck::FindingCheck;

protected:
  std::optional<Wording> wordFinding(const Finding &F,
                                     const TUModel &Model) override;
};

} // namespace vfio::checks

#endif // VFIO_CHECKS_ALLOCRESULTCHECK_H
