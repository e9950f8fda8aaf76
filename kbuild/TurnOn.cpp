//===- TurnOn.cpp - What would have code compiled that is left out --------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/TurnOn.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

using namespace clang;

namespace vfio::kbuild {

namespace {

using Tokens = std::vector<Token>;

/// Whether a part of a condition can be made what is wanted. A question of
/// numbers is as it is: maybe so.
enum Chance { No, Maybe, Yes };

/// Finds out what makes a condition true or false.
class Solver {
public:
  explicit Solver(Preprocessor &PP) : PP(PP) {}

  /// Adds to \c names() what makes \p Condition be \p Truth; No where nothing
  /// does.
  Chance solve(const Tokens &Condition, bool Truth) {
    All = Condition;
    At = 0;
    return anyOf(Truth);
  }

  const std::vector<std::string> &names() const { return Names; }

private:
  const Token *next() const { return At < All.size() ? &All[At] : nullptr; }
  bool take(tok::TokenKind Kind) {
    if (!next() || next()->isNot(Kind))
      return false;
    ++At;
    return true;
  }
  Chance joined(tok::TokenKind By, bool Truth, bool Every,
                Chance (Solver::*Part)(bool));
  Chance anyOf(bool Truth) {
    return joined(tok::pipepipe, Truth, !Truth, &Solver::allOf);
  }
  Chance allOf(bool Truth) {
    return joined(tok::ampamp, Truth, Truth, &Solver::one);
  }
  Chance one(bool Truth);
  Chance primary(bool Truth);
  Chance named(StringRef Name, bool Truth);
  Chance define(StringRef Name, bool Truth);
  StringRef nameInParens();
  void skipOperand();

  Preprocessor &PP;
  Tokens All;
  size_t At = 0;
  std::vector<std::string> Names;
};

} // namespace

/// Parts that \p By joins, of which each must be \p Truth where \p Every, and
/// one where not: the first that surely can.
Chance Solver::joined(tok::TokenKind By, bool Truth, bool Every,
                      Chance (Solver::*Part)(bool)) {
  Chance Result = Every ? Yes : No;
  do {
    std::vector<std::string> Before = Names;
    Chance Can = (this->*Part)(Truth);
    if (Every) {
      Result = std::min(Result, Can);
      continue;
    }
    if (Can <= Result)
      Names = std::move(Before);
    Result = std::max(Result, Can);
  } while (take(By));
  return Result;
}

Chance Solver::one(bool Truth) {
  if (take(tok::exclaim))
    return one(!Truth);
  size_t Begin = At;
  std::vector<std::string> Before = Names;
  Chance Can = primary(Truth);
  // Part of a comparison, or of a sum: a question of numbers.
  if (next() && !next()->isOneOf(tok::ampamp, tok::pipepipe, tok::r_paren)) {
    Names = std::move(Before);
    At = Begin;
    skipOperand();
    return Maybe;
  }
  return Can;
}

/// Passes by all up to the next "&&", "||" or ")".
void Solver::skipOperand() {
  for (unsigned Depth = 0; next(); ++At) {
    if (!Depth && next()->isOneOf(tok::ampamp, tok::pipepipe, tok::r_paren))
      return;
    if (next()->is(tok::l_paren))
      ++Depth;
    else if (next()->is(tok::r_paren))
      --Depth;
  }
}

/// The name in "(NAME)" or "NAME"; empty where it is something else.
StringRef Solver::nameInParens() {
  bool Parens = take(tok::l_paren);
  StringRef Name;
  if (next() && next()->is(tok::raw_identifier))
    Name = All[At++].getRawIdentifier();
  if (Parens && !take(tok::r_paren))
    return {};
  return Name;
}

Chance Solver::primary(bool Truth) {
  if (take(tok::l_paren)) {
    Chance Can = anyOf(Truth);
    take(tok::r_paren);
    return Can;
  }
  if (!next())
    return Maybe;
  const Token &Tok = All[At++];
  if (Tok.is(tok::raw_identifier))
    return named(Tok.getRawIdentifier(), Truth);
  unsigned Value = 0;
  StringRef Text = Tok.is(tok::numeric_constant)
                       ? StringRef(Tok.getLiteralData(), Tok.getLength())
                       : "";
  if (Text.consumeInteger(0, Value))
    return Maybe;
  return (Value != 0) == Truth ? Yes : No;
}

/// What begins with \p Name.
Chance Solver::named(StringRef Name, bool Truth) {
  if (Name == "defined")
    return define(nameInParens(), Truth);
  // The kernel's questions about its configuration.
  if (llvm::is_contained({"IS_ENABLED", "IS_REACHABLE", "IS_BUILTIN"}, Name)) {
    StringRef Symbol = nameInParens();
    if (Name != "IS_BUILTIN" && PP.isMacroDefined((Symbol + "_MODULE").str()))
      return Truth ? Yes : No;
    return define(Symbol, Truth);
  }
  if (Name == "IS_MODULE")
    return define((nameInParens() + "_MODULE").str(), Truth);
  if (next() && next()->is(tok::l_paren)) {
    skipOperand();
    return Maybe;
  }
  // A number behind a name is as it is; without one it is 0.
  return PP.isMacroDefined(Name) ? Maybe : define(Name, Truth);
}

/// Wants \p Name to be defined, or not to be.
Chance Solver::define(StringRef Name, bool Truth) {
  bool IsNew = !PP.isMacroDefined(Name) && !llvm::is_contained(Names, Name);
  if (Name.empty() || (!Truth && !IsNew))
    return No;
  if (Truth && IsNew)
    Names.push_back(Name.str());
  return Yes;
}

namespace {

/// An "#if" with what came of it so far.
struct Frame {
  unsigned Line;             ///< offset of the directive that leads on
  std::vector<std::pair<Tokens, bool>> Wanted; ///< conditions, as they must be
};

/// Reads a file's directives up to a place in it.
class Directives {
public:
  Directives(const SourceManager &SM, const LangOptions &Lang, FileID File,
             StringRef Text)
      : SM(SM), Lex(SM.getLocForStartOfFile(File), Lang, Text.begin(),
                    Text.begin(), Text.end()) {}

  /// What the code at offset \p To stands under, from the outside.
  std::vector<Frame> readTo(unsigned To);

private:
  void directive(unsigned Offset);
  Tokens restOfLine();

  const SourceManager &SM;
  Lexer Lex;
  std::vector<Frame> Open;
};

} // namespace

Tokens Directives::restOfLine() {
  Tokens Out;
  Token Tok;
  for (Lex.LexFromRawLexer(Tok); !Tok.isOneOf(tok::eod, tok::eof);
       Lex.LexFromRawLexer(Tok))
    Out.push_back(Tok);
  return Out;
}

/// One that begins at \p Offset.
void Directives::directive(unsigned Offset) {
  Lex.setParsingPreprocessorDirective(true);
  Tokens Line = restOfLine();
  Lex.setParsingPreprocessorDirective(false);
  if (Line.empty() || Line.front().isNot(tok::raw_identifier))
    return;
  StringRef Name = Line.front().getRawIdentifier();
  Line.erase(Line.begin());
  if (Name == "endif") {
    if (!Open.empty())
      Open.pop_back();
    return;
  }
  bool Begins = Name.starts_with("if");
  if (!Begins && !Name.starts_with("el"))
    return;
  if (Begins)
    Open.emplace_back();
  else if (Open.empty())
    return;
  Frame &F = Open.back();
  F.Line = Offset;
  if (!F.Wanted.empty()) // the branch before it is not to be taken
    F.Wanted.back().second = !F.Wanted.back().second;
  if (Name == "else")
    return;
  // A bare name behind "ifdef" is "defined NAME".
  if (Name.ends_with("def")) {
    static constexpr llvm::StringLiteral Word = "defined";
    Token Defined;
    Defined.startToken();
    Defined.setKind(tok::raw_identifier);
    Defined.setLength(Word.size());
    Defined.setRawIdentifierData(Word.data());
    Line.insert(Line.begin(), Defined);
  }
  F.Wanted.push_back({std::move(Line), !Name.ends_with("ndef")});
}

std::vector<Frame> Directives::readTo(unsigned To) {
  Token Tok;
  for (Lex.LexFromRawLexer(Tok); Tok.isNot(tok::eof);
       Lex.LexFromRawLexer(Tok)) {
    unsigned Offset = SM.getFileOffset(Tok.getLocation());
    if (Offset >= To)
      break;
    if (Tok.is(tok::hash) && Tok.isAtStartOfLine())
      directive(Offset);
  }
  return std::move(Open);
}

std::optional<std::vector<std::string>> namesToTurnOn(Preprocessor &PP,
                                                      SourceRange Skipped,
                                                      SourceLocation Where) {
  const SourceManager &SM = PP.getSourceManager();
  auto [File, To] = SM.getDecomposedLoc(Where);
  bool Invalid = false;
  StringRef Text = SM.getBufferData(File, &Invalid);
  if (Invalid)
    return std::nullopt;
  unsigned From = SM.getFileOffset(Skipped.getBegin());
  Solver All(PP);
  for (const Frame &F :
       Directives(SM, PP.getLangOpts(), File, Text).readTo(To)) {
    if (F.Line < From)
      continue; // the preprocessor has come in here
    for (const auto &[Condition, Truth] : F.Wanted)
      if (All.solve(Condition, Truth) == No)
        return std::nullopt;
  }
  if (All.names().empty())
    return std::nullopt;
  return All.names();
}

} // namespace vfio::kbuild
