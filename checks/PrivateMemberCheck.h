//===- PrivateMemberCheck.h - Core's own members in a driver --------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CHECKS_PRIVATEMEMBERCHECK_H
#define VFIO_CHECKS_PRIVATEMEMBERCHECK_H

#include "checks/DriverCheck.h"

namespace vfio::checks {

/// Finds a driver that touches the members of struct vfio_device that are
/// private to core, or drops core's reference by hand.
///
/// docs/checks/private-member.md
class PrivateMemberCheck : public DriverCheck {
public:
  using DriverCheck::DriverCheck;

protected:
  void report(const TUModel &Model, clang::ASTContext &Context) override;
};

} // namespace vfio::checks

#endif // VFIO_CHECKS_PRIVATEMEMBERCHECK_H
