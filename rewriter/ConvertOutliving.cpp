//===- ConvertOutliving.cpp - A structure that outlives its device --------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// vfio-ccw keeps one structure for the parent and its mdev. It is allocated by
// the parent's probe, so vfio_alloc_device cannot be used: 6.1 has
// vfio_init_device for it, and a completion tells that @release has run.
//
//===----------------------------------------------------------------------===//

#include "rewriter/Conversion.h"

using namespace clang;

namespace vfio::rewriter {

/// The structure comes to its init neither down from the function that
/// allocates it nor up to it: it waited in drvdata or in its parent.
bool Conversion::outlives(const AllocSite &A, const SiteRef &Init) const {
  if (Init.S->In == A.In && Init.U == A.U)
    return false;
  Program::Definition Alloc{A.U, A.In}, Prepare{Init.U, Init.S->In};
  return findChain(Alloc, Prepare).empty() &&
         findChain(Prepare, Alloc).empty();
}

void Conversion::convertOutliving(const AllocSite &A, const SiteRef &Init) {
  const Unit &U = *Init.U;
  SourceLocation Loc = Init.S->Call->getBeginLoc();
  if (To == Target::CoreFrees || Init.S->Api->Kind == Role::PciInitDevice) {
    refuse("structure-outlives-device", U, Loc,
           "the structure is allocated elsewhere and lives on when this device "
           "ends, and from 6.2 on core frees what it allocated",
           "move the vfio_device into a structure of its own that is allocated "
           "here");
    return;
  }
  refuse("structure-outlives-device", U, Loc,
         "the structure is allocated elsewhere and lives on when this device "
         "ends",
         "prepare it by vfio_init_device, signal a completion in @release and "
         "wait for it after the put");
}

} // namespace vfio::rewriter
