//===- TableRows.h - New rows in an ops table -----------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_TABLEROWS_H
#define VFIO_REWRITER_TABLEROWS_H

#include "rewriter/render/EditSet.h"
#include "rewriter/read/Program.h"

namespace vfio::rewriter {

/// A member of an ops table and what it is set to.
using TableRow = std::pair<std::string, std::string>;

/// Inserts \p Rows into \p T: in the order name, init, release, and aligned as
/// the rows that are there. \p T must have an initialiser with designators, in
/// a file that \p Edits knows.
void insertRows(EditSet &Edits, const Unit &U, const OpsTable &T,
                llvm::ArrayRef<TableRow> Rows);

/// The same behind the last row.
void appendRows(EditSet &Edits, const Unit &U, const OpsTable &T,
                llvm::ArrayRef<TableRow> Rows);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_TABLEROWS_H
