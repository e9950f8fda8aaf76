//===- HtmlText.cpp - Text and source code as HTML ------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "report/HtmlText.h"
#include "contracts/ApiTable.h"
#include "report/HtmlStyle.h"
#include "clang/Basic/IdentifierTable.h"
#include "clang/Basic/LangOptions.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

namespace vfio {

using llvm::StringRef;

std::string htmlEscaped(StringRef Text) {
  // Control characters have no place in HTML, not even escaped.
  std::string Clean = llvm::json::fixUTF8(Text);
  for (char &C : Clean)
    if ((C >= 0 && C < ' ' && C != '\n' && C != '\t') || C == 127)
      C = '?';
  std::string Result;
  llvm::raw_string_ostream OS(Result);
  llvm::printHTMLEscaped(Clean, OS);
  return Result;
}

std::string htmlPath(llvm::StringRef Path) {
  std::string Out;
  while (!Path.empty()) {
    size_t End = Path.find('/') == llvm::StringRef::npos ? Path.size()
                                                         : Path.find('/') + 1;
    Out += htmlEscaped(Path.take_front(End));
    Path = Path.drop_front(End);
    if (!Path.empty() && End > 1)
      Out += "<wbr>";
  }
  return Out;
}

namespace {
/// Splits marked text into lines; a mark that spans lines is made anew on each.
class LineBuilder {
public:
  void add(StringRef Text, StringRef Class) {
    while (true) {
      auto [Line, Rest] = Text.split('\n');
      bool Ends = Line.size() < Text.size();
      addPart(Line.rtrim('\r'), Class);
      if (!Ends)
        return;
      Lines.push_back(std::move(Current));
      Current.clear();
      Text = Rest;
    }
  }
  std::vector<std::string> take() {
    if (!Current.empty())
      Lines.push_back(std::move(Current));
    return std::move(Lines);
  }

private:
  void addPart(StringRef Text, StringRef Class) {
    if (Text.empty())
      return;
    if (Class.empty())
      Current += htmlEscaped(Text);
    else
      Current +=
          "<span class=" + Class.str() + ">" + htmlEscaped(Text) + "</span>";
  }
  std::vector<std::string> Lines;
  std::string Current;
};
} // namespace

/// The class of style for \p Tok, of which \p Text is the spelling; empty for
/// plain text.
static StringRef classOf(const clang::Token &Tok, StringRef Text,
                         clang::IdentifierTable &Names) {
  if (Tok.is(clang::tok::comment))
    return "c";
  if (clang::tok::isStringLiteral(Tok.getKind()) ||
      Tok.is(clang::tok::char_constant))
    return "s";
  if (!Tok.is(clang::tok::raw_identifier))
    return "";
  const ApiFunction *Api = findApi(Text);
  if (Text == "vfio_alloc_device" || (Api && Text.contains("vfio_")))
    return "a";
  return Names.get(Text).isKeyword(clang::LangOptions()) ? "k" : "";
}

std::vector<std::string> highlightedLines(StringRef Source) {
  clang::LangOptions Options;
  Options.C11 = Options.GNUMode = Options.LineComment = true;
  clang::IdentifierTable Names(Options);
  std::string Text = Source.str(); // the lexer wants a NUL behind it
  const char *Begin = Text.data(), *End = Begin + Text.size();
  clang::Lexer Lex(clang::SourceLocation(), Options, Begin, Begin, End);
  Lex.SetKeepWhitespaceMode(true);

  LineBuilder Lines;
  const char *At = Begin;
  while (At < End) {
    clang::Token Tok;
    bool Last = Lex.LexFromRawLexer(Tok);
    const char *Next = Lex.getBufferLocation();
    StringRef Spelling(At, Next - At);
    Lines.add(Spelling, classOf(Tok, Spelling, Names));
    At = Next;
    if (Last || Spelling.empty())
      break;
  }
  Lines.add(StringRef(At, End - At), ""); // a NUL byte ends the lexer early
  return Lines.take();
}

std::string htmlHead(StringRef Title, StringRef Heading) {
  return (llvm::Twine(
              "<!DOCTYPE html>\n<html lang=en><head><meta charset=utf-8>\n"
              "<meta name=viewport content=\"width=device-width, "
              "initial-scale=1\">\n<meta http-equiv=Content-Security-Policy "
              "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
              "<title>") +
          htmlEscaped(Title) + "</title>\n<style>" + HtmlStyle +
          "</style></head>\n<body><main>\n<h1>" + Heading + "</h1>\n")
      .str();
}

} // namespace vfio
