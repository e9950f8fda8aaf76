//===- CoreRulesCheck.h - A check -----------------------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CHECKS_CORERULESCHECK_H
#define VFIO_CHECKS_CORERULESCHECK_H

#include "checks/RemarkCheck.h"

namespace vfio::checks {

/// A driver breaks a rule that core checks only at run time, or relies on
/// without a check.
///
/// docs/checks/core-rules.md
class CoreRulesCheck : public RemarkCheck {
public:
  using RemarkCheck::RemarkCheck;

protected:
  void collect(const TUModel &Model, Remarks &Out) override;
  std::optional<Wording> word(const Remark &R, const TUModel &Model) override;
};

} // namespace vfio::checks

#endif // VFIO_CHECKS_CORERULESCHECK_H
