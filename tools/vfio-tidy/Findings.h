//===- Findings.h - What the checks found, as plain values
//------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_TOOLS_VFIOTIDY_FINDINGS_H
#define VFIO_TOOLS_VFIOTIDY_FINDINGS_H

#include "report/Diff.h"
#include "tools/vfio-tidy/Analysis.h"
#include <map>

namespace vfio::tidy {

/// The files that findings are in, each read once.
class SourceTexts {
public:
  explicit SourceTexts(llvm::vfs::FileSystem &FS) : FS(FS) {}
  /// Empty where \p File cannot be read.
  const std::string &of(const std::string &File);

private:
  llvm::vfs::FileSystem &FS;
  std::map<std::string, std::string> Read;
};

/// The real path of \p Path, which is relative to \p Directory.
std::string located(llvm::StringRef Path, llvm::StringRef Directory);

/// A message at a place. Lines and columns count from 1; 0 is none.
struct Spot {
  std::string File; ///< absolute, real
  unsigned Line = 0, Column = 0;
  unsigned EndLine = 0, EndColumn = 0; ///< behind what is pointed at
  std::string Message;
};

/// One finding of a check.
struct Finding {
  std::string Check;
  std::string Level; ///< "warning" or "error"
  Spot Where;
  /// The function or variable at the top level of the file that holds it, and
  /// its lines; no name outside of all.
  std::string Inside;
  unsigned FirstLine = 0, LastLine = 0;
  std::vector<Spot> Notes;
  std::vector<FileChange> Fix;
  bool Known = false; ///< the baseline has it
  bool Fits = false;  ///< its fix contradicts none of those before it
  bool Fixed = false; ///< --fix has mended it
};

/// What \p Error is; \p Declarations are those of its source.
Finding describe(const clang::tidy::ClangTidyError &Error,
                 const std::vector<FunctionExtent> &Declarations,
                 SourceTexts &Texts);

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

#endif // VFIO_TOOLS_VFIOTIDY_FINDINGS_H
