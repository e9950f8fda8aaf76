//===- Series.h - A patch series as maintainers take it -------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_SERIES_H
#define VFIO_REWRITER_SERIES_H

#include "report/SourceTree.h"
#include "rewriter/deliver/ChangeUnits.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"
#include <string>
#include <vector>

namespace vfio::git {
class Repository;
} // namespace vfio::git

namespace vfio::rewriter {

/// Fails with one line where \p Dir holds patches already, which would mix with
/// the new ones, or is no folder.
llvm::Error checkPatchFolder(const std::string &Dir);

/// Writes one patch a unit and a cover letter into \p Dir (numbered series in
/// folders of their own where there are more than 15), and says on \p Hints
/// what a person does with them.
llvm::Error writeSeries(const MigrationResult &Result,
                        llvm::ArrayRef<ChangeUnit> Units,
                        const std::string &Dir, llvm::raw_ostream &Hints);

/// What subjects of patches for each of \p Units begin with ("vfio/mdpy"):
/// from what \p Past (null: none) knows of the unit's files in \p Tree, else
/// from their path.
std::vector<std::string>
subjectPrefixes(llvm::ArrayRef<const ChangeUnit *> Units,
                const SourceTree &Tree, const git::Repository *Past);

/// Subject and body of the patch of \p Unit, wrapped as the kernel wants it.
/// \p Fixes has the commits that made the bugs which go with it, as such lines
/// have them: sha ("subject").
std::string commitMessage(const ChangeUnit &Unit, const MigrationResult &Result,
                          llvm::StringRef Prefix,
                          llvm::ArrayRef<std::string> Fixes);

/// The word that the subject of \p Unit's patch begins with behind its prefix.
llvm::StringRef subjectVerb(const ChangeUnit &Unit);

/// Subject and body of the letter that comes before the patches of \p Units.
std::string coverText(llvm::ArrayRef<const ChangeUnit *> Units);

/// \p Text in lines of at most 75 columns; \p First and \p Rest stand before
/// the first line and the others.
std::string wrapped(llvm::StringRef Text, llvm::StringRef First = "",
                    llvm::StringRef Rest = "");

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_SERIES_H
