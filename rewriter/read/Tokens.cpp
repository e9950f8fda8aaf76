//===- Tokens.cpp - The tokens of a piece of C ----------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/read/Tokens.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;

namespace vfio::rewriter {

Tokens tokensOf(llvm::StringRef Text) {
  std::string Copy = Text.str(); // the lexer wants an end that it can read
  const char *Begin = Copy.data();
  LangOptions Options;
  Options.LineComment = true;
  Lexer Lex(SourceLocation(), Options, Begin, Begin, Begin + Copy.size());
  Tokens Out;
  Token T;
  const SourceLocation Start = Lex.getSourceLocation(Begin);
  while (!Lex.LexFromRawLexer(T)) {
    unsigned At = T.getLocation().getRawEncoding() - Start.getRawEncoding();
    Out.push_back(Copy.substr(At, T.getLength()));
  }
  if (T.isNot(tok::eof)) {
    unsigned At = T.getLocation().getRawEncoding() - Start.getRawEncoding();
    Out.push_back(Copy.substr(At, T.getLength()));
  }
  return Out;
}

bool hasWord(llvm::StringRef Text, llvm::StringRef Name) {
  return Text.contains(Name) && llvm::is_contained(tokensOf(Text), Name);
}

bool hasVariable(llvm::StringRef Text, llvm::StringRef Name) {
  if (!Text.contains(Name))
    return false;
  Tokens All = tokensOf(Text);
  for (size_t I = 0; I < All.size(); ++I)
    if (All[I] == Name && (I == 0 || (All[I - 1] != "." && All[I - 1] != "->")))
      return true;
  return false;
}

bool startsWith(llvm::ArrayRef<std::string> All, llvm::StringRef Start) {
  Tokens Wanted = tokensOf(Start);
  return All.size() >= Wanted.size() &&
         llvm::equal(All.take_front(Wanted.size()), Wanted);
}

} // namespace vfio::rewriter
