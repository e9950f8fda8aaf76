//===- NamedTables.h - The ops tables that an expression is ---------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_READ_NAMEDTABLES_H
#define VFIO_REWRITER_READ_NAMEDTABLES_H

#include "rewriter/read/Program.h"

namespace vfio::rewriter {

/// A table and the TU that holds its initialiser.
struct TableRef {
  const Unit *U;
  const OpsTable *T;
};

/// Adds to \p Out the tables that \p E, in the function \p In of \p U, can
/// name, also through the function's parameters and in other TUs; false where
/// one of them is not there.
bool namedTables(const Program &P, const Unit &U, const clang::FunctionDecl *In,
                 const clang::Expr *E, std::vector<TableRef> &Out,
                 unsigned Depth = 0);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_READ_NAMEDTABLES_H
