//===- Proof.h - What was compared of a result ----------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each step of the verification notes what it did. What is printed is made of
// these notes: a step that did not run has no words.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_PROVE_PROOF_H
#define VFIO_REWRITER_PROVE_PROOF_H

#include "rewriter/Result.h"

namespace vfio::rewriter {

struct Proof {
  /// Files that were parsed against the target's API with nothing new to say.
  unsigned Parsed = 0;
  /// The headers at hand are of another generation: what the target declares
  /// was supplied.
  bool Supplied = false;
  /// Files in which all checks were silent.
  unsigned Checked = 0;
  /// They were read each by itself: what a function of another file does was
  /// not known to the checks.
  bool Apart = false;
  /// What checks say of other lives than the device's, which the conversion
  /// leaves as they were.
  std::vector<Step> Left;
  /// Ways out of functions whose events are those of the old code.
  unsigned Ways = 0, Functions = 0;
  /// Ways that a step mends, and functions that were not followed to their end
  /// and do not handle the device.
  unsigned Mended = 0;
  /// Ways that put what devm freed when they were over.
  unsigned PutForDevm = 0;
  std::vector<std::string> NotFollowed;
  /// Functions that were compared statement by statement instead.
  std::vector<std::string> InLine;
  /// Drivers of the old model that a second run was looking for found none.
  bool SecondRun = false;
  /// --keep-old: the old side is the old text.
  bool OldSideKept = false;

  /// One clause for each step that ran.
  std::vector<std::string> clauses() const;
};

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_PROVE_PROOF_H
