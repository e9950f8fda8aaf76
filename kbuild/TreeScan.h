//===- TreeScan.h - Which sources of a tree can matter --------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A text search in front of the parser: a source is worth parsing when it, or
// a private header that it includes, names something of the API.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_KBUILD_TREESCAN_H
#define VFIO_KBUILD_TREESCAN_H

#include "kbuild/Input.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace vfio::kbuild {

/// The .c files below folder \p Root (sorted, real paths) that name one of
/// \p Names, themselves or through headers they include by "": whole words
/// only. Follows no symbolic link to a folder, nor looks at folders that hold
/// no driver (tools/, Documentation/, scripts/ of a kernel tree, hidden
/// folders). \p Jobs threads; 0 is one per core. What may hold one and cannot
/// be read goes to \p Unreadable.
std::vector<std::string> scanTree(llvm::StringRef Root,
                                  llvm::ArrayRef<std::string> Names,
                                  unsigned Jobs,
                                  std::vector<SkippedInput> &Unreadable);

/// What a scan of a tree came to.
struct TreeFound {
  std::vector<std::string> Files;
  std::vector<SkippedInput> Unreadable;
};

/// Has scanTree answer \p Found for \p Root, which was scanned for the same
/// names a moment ago.
void rememberScan(llvm::StringRef Root, TreeFound Found);

/// The same choice among the .c files \p Files (absolute, without dots), with
/// the headers that they include by "". Those that cannot be read go to
/// \p Unreadable.
std::vector<std::string> scanFiles(std::vector<std::string> Files,
                                   llvm::ArrayRef<std::string> Names,
                                   unsigned Jobs,
                                   std::vector<SkippedInput> &Unreadable);

} // namespace vfio::kbuild

#endif // VFIO_KBUILD_TREESCAN_H
