//===- OldBugs.h - What was wrong before the conversion -------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Old drivers have life-cycle bugs of their own. A conversion must not carry
// them over, and must not hide that it did not. The checks know the old model
// as well: what they say of the old code is the list of its bugs; what they
// still say of the converted code, in a function that leaked before, is mended
// by their own fix-its.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_OLDBUGS_H
#define VFIO_REWRITER_OLDBUGS_H

#include "rewriter/prove/RunChecks.h"

namespace vfio::rewriter {

/// The life-cycle bugs of a driver's old code.
struct OldBugs {
  std::vector<Step> Bugs;
  /// Functions that have one, or that left a free to devm: puts are missing
  /// in them after the first step.
  std::set<std::string> Functions;
  /// What is wrong in each of them, the first that is.
  std::map<std::string, std::string> First;
  /// What the checks say of the old text, whatever it is about.
  std::set<std::string> Said;

  /// What is wrong in \p Function; empty where nothing was found.
  std::string inFunction(const std::string &Function) const;
  /// True for a finding that the old text had as well, word for word.
  bool wasSaid(const CheckFinding &F) const;
  /// True for one of these about another device than that of \p D.
  bool isOthers(const CheckFinding &F, const OldDriver &D) const;
};

/// What the checks say of \p Units, which are those of \p D and may be more.
OldBugs findOldBugs(const OldDriver &D, llvm::ArrayRef<const Unit *> Units);

/// The edits that mend what the checks find in \p After, the parse of the
/// converted driver: puts that are missing where the old code had no uninit or
/// free either. Nothing where anything else is found, or in a function that had
/// no bug before: then the conversion itself is wrong.
std::optional<EditSet> mend(const OldDriver &D, const Program &After,
                            const OldBugs &Old, std::vector<Step> &Plan);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_OLDBUGS_H
