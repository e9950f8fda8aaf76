//===- UnusedMacros.cpp - Macros that a conversion leaves without a use ---===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/read/Tokens.h"
#include "rewriter/render/Cleanup.h"
#include "llvm/ADT/STLExtras.h"

namespace vfio::rewriter {

/// The name that the line \p Line defines; empty where it defines none.
static std::string definedIn(llvm::StringRef Line) {
  Tokens Words = tokensOf(Line);
  bool Defines = Words.size() > 2 && Words[0] == "#" && Words[1] == "define";
  return Defines ? Words[2] : std::string();
}

std::string dropUnusedMacros(llvm::StringRef Old, std::string New) {
  Tokens Before = tokensOf(Old), After = tokensOf(New);
  for (size_t At = 0; At < New.size();) {
    size_t End = New.find('\n', At);
    End = End == std::string::npos ? New.size() : End + 1;
    std::string Name = llvm::StringRef(New).substr(At).starts_with("#")
                           ? definedIn(llvm::StringRef(New).slice(At, End))
                           : std::string();
    if (Name.empty() || llvm::count(After, Name) != 1 ||
        llvm::count(Before, Name) < 2) {
      At = End;
      continue;
    }
    // A line that ends in a backslash goes on.
    while (llvm::StringRef(New).take_front(End).rtrim("\r\n").ends_with("\\") &&
           End < New.size()) {
      End = New.find('\n', End);
      End = End == std::string::npos ? New.size() : End + 1;
    }
    New.erase(At, End - At);
    // One blank line of the two around it is enough.
    if (At > 1 && New[At - 2] == '\n' && At < New.size() && New[At] == '\n')
      New.erase(At, 1);
  }
  return New;
}

} // namespace vfio::rewriter
