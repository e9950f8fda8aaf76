//===- Verify.h - Does the edited driver hold? ----------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_VERIFY_H
#define VFIO_REWRITER_VERIFY_H

#include "kbuild/Inputs.h"
#include "rewriter/prove/OldBugs.h"
#include "rewriter/prove/Proof.h"

namespace vfio::rewriter {

/// The texts of a driver's changed files, by absolute path.
using NewTexts = std::map<std::string, std::string>;

/// The arguments that all parses of the rewriter share: warnings that a
/// conversion must not bring in.
std::vector<std::string> verifyingArgs();

/// Parses the inputs of \p Before again with \p Texts (and the target's API)
/// laid over the disk. Null with the reason in \p Problem where clang cannot
/// start.
std::unique_ptr<Program> reparse(const kbuild::InputSet &Set,
                                 llvm::ArrayRef<const Unit *> Before,
                                 const NewTexts &Texts, Target To,
                                 std::string &Problem);

/// What the new text of a driver fails: an error of the parser that the old
/// text did not have, or a finding of a check. Empty where it holds.
struct Verdict {
  std::string Problem; ///< one clause
  Place Where;
  /// What the old code had wrong in this function; empty where nothing.
  std::string OldBug = {};
  explicit operator bool() const { return Problem.empty(); }
};

/// Does \p D hold as \p After? \p Before has the units that After's were made
/// of, one by one, and \p Old what the checks said of them. \p Tidy: unused
/// labels and variables count, too. What was compared is noted in \p P.
Verdict verify(const OldDriver &D, llvm::ArrayRef<const Unit *> Before,
               const OldBugs &Old, const Program &After, bool Tidy, Proof &P);

/// The first part of that, without the checks: no new message of the parser,
/// and no call of the old model.
Verdict verifyParse(const OldDriver &D, llvm::ArrayRef<const Unit *> Before,
                    const Program &After, bool Tidy);

/// The errors of \p After's own files: they were there before the conversion.
std::vector<Step> remainingErrors(const Program &After);

/// Looks for drivers of the old model in \p After, as a second run would, and
/// fails where one is left that is not another's than \p D's.
Verdict runAgain(const OldDriver &D, const Program &After, Target To, Proof &P);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_VERIFY_H
