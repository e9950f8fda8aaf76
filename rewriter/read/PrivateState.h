//===- PrivateState.h - What belongs to the structure itself --------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_PRIVATESTATE_H
#define VFIO_REWRITER_PRIVATESTATE_H

#include "rewriter/read/Program.h"

namespace vfio::rewriter {

/// True where all that \p S calls sets up or tears down memory, locks, lists
/// heads, ids and counters: state that lives and dies with a structure. Calls
/// of the driver's own functions count by what their bodies do. Anything that
/// concerns the bus device, registration, or what user space sees is not.
bool isPrivateState(const Program &P, const Unit &U, const clang::Stmt *S);

/// Whether what the kernel tells of the bus device may be asked for: by set-up
/// that runs as soon as it did. An undo may come when the device has left.
enum class Asking { Forbidden, Allowed };

/// What of \p S is more than that, as the end of a sentence; empty where it is
/// private state.
std::string whyNotPrivate(const Program &P, const Unit &U, const clang::Stmt *S,
                          Asking Asks = Asking::Forbidden);

/// True where \p Call tells something and changes nothing: of what it is given
/// it could not even change what a pointer points to.
bool onlyReads(const clang::CallExpr &Call);

/// True where evaluating \p E twice gives the same and changes nothing:
/// conversions between a device and its wrappers, reads of fields.
bool isPure(const clang::Expr *E);

/// "to_pci_dev" for a parameter of type `struct pci_dev *` and its like: how
/// the bus device is derived from `vdev->dev`. Empty for other types.
llvm::StringRef fromDevice(clang::QualType T);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_PRIVATESTATE_H
