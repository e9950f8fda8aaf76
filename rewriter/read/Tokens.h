//===- Tokens.h - The tokens of a piece of C ------------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For text that no syntax tree has: what the preprocessor left out, what stands
// in a macro's argument, what is about to be written.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_READ_TOKENS_H
#define VFIO_REWRITER_READ_TOKENS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace vfio::rewriter {

using Tokens = std::vector<std::string>;

/// The tokens of \p Text by clang's lexer, as they are spelled, without
/// comments.
Tokens tokensOf(llvm::StringRef Text);

/// True where \p Text has the token \p Name.
bool hasWord(llvm::StringRef Text, llvm::StringRef Name);

/// The same, where it is not behind a dot or an arrow.
bool hasVariable(llvm::StringRef Text, llvm::StringRef Name);

/// True where \p All begins with the tokens of \p Start.
bool startsWith(llvm::ArrayRef<std::string> All, llvm::StringRef Start);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_READ_TOKENS_H
