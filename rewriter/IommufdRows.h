//===- IommufdRows.h - What core asks of a table from 6.2 on --------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where CONFIG_IOMMUFD is on, core of 6.2 and later refuses to register a
// device whose table lacks the operations that bind it to an iommufd
// (drivers/vfio/vfio_main.c). Core has them ready: one family for devices that
// an IOMMU stands before, one for those whose driver pins pages itself.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_IOMMUFDROWS_H
#define VFIO_REWRITER_IOMMUFDROWS_H

#include "rewriter/render/TableRows.h"

namespace vfio::rewriter {

struct IommufdRows {
  std::vector<TableRow> Rows; ///< to be added; empty where none are
  std::string What;           ///< of the step
  std::string Remark; ///< where they are lacking and it is not known which
};

/// The rows that \p T lacks, where it has none of them. \p Registers are the
/// calls that register its devices; with \p Emulated they become those of
/// emulated devices.
IommufdRows iommufdRows(const OpsTable &T,
                        llvm::ArrayRef<const Site *> Registers,
                        bool Emulated = false);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_IOMMUFDROWS_H
