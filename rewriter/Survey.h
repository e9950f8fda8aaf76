//===- Survey.h - What the first pass keeps of an input -------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_SURVEY_H
#define VFIO_REWRITER_SURVEY_H

#include "rewriter/ResultWire.h"
#include "rewriter/WorthParsing.h"
#include "rewriter/read/Program.h"
#include <optional>

namespace vfio::rewriter {

/// What the first pass keeps of one TU.
struct Survey {
  std::string File;
  Generation Gen = Generation::DriverFrees;
  Place FirstCall;                  ///< of the model before the old one
  std::vector<std::string> Records; ///< keys of structures with a device
  bool Old = false, New = false, TooOld = false;
  std::string FirstError; ///< of the parse; empty without one
  std::string LeftOut;    ///< by the preprocessor; empty where nothing is
  std::vector<std::string> Headers; ///< of the driver's own
  /// No structure with a device is in a header.
  bool Alone = true;
  /// What came of it, where it was converted by itself, to \c Target.
  std::optional<MigrationResult> Done;
  std::string Problem; ///< why it could not even be parsed
};

template <typename Wire> void wire(Wire &W, Survey &S) {
  auto &[File, Gen, FirstCall, Records, Old, New, TooOld, FirstError, LeftOut,
         Headers, Alone, Done, Problem] = S;
  W.all(File, Gen, FirstCall, Records, Old, New, TooOld, FirstError, LeftOut,
        Headers, Alone, Done, Problem);
}

/// \p U, parsed once more where that makes members known that its headers lost.
std::unique_ptr<Unit> withOldMembers(const kbuild::InputSet &Set,
                                     std::unique_ptr<Unit> U);

/// The plain facts of \p U.
Survey surveyOf(const Unit &U);

/// Those of \p File, whose text shows that there is nothing to convert.
Survey surveyOfText(llvm::StringRef File, Worth::New New);

/// The result for the driver of \p Record in \p File, which needs nothing. An
/// empty \p Record is one that nobody asked for.
DriverResult alreadyNew(llvm::StringRef Record, llvm::StringRef File);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_SURVEY_H
