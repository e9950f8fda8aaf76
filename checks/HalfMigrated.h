//===- HalfMigrated.h - One device, two models ----------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CHECKS_HALFMIGRATED_H
#define VFIO_CHECKS_HALFMIGRATED_H

#include "lifecycle/TUModel.h"

namespace vfio::checks {

/// True where structures like \p Record are allocated by core, and then
/// initialised once more by a function of the old model: somebody began to
/// migrate the driver, and what is right in either model is wrong here.
bool isHalfMigrated(const TUModel &Model, const clang::RecordDecl *Record);

} // namespace vfio::checks

#endif // VFIO_CHECKS_HALFMIGRATED_H
