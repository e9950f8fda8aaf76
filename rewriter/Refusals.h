//===- Refusals.h - The list of reasons to refuse -------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_REFUSALS_H
#define VFIO_REWRITER_REFUSALS_H

#include "rewriter/Result.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <optional>

namespace vfio::rewriter {

/// One row of Refusals.def.
struct RefusalKind {
  llvm::StringRef Id;
  llvm::StringRef Meaning;
  llvm::StringRef WhatToDo;
};

llvm::ArrayRef<RefusalKind> refusalKinds();

/// The row of \p Id.
const RefusalKind &refusalKind(RefusalId Id);

/// The row that is called \p Id in texts; none where there is none.
std::optional<RefusalId> findRefusal(llvm::StringRef Id);

/// A refusal with the words of its row, where the planner has none of its own.
Refusal makeRefusal(RefusalId Id, Place Where, llvm::StringRef Reason = "",
                    llvm::StringRef WhatToDo = "");

/// Turns \p Driver into a refused one: what was planned for it goes.
void refuse(DriverResult &Driver, Refusal Why);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_REFUSALS_H
