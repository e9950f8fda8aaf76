//===- StaleComments.cpp - Comments that may not be true any more ---------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A comment is prose: whether it is still true only a person can say. What can
// be said is which ones to read.
//
//===----------------------------------------------------------------------===//

#include "rewriter/read/StaleComments.h"
#include "contracts/ApiTable.h"
#include "clang/Basic/LangOptions.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace clang;

namespace vfio::rewriter {

namespace {
struct Comment {
  unsigned Begin, End;
};
} // namespace

static std::vector<Comment> commentsIn(llvm::StringRef Text) {
  LangOptions LO;
  LO.LineComment = true;
  Lexer L(SourceLocation::getFromRawEncoding(1), LO, Text.begin(), Text.begin(),
          Text.end());
  L.SetCommentRetentionState(true);
  std::vector<Comment> Out;
  Token T;
  do {
    L.LexFromRawLexer(T);
    unsigned End = L.getBufferLocation() - Text.begin();
    if (T.is(tok::comment))
      Out.push_back({End - T.getLength(), End});
  } while (T.isNot(tok::eof));
  return Out;
}

/// The words of a comment.
static std::vector<std::string> wordsOf(llvm::StringRef Text) {
  std::vector<std::string> Out(1);
  for (char C : Text) {
    if (llvm::isAlnum(C) || C == '_')
      Out.back() += C;
    else if (!Out.back().empty())
      Out.emplace_back();
  }
  return Out;
}

/// True where \p Words have a function of the old model's.
static bool namesOld(llvm::ArrayRef<std::string> Words) {
  return llvm::any_of(Words, [](llvm::StringRef W) {
    const ApiFunction *Api = findApi(W);
    return Api && (isOldInit(Api->Kind) || isOldUninit(Api->Kind));
  });
}

/// True where \p Words are about how something ends.
static bool speaksOfEnd(llvm::ArrayRef<std::string> Words) {
  return llvm::any_of(Words, [](llvm::StringRef W) {
    const ApiFunction *Api = findApi(W);
    std::string Lower = W.lower();
    return (Api && Api->Kind == Role::Free) ||
           llvm::StringRef(Lower).starts_with("free") ||
           llvm::is_contained({"uninit", "done", "lives", "owns", "owned"},
                              Lower);
  });
}

/// The lines from two above \p C to three below it, apart from its own.
static std::vector<std::string> around(llvm::StringRef Text, Comment C) {
  std::vector<std::string> Out;
  llvm::StringRef Above = Text.take_front(C.Begin), Below = Text.substr(C.End);
  Above = Above.rsplit('\n').first;
  for (unsigned I = 0; I < 2; ++I) {
    auto [Rest, Line] = Above.rsplit('\n');
    Out.push_back(Line.trim().str());
    Above = Rest;
  }
  for (unsigned I = 0; I < 4; ++I) {
    auto [Line, Rest] = Below.split('\n');
    Out.push_back(Line.trim().str());
    Below = Rest;
  }
  return Out;
}

std::vector<StaleComment> staleComments(llvm::StringRef Old,
                                        llvm::StringRef New) {
  std::vector<StaleComment> Out;
  llvm::StringMap<std::vector<std::string>> Before;
  for (Comment C : commentsIn(Old))
    Before[Old.slice(C.Begin, C.End)] = around(Old, C);
  for (Comment C : commentsIn(New)) {
    llvm::StringRef Text = New.slice(C.Begin, C.End);
    auto Was = Before.find(Text);
    std::vector<std::string> Words = wordsOf(Text);
    bool Moved = Was != Before.end() && Was->second != around(New, C);
    if (Was == Before.end() ||
        !(namesOld(Words) || (Moved && speaksOfEnd(Words))))
      continue;
    llvm::SmallVector<llvm::StringRef, 8> Lines;
    Text.trim("/* \t\n").split(Lines, '\n');
    std::string Line;
    for (llvm::StringRef L : Lines)
      Line += (Line.empty() ? "" : " ") + L.trim(" \t*\r").str();
    Out.push_back({unsigned(New.take_front(C.Begin).count('\n')) + 1, Line});
  }
  return Out;
}

} // namespace vfio::rewriter
