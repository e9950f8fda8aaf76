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

std::optional<std::vector<std::string>> devicesInText(const std::string &Text) {
  return TokenReader(Text).run();
}

} // namespace vfio::rewriter
