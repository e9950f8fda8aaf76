//===- RemarkCheck.h - A check that words remarks of lifecycle/ -----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CHECKS_REMARKCHECK_H
#define VFIO_CHECKS_REMARKCHECK_H

#include "checks/FindingCheck.h"
#include "lifecycle/Remark.h"

namespace vfio::checks {

/// Base of the checks over what lifecycle/ remarks: the rules have done the
/// work, the check says what is wrong and what would be right.
class RemarkCheck : public FindingCheck {
public:
  using FindingCheck::FindingCheck;

protected:
  /// Adds the remarks about \p Model that may be this check's.
  virtual void collect(const TUModel &Model, Remarks &Out) = 0;
  /// Words \p R; nothing where it is another check's.
  virtual std::optional<Wording> word(const Remark &R,
                                      const TUModel &Model) = 0;
  /// Most word no findings.
  std::optional<Wording> wordFinding(const Finding &,
                                     const TUModel &) override {
    return std::nullopt;
  }
  void report(const TUModel &Model, clang::ASTContext &Context) override;

private:
  void addNotes(const Remark &R);
};

/// Base of the checks over TUModel::otherLives().
class LivesCheck : public RemarkCheck {
public:
  using RemarkCheck::RemarkCheck;

protected:
  void collect(const TUModel &Model, Remarks &Out) override;
};

/// "the reference taken by 'kvm_get_kvm'".
std::string takenBy(const Remark &R);

/// That this is never given back, as \p By, which is about who should, says.
std::string neverGiven(const Remark &R, const std::string &By);

/// 'name' in quotes, as diagnostics have it; "" for null.
std::string quoted(const clang::NamedDecl *D);

} // namespace vfio::checks

#endif // VFIO_CHECKS_REMARKCHECK_H
