//===- HalfMigrated.cpp - One device, two models --------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/HalfMigrated.h"

using namespace clang;

namespace vfio::checks {

bool isHalfMigrated(const TUModel &Model, const RecordDecl *Record) {
  if (!Record)
    return false;
  bool Allocated = false, Initialised = false;
  for (const Site &S : Model.Sites) {
    const RecordDecl *R = S.Device.Record.Record;
    if (!R || R->getCanonicalDecl() != Record->getCanonicalDecl())
      continue;
    Allocated |= S.Api->Kind == Role::AllocDevice;
    Initialised |= isOldInit(S.Api->Kind);
  }
  return Allocated && Initialised;
}

} // namespace vfio::checks
