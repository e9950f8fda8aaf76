//===- Proof.cpp - What was compared of a result --------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/prove/Proof.h"
#include "llvm/ADT/StringExtras.h"

namespace vfio::rewriter {

static std::string number(unsigned N, llvm::StringRef Noun) {
  return llvm::utostr(N) + " " + Noun.str() + (N == 1 ? "" : "s");
}

std::vector<std::string> Proof::clauses() const {
  std::vector<std::string> Out;
  if (Parsed)
    Out.push_back(
        "parsed against the target API without a new message" +
        std::string(Supplied ? " (what these headers lack was declared for it)"
                             : ""));
  if (Checked)
    Out.push_back(
        (Left.empty() ? "all vfio-* checks silent in "
                      : "all vfio-* checks run over ") +
        number(Checked, "file") + (Apart ? ", each read by itself" : "") +
        (Left.empty() ? std::string()
                      : ": " + number(Left.size(), "finding") +
                            " on what is left as it was, and no other"));
  if (Ways)
    Out.push_back("events conserved on " + number(Ways, "path") + " of " +
                  number(Functions, "function"));
  if (Mended)
    Out.push_back(number(Mended, "path") + " of the old code mended");
  if (PutForDevm)
    Out.push_back("a put where devm freed, on " + number(PutForDevm, "path"));
  if (!NotFollowed.empty())
    Out.push_back("not followed to the end: " + llvm::join(NotFollowed, ", "));
  if (!InLine.empty())
    Out.push_back("compared statement by statement and not path by path: " +
                  llvm::join(InLine, ", "));
  if (OldSideKept)
    Out.push_back("the old side is the old text, line for line");
  if (SecondRun)
    Out.push_back("a second run finds nothing to convert");
  return Out;
}

} // namespace vfio::rewriter
