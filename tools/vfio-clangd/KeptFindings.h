//===- KeptFindings.h - Our findings until the next are made ------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_TOOLS_VFIOCLANGD_KEPTFINDINGS_H
#define VFIO_TOOLS_VFIOCLANGD_KEPTFINDINGS_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/JSON.h"
#include <map>
#include <mutex>
#include <string>

namespace vfio::clangd {

/// What the checks said last of each document that is open. It is shown beside
/// the compiler's diagnostics of a newer text until they have seen that, too:
/// nothing is to flicker while somebody types.
class KeptFindings {
public:
  /// Takes the findings of ours from \p Diagnostics, which are about \p Text.
  void keep(const std::string &Uri, const llvm::json::Array &Diagnostics,
            std::string Text);
  /// Puts them in the place of those in \p Diagnostics, each where its lines
  /// are in \p Text now. What changed itself says nothing.
  void putInto(llvm::json::Array &Diagnostics, const std::string &Uri,
               llvm::StringRef Text) const;
  void forget(const std::string &Uri);

private:
  struct Kept {
    std::string Text;
    llvm::json::Array Findings;
  };
  mutable std::mutex Lock;
  std::map<std::string, Kept> ByUri;
};

} // namespace vfio::clangd

#endif // VFIO_TOOLS_VFIOCLANGD_KEPTFINDINGS_H
