//===- Drafts.h - The texts that the editor has open --------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_TOOLS_VFIOCLANGD_DRAFTS_H
#define VFIO_TOOLS_VFIOCLANGD_DRAFTS_H

#include "llvm/Support/JSON.h"
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace vfio::clangd {

/// Follows the editor's messages, so that an action can work on text that is
/// not saved yet.
class Drafts {
public:
  /// A message from the editor.
  void notice(llvm::StringRef Method, const llvm::json::Object &Params);
  /// The text of a document that is open.
  std::optional<std::string> text(llvm::StringRef Uri) const;
  /// What the LSP range \p Range of an open document covers; empty where it is
  /// not open.
  std::string textAt(llvm::StringRef Uri,
                     const llvm::json::Object *Range) const;
  /// The identifier at an LSP position of an open document.
  std::string wordAt(llvm::StringRef Uri,
                     const llvm::json::Object *Position) const;
  /// All texts that are open, by the path of their file.
  std::map<std::string, std::string> files() const;

private:
  mutable std::mutex Lock;
  std::map<std::string, std::string, std::less<>> Texts; ///< by URI
};

/// The path of a file: URI; empty where \p Uri is none.
std::string pathOf(llvm::StringRef Uri);

/// Line \p Number (from 0) of \p Text, without its end.
llvm::StringRef lineOf(llvm::StringRef Text, size_t Number);

} // namespace vfio::clangd

#endif // VFIO_TOOLS_VFIOCLANGD_DRAFTS_H
