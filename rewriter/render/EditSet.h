//===- EditSet.h - Edits of a driver's files, as one change ---------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Collects edits over several files and several ASTs (a header that two TUs
// include is edited once), and makes the new texts. LLVM's Replacements do not
// know lines: a statement that goes must take its line with it, and leave the
// blank lines around it as a person would.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_EDITSET_H
#define VFIO_REWRITER_EDITSET_H

#include "clang/Basic/LangOptions.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/StringRef.h"
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace vfio::rewriter {

/// A stretch of a file: offsets in bytes, End exclusive.
struct FileRange {
  std::string File; ///< absolute, real; empty where the range is no text
  unsigned Begin = 0, End = 0;

  explicit operator bool() const { return !File.empty(); }
};

/// The text that the tokens of \p R span; empty where it begins or ends inside
/// a macro's body (nothing may be edited there).
FileRange fileRange(clang::CharSourceRange R, const clang::SourceManager &SM,
                    const clang::LangOptions &LO);
FileRange fileRange(clang::SourceRange R, const clang::SourceManager &SM,
                    const clang::LangOptions &LO);

/// The whole text of \p File as the parse saw it; none where it did not read
/// that.
std::optional<llvm::StringRef> parsedText(llvm::StringRef File,
                                          const clang::SourceManager &SM);

/// The bytes of \p R as the parse saw them.
std::string textOf(const FileRange &R, const clang::SourceManager &SM);

/// The absolute real path of \p F.
std::string realPath(clang::FileID F, const clang::SourceManager &SM);

class EditSet {
public:
  /// Makes \p File known with its text. To be called before edits of it.
  void addFile(llvm::StringRef File, llvm::StringRef Text);
  /// The same for the file of \p R, with the text that the parse of \p SM saw;
  /// false where \p R is empty, or the parse did not read it.
  bool addFile(const FileRange &R, const clang::SourceManager &SM);
  bool knows(llvm::StringRef File) const { return Files.count(File.str()); }
  llvm::StringRef original(llvm::StringRef File) const;

  /// Replaces \p R. The same replacement made twice counts once.
  void replace(const FileRange &R, llvm::StringRef Text);
  /// Inserts whole lines before the line that holds offset \p At. \p Text ends
  /// in a newline.
  void insertLinesBefore(llvm::StringRef File, unsigned At,
                         llvm::StringRef Text);
  /// Inserts whole lines after the line that holds offset \p At.
  void insertLinesAfter(llvm::StringRef File, unsigned At,
                        llvm::StringRef Text);
  /// Removes the statement \p R with its semicolon (which \p R may or may not
  /// include), and its whole line where nothing else stands on it.
  void removeStatement(const FileRange &R);

  /// Removes the whole lines from \p Begin to \p End, with what else is on
  /// them.
  void removeLines(llvm::StringRef File, unsigned Begin, unsigned End);

  /// The ranges that are edited in \p File; an insertion is an empty one.
  std::vector<FileRange> ranges(llvm::StringRef File) const;
  /// The files that have edits.
  std::vector<std::string> files() const;
  /// Where all that would be left between \p Begin and \p End is white space,
  /// removes the lines from \p OuterBegin to \p OuterEnd instead, with the
  /// edits in them; false otherwise.
  bool removeIfEmptied(llvm::StringRef File, unsigned Begin, unsigned End,
                       unsigned OuterBegin, unsigned OuterEnd);

  bool empty() const;
  /// True where two edits overlap: the change must not be used.
  bool conflict() const;
  /// The new text of each file that changed.
  std::map<std::string, std::string> apply() const;

  /// The indentation of the line that holds \p At.
  std::string indentAt(llvm::StringRef File, unsigned At) const;
  /// The offset of the first byte of the line that holds \p At.
  unsigned lineStart(llvm::StringRef File, unsigned At) const;
  /// The start of the line at \p At, or of the comment above it, which belongs
  /// to what follows.
  unsigned startWithComment(llvm::StringRef File, unsigned At) const;
  /// True where the line after the one that holds \p At is blank, or closes a
  /// block.
  bool blankAfter(llvm::StringRef File, unsigned At) const;
  /// The offset behind the newline of the line that holds \p At.
  unsigned lineEnd(llvm::StringRef File, unsigned At) const;

private:
  struct Edit {
    unsigned Begin, End;
    std::string Text;
    bool Lines; ///< whole lines go: blank lines around it are looked after
    unsigned Order;
  };
  struct OneFile {
    std::string Text;
    std::vector<Edit> Edits;
  };
  void add(llvm::StringRef File, Edit E);
  static std::string applyOne(const OneFile &F);

  std::map<std::string, OneFile> Files;
  unsigned NextOrder = 0;
};

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_EDITSET_H
