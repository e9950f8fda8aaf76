//===- MismatchedFreeCheck.h - A device freed by the wrong allocator ------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CHECKS_MISMATCHEDFREECHECK_H
#define VFIO_CHECKS_MISMATCHEDFREECHECK_H

#include "checks/FindingCheck.h"

namespace vfio::checks {

/// Finds a structure with a vfio_device in it that is freed by an allocator's
/// own function instead of by the model that allocated it.
///
/// docs/checks/mismatched-free.md
class MismatchedFreeCheck : public FindingCheck {
public:
  using FindingCheck::FindingCheck;

protected:
  std::optional<Wording> word(const Finding &F, const TUModel &Model) override;
};

} // namespace vfio::checks

#endif // VFIO_CHECKS_MISMATCHEDFREECHECK_H
