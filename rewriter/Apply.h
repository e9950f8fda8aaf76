//===- Apply.h - Writing in place, whole or not at all --------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_APPLY_H
#define VFIO_REWRITER_APPLY_H

#include "rewriter/ChangeUnits.h"
#include "rewriter/Scope.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace vfio::rewriter {

/// Fails with one line where a file of \p Units cannot be replaced: it is
/// read-only, no regular file, or not what was read. Changes nothing.
llvm::Error checkWritable(llvm::ArrayRef<ChangeUnit> Units);

/// Replaces the files of \p Unit. When this fails, or the process is killed in
/// it, all of them are as they were, or \c recover makes all of them new.
llvm::Error applyUnit(const ChangeUnit &Unit);

/// What there is of writes that were interrupted.
struct Interrupted {
  std::vector<std::string> Notes; ///< lines for the user
  bool Ended = false;             ///< files were changed
};

/// Looks in the folders of \p Files and those above them for writes that were
/// interrupted, and ends each where \p InPlace and all of its files are in
/// \p Scope: else it only says what it found. Safe to be interrupted as well.
llvm::Expected<Interrupted> recover(llvm::ArrayRef<std::string> Files,
                                    const WriteScope &Scope, bool InPlace);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_APPLY_H
