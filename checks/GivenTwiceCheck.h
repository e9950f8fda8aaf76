//===- GivenTwiceCheck.h - What is given back twice -----------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CHECKS_GIVENTWICECHECK_H
#define VFIO_CHECKS_GIVENTWICECHECK_H

#include "checks/RemarkCheck.h"

namespace vfio::checks {

/// Finds what two functions give back, and freed pointers that another callback
/// meets.
///
/// docs/checks/given-twice.md
class GivenTwiceCheck : public LivesCheck {
public:
  using LivesCheck::LivesCheck;

protected:
  std::optional<Wording> word(const Remark &R, const TUModel &Model) override;
};

} // namespace vfio::checks

#endif // VFIO_CHECKS_GIVENTWICECHECK_H
