//===- InitDeviceCheck.h - vfio_init_device where it has no business ------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CHECKS_INITDEVICECHECK_H
#define VFIO_CHECKS_INITDEVICECHECK_H

#include "checks/DriverCheck.h"

namespace vfio::checks {

/// Finds vfio_init_device on a structure that the driver allocated: only one
/// whose life is longer than the device's (vfio-ccw) may be initialised so.
///
/// docs/checks/init-device.md
class InitDeviceCheck : public DriverCheck {
public:
  using DriverCheck::DriverCheck;

protected:
  void report(const TUModel &Model, clang::ASTContext &Context) override;
};

} // namespace vfio::checks

#endif // VFIO_CHECKS_INITDEVICECHECK_H
