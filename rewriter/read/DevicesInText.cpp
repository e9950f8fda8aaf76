//===- DevicesInText.cpp - The devices that a source's text prepares ------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/read/DevicesInText.h"
#include "contracts/ApiTable.h"
#include "clang/Basic/LangOptions.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace clang;

namespace vfio::rewriter {

namespace {

/// The tokens of a text, in order; comments are not among them.
class TokenReader {
public:
  explicit TokenReader(const std::string &Text)
      : Lex(SourceLocation(), LangOptions(), Text.data(), Text.data(),
            Text.data() + Text.size()) {
    for (const std::string &Name : preparationNames())
      Prepares.insert(Name);
  }

  std::optional<std::vector<std::string>> run() {
    next();
    while (Known && Now.isNot(tok::eof))
      step();
    if (!Known || Depth)
      return std::nullopt;
    return std::move(Found);
  }

private:
  void next() { Lex.LexFromRawLexer(Now); }
  llvm::StringRef name() const {
    return Now.is(tok::raw_identifier) ? Now.getRawIdentifier()
                                       : llvm::StringRef();
  }

  /// Reads one token, or a directive, or the begin of a call.
  void step() {
    if (Now.is(tok::hash) && Now.isAtStartOfLine())
      return directive();
    if (Now.is(tok::l_brace) && !Depth++)
      Function = Candidate;
    if (Now.is(tok::r_brace) && !Depth--)
      Known = false;
    std::string Name = name().str();
    next();
    if (Name.empty())
      return;
    bool Called = Now.is(tok::l_paren);
    if (!Depth && Called)
      Candidate = Name;
    if (Depth && Prepares.contains(Name))
      prepare(Name, Called);
  }

  /// A macro that has one of the names is not what it looks like.
  void directive() {
    do {
      Known &= !Prepares.contains(name());
      next();
    } while (!Now.isAtStartOfLine() && Now.isNot(tok::eof));
  }

  void prepare(llvm::StringRef Name, bool Called) {
    if (findApi(Function))
      return;
    std::string Tag;
    if (Called && Name == "vfio_alloc_device") {
      next();
      Tag = name().str();
      next();
      Called = !Tag.empty() && Now.is(tok::comma);
    }
    Known &= Called;
    if (!llvm::is_contained(Found, Tag))
      Found.push_back(Tag);
  }

  Lexer Lex;
  Token Now;
  llvm::StringSet<> Prepares;
  bool Known = true;
  unsigned Depth = 0; ///< of braces
  /// The last name before a parenthesis outside of braces, and that of the
  /// function whose braces these are.
  std::string Candidate, Function;
  std::vector<std::string> Found;
};

} // namespace

namespace {

/// What the tokens of a source say of the other parts of the new model.
class PartsReader {
public:
  explicit PartsReader(const std::string &Text) {
    Lexer Lex(SourceLocation(), LangOptions(), Text.data(), Text.data(),
              Text.data() + Text.size());
    Token T;
    for (Lex.LexFromRawLexer(T); T.isNot(tok::eof); Lex.LexFromRawLexer(T))
      All.push_back(T);
  }

  /// True where a device is put, each table has a release, and no variable of
  /// the structures \p Tags is given to a function that frees memory.
  bool isWhole(llvm::ArrayRef<std::string> Tags) const {
    llvm::StringSet<> Devices;
    bool Puts = false, Tables = false;
    for (size_t I = 0; I < All.size(); ++I)
      if (name(I) == "struct" && llvm::is_contained(Tags, name(I + 1)) &&
          is(I + 2, tok::star))
        Devices.insert(name(I + 3));
    for (size_t I = 0; I < All.size(); ++I) {
      const ApiFunction *Api =
          is(I + 1, tok::l_paren) ? findApi(name(I)) : nullptr;
      Puts |= Api && Api->Kind == Role::PutDevice;
      if (Api && isFree(Api->Kind) && mayFree(I + 2, Devices))
        return false;
      if (name(I) != "vfio_device_ops" || !isInitialised(I))
        continue;
      if (!hasRelease(I))
        return false;
      Tables = true;
    }
    return Puts && Tables;
  }

private:
  bool is(size_t I, tok::TokenKind Kind) const {
    return I < All.size() && All[I].is(Kind);
  }
  llvm::StringRef name(size_t I) const {
    return is(I, tok::raw_identifier) ? All[I].getRawIdentifier()
                                      : llvm::StringRef();
  }

  /// What is freed, from \p I on, is one of \p Devices, or a call.
  bool mayFree(size_t I, const llvm::StringSet<> &Devices) const {
    return is(I + 1, tok::l_paren) ||
           (is(I + 1, tok::r_paren) && Devices.contains(name(I)));
  }

  /// The name of the table type at \p I begins a definition with a value.
  bool isInitialised(size_t &I) const {
    while (!name(I + 1).empty() || is(I + 1, tok::l_square) ||
           is(I + 1, tok::r_square) || is(I + 1, tok::numeric_constant))
      ++I;
    return is(I + 1, tok::equal);
  }

  /// The braces behind \p I name a release in the outermost one.
  bool hasRelease(size_t I) const {
    unsigned Depth = 0;
    for (I += 2; I < All.size(); ++I) {
      Depth += is(I, tok::l_brace);
      if (Depth == 1 && is(I, tok::period) && name(I + 1) == "release")
        return true;
      Depth -= is(I, tok::r_brace);
      if (!Depth)
        return false;
    }
    return false;
  }

  std::vector<Token> All;
};

} // namespace

std::optional<std::vector<std::string>> devicesInText(const std::string &Text) {
  std::optional<std::vector<std::string>> Found = TokenReader(Text).run();
  if (Found && !Found->empty() && !PartsReader(Text).isWhole(*Found))
    return std::nullopt;
  return Found;
}

} // namespace vfio::rewriter
