//===- ContainerOfMismatchCheck.h - The wrong container of a device -------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CHECKS_CONTAINEROFMISMATCHCHECK_H
#define VFIO_CHECKS_CONTAINEROFMISMATCHCHECK_H

#include "checks/DriverCheck.h"

namespace vfio::checks {

/// Finds a container_of on a vfio_device that names another structure or
/// member than was allocated with the ops table, and casts or pointer
/// arithmetic in place of it.
///
/// docs/checks/container-of-mismatch.md
class ContainerOfMismatchCheck : public DriverCheck {
public:
  using DriverCheck::DriverCheck;

protected:
  void report(const TUModel &Model, clang::ASTContext &Context) override;

private:
  void reportContainer(const TUModel &Model, const ContainerSite &Site);
  void reportOffset(const TUModel &Model, const Site &Alloc);
  void reportCasts(const TUModel &Model);
};

} // namespace vfio::checks

#endif // VFIO_CHECKS_CONTAINEROFMISMATCHCHECK_H
