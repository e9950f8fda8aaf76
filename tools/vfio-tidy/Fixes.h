//===- Fixes.h - What the fixes of findings do to the files ---------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_TOOLS_VFIOTIDY_FIXES_H
#define VFIO_TOOLS_VFIOTIDY_FIXES_H

#include "report/Diff.h"
#include "tools/vfio-tidy/Analysis.h"
#include "tools/vfio-tidy/SourceTexts.h"
#include "llvm/ADT/StringMap.h"

namespace vfio::tidy {

/// The real path of \p Path, which is relative to \p Directory.
std::string located(llvm::StringRef Path, llvm::StringRef Directory);

/// The functions and variables at the top level of the files, by file.
class Declarations {
public:
  /// Takes those of a source that was analysed in \p Directory.
  void add(llvm::ArrayRef<FunctionExtent> Of, llvm::StringRef Directory);
  /// To be called when all are there.
  void sort();
  /// The one of \p File that holds \p Offset, or null.
  const FunctionExtent *at(llvm::StringRef File, unsigned Offset) const;
  /// The bytes of \p File, of \p Size bytes, around \p Begin to \p End that no
  /// further declaration is in: text that can be understood by itself.
  std::pair<unsigned, unsigned> around(llvm::StringRef File, unsigned Begin,
                                       unsigned End, unsigned Size) const;

private:
  llvm::StringMap<std::vector<FunctionExtent>> ByFile; ///< in order
};

/// What the fix of \p Error does; nothing where it has none that can be made.
std::vector<FileFix> fixOf(const clang::tidy::ClangTidyError &Error,
                           const Declarations &Known, SourceTexts &Texts);

/// For each of \p Errors whether it has a fix that fits to those before it.
std::vector<bool>
fixesThatFit(const std::vector<clang::tidy::ClangTidyError> &Errors,
             SourceTexts &Texts);

/// All fixes of \p Errors together. One that contradicts those before it is
/// left out, and counted in \p Dropped.
std::vector<FileChange>
combinedFixes(const std::vector<clang::tidy::ClangTidyError> &Errors,
              SourceTexts &Texts, unsigned &Dropped);

} // namespace vfio::tidy

#endif // VFIO_TOOLS_VFIOTIDY_FIXES_H
