//===- NolintDirectives.cpp - Comments that silence a check ---------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/NolintDirectives.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/GlobPattern.h"

using namespace clang;
using llvm::StringRef;

namespace vfio::checks {

bool NolintDirective::names(StringRef Check) const {
  llvm::SmallVector<StringRef> List;
  StringRef(Globs).split(List, ',');
  bool Named = false;
  for (StringRef Glob : List) {
    Glob = Glob.trim();
    bool Not = Glob.consume_front("-");
    llvm::Expected<llvm::GlobPattern> Pattern = llvm::GlobPattern::create(Glob);
    if (!Pattern)
      llvm::consumeError(Pattern.takeError());
    else if (Pattern->match(Check))
      Named = !Not;
  }
  return Named;
}

static unsigned lineAt(StringRef Text, size_t Offset) {
  return unsigned(Text.take_front(Offset).count('\n')) + 1;
}

/// Adds the directives of the comment from \p Begin to \p End of \p Text.
static void read(StringRef Text, size_t Begin, size_t End,
                 std::vector<NolintDirective> &Out) {
  constexpr StringRef Word = "NOLINT";
  StringRef Comment = Text.slice(Begin, End);
  size_t LastLine = Comment.rfind('\n');
  for (size_t At = 0; (At = Comment.find(Word, At)) != StringRef::npos;) {
    NolintDirective D{NolintDirective::Line, unsigned(Begin + At), 0, false,
                      "*"};
    bool InWord =
        At && (llvm::isAlnum(Comment[At - 1]) || Comment[At - 1] == '_');
    StringRef Rest = Comment.drop_front(At += Word.size());
    if (Rest.consume_front("NEXTLINE"))
      D.What = NolintDirective::NextLine;
    else if (Rest.consume_front("BEGIN"))
      D.What = NolintDirective::Begin;
    else if (Rest.consume_front("END"))
      D.What = NolintDirective::End;
    if (InWord || (!Rest.empty() && (llvm::isAlnum(Rest[0]) || Rest[0] == '_')))
      continue;
    if (Rest.consume_front("("))
      D.Globs = Rest.take_until([](char C) { return C == ')'; }).str();
    D.Hidden = D.What == NolintDirective::NextLine &&
               LastLine != StringRef::npos && At < LastLine;
    D.ForLine = D.What == NolintDirective::NextLine ? lineAt(Text, End) + 1
                                                    : lineAt(Text, D.Offset);
    Out.push_back(std::move(D));
  }
}

std::vector<NolintDirective> nolintDirectives(StringRef Text) {
  std::vector<NolintDirective> All;
  if (!Text.contains("NOLINT"))
    return All;
  LangOptions Options;
  Options.LineComment = true;
  // The lexer wants a zero behind the text.
  std::string Copy = Text.str();
  Lexer Raw(SourceLocation(), Options, Copy.data(), Copy.data(),
            Copy.data() + Copy.size());
  Raw.SetCommentRetentionState(true);
  for (Token T; !Raw.LexFromRawLexer(T);)
    if (T.is(tok::comment)) {
      size_t End = Raw.getCurrentBufferOffset();
      read(Text, End - T.getLength(), End, All);
    }
  return All;
}

} // namespace vfio::checks
