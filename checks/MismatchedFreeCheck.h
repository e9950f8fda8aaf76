//===- MismatchedFreeCheck.h - A device freed by the wrong allocator ------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CHECKS_MISMATCHEDFREECHECK_H
#define VFIO_CHECKS_MISMATCHEDFREECHECK_H

#include "checks/RemarkCheck.h"

namespace vfio::checks {

/// Finds a structure with a vfio_device in it that is freed by an allocator's
/// own function instead of by the model that allocated it; and other memory of
/// the driver's that another allocator's function frees.
///
/// docs/checks/mismatched-free.md
class MismatchedFreeCheck : public LivesCheck {
public:
  using LivesCheck::LivesCheck;

protected:
  std::optional<Wording> wordFinding(const Finding &F,
                                     const TUModel &Model) override;
  std::optional<Wording> word(const Remark &R, const TUModel &Model) override;
  void report(const TUModel &Model, clang::ASTContext &Context) override;
};

} // namespace vfio::checks

#endif // VFIO_CHECKS_MISMATCHEDFREECHECK_H
