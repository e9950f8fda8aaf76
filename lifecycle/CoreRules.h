//===- CoreRules.h - What core asks of a driver, and refuses otherwise ----===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// lifecycle.md section 6. A rule holds where the headers declare what it speaks
// of. What is done in a function that this TU does not show may be anything:
// then nothing is said.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_CORERULES_H
#define VFIO_LIFECYCLE_CORERULES_H

#include "lifecycle/Remark.h"
#include "lifecycle/TUModel.h"

namespace vfio {

/// What tables lack: iommufd operations, migration operations, `.dma_unmap`.
void judgeCoreTables(const TUModel &Model, Remarks &Out);

/// What is wrong with a PCI variant driver: core's `.init` is not reached, the
/// drvdata is not its device, it is opened or closed by half.
void judgePciRules(const TUModel &Model, Remarks &Out);

/// What is there too late: an IOMMU group, a member that `.init` or another
/// callback uses.
void judgeTooLate(const TUModel &Model, Remarks &Out);

/// The `struct vfio_pci_core_device` is part of \p R, or is \p R.
bool embedsPciCore(const DeviceRecord &R);

/// True where a header declares one of the functions \p Names.
bool declaresAny(const clang::ASTContext &Ctx,
                 llvm::ArrayRef<llvm::StringRef> Names);

} // namespace vfio

#endif // VFIO_LIFECYCLE_CORERULES_H
