//===- WordSearch.h - Finding a few names in much text --------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A kernel tree is more than a gigabyte of sources of which a few dozen files
// matter, so the search is built around one fast loop that rules a block of
// text out.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_KBUILD_WORDSEARCH_H
#define VFIO_KBUILD_WORDSEARCH_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"
#include <string>
#include <vector>

namespace vfio::kbuild {

/// Looks for any of a set of identifiers, as whole words. Each has at least
/// four characters, and they begin in few ways: each way is one pass.
class WordSearch {
public:
  explicit WordSearch(llvm::ArrayRef<std::string> Names);

  /// True where \p Text has one of the names.
  bool foundIn(llvm::StringRef Text) const;

private:
  static constexpr size_t KeySize = 4;

  bool isNameAt(llvm::StringRef Text, size_t At) const;

  llvm::StringSet<> Names;
  std::vector<std::string> Keys; ///< how the names begin
};

/// The names that \p Text includes by #include "...", in order.
std::vector<llvm::StringRef> quotedIncludes(llvm::StringRef Text);
/// Those that it includes by #include <...>.
std::vector<llvm::StringRef> angledIncludes(llvm::StringRef Text);

} // namespace vfio::kbuild

#endif // VFIO_KBUILD_WORDSEARCH_H
