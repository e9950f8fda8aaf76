//===- SourceWords.cpp - Which sources name what --------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/SourceWords.h"
#include "kbuild/Paths.h"
#include "kbuild/WordSearch.h"
#include "clang/Basic/LangOptions.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <optional>

using namespace llvm;

namespace vfio::kbuild {

static bool isWordChar(char C) { return isAlnum(C) || C == '_'; }

/// Calls \p Visit with each word of \p Text.
static void forEachWord(StringRef Text, function_ref<void(StringRef)> Visit) {
  while (!(Text = Text.drop_until(isWordChar)).empty()) {
    StringRef Word = Text.take_while(isWordChar);
    Visit(Word);
    Text = Text.drop_front(Word.size());
  }
}

//===- Words outside of braces --------------------------------------------===//

namespace {

/// Counts the braces of a text, and visits the words outside of all.
class TopReader {
public:
  explicit TopReader(StringRef Text)
      : L(clang::SourceLocation(), options(), Text.begin(), Text.begin(),
          Text.end()) {}

  /// False where the braces do not add up, and nobody knows what is inside.
  bool forEachWord(function_ref<void(StringRef)> Visit);

private:
  static const clang::LangOptions &options() {
    static const clang::LangOptions Options = [] {
      clang::LangOptions Out;
      Out.LineComment = true;
      return Out;
    }();
    return Options;
  }
  bool directive(clang::Token &T);

  bool condition(StringRef Word);

  /// How deep a condition begins, and its branches end.
  struct Condition {
    int Begin;
    std::optional<int> End;
  };
  clang::Lexer L;
  int Depth = 0;
  std::vector<Condition> Around;
};

} // namespace

/// Reads the directive \p Word. Each branch of a condition begins as deep as
/// the first, and has to end as deep.
bool TopReader::condition(StringRef Word) {
  if (Word == "if" || Word == "ifdef" || Word == "ifndef") {
    Around.push_back({Depth, std::nullopt});
    return true;
  }
  if (!Word.starts_with("el") && Word != "endif")
    return true;
  if (Around.empty())
    return false;
  Condition &C = Around.back();
  if (Depth != C.End.value_or(Word == "endif" ? C.Begin : Depth))
    return false;
  C.End = Depth;
  if (Word == "endif")
    Around.pop_back();
  else
    Depth = C.Begin;
  return true;
}

/// Reads the line of a directive, whose '#' was read, and the token behind it.
bool TopReader::directive(clang::Token &T) {
  using namespace clang;
  L.LexFromRawLexer(T);
  bool Good = !T.is(tok::raw_identifier) || T.isAtStartOfLine() ||
              condition(T.getRawIdentifier());
  while (!T.is(tok::eof) && !T.isAtStartOfLine())
    L.LexFromRawLexer(T);
  return Good;
}

bool TopReader::forEachWord(function_ref<void(StringRef)> Visit) {
  using namespace clang;
  Token T;
  L.LexFromRawLexer(T);
  while (!T.is(tok::eof)) {
    if (T.is(tok::hash) && T.isAtStartOfLine()) {
      if (!directive(T))
        return false;
      continue;
    }
    if (T.is(tok::raw_identifier) && Depth == 0)
      Visit(T.getRawIdentifier());
    Depth += T.is(tok::l_brace);
    Depth -= T.is(tok::r_brace);
    if (Depth < 0)
      return false;
    L.LexFromRawLexer(T);
  }
  return Depth == 0 && Around.empty();
}

//===- Files --------------------------------------------------------------===//

/// Notes the macros that \p T defines, each with its lines.
void SourceWords::readMacros(Text &T) {
  StringRef Rest = T.Buffer;
  while (!Rest.empty()) {
    size_t End = Rest.find('\n');
    while (End != StringRef::npos && End && Rest[End - 1] == '\\')
      End = Rest.find('\n', End + 1);
    StringRef Line = Rest.take_front(End).ltrim();
    Rest = End == StringRef::npos ? "" : Rest.drop_front(End + 1);
    if (!Line.consume_front("#"))
      continue;
    Line = Line.ltrim();
    if (!Line.consume_front("define"))
      continue;
    Line = Line.ltrim();
    StringRef Name = Line.take_while(isWordChar);
    T.Macros.push_back(
        {CachedHashStringRef(Name), Line.drop_front(Name.size())});
  }
}

void SourceWords::read(const std::string &File, Text &T) {
  T.Buffer = readText(File);
  ++T.Version;
  T.All.clear();
  T.Macros.clear();
  T.Headers.clear();
  forEachWord(T.Buffer,
              [&](StringRef Word) { T.All.insert(CachedHashStringRef(Word)); });
  readMacros(T);
  StringRef Folder = sys::path::parent_path(File);
  for (StringRef Name : quotedIncludes(T.Buffer))
    T.Headers.push_back(realPath(pathIn(Folder, Name)));
}

SourceWords::Text &SourceWords::textOf(const std::string &File) {
  Text &T = Texts[File];
  if (T.Looked == Time)
    return T;
  T.Looked = Time;
  sys::fs::file_status Now;
  if (sys::fs::status(File, Now))
    Now = sys::fs::file_status();
  if (!T.Version || Now.getLastModificationTime() != T.Changed ||
      Now.getSize() != T.Size)
    read(File, T);
  T.Changed = Now.getLastModificationTime();
  T.Size = Now.getSize();
  return T;
}

/// The texts of \p File and of the headers beside it that it includes.
std::vector<const SourceWords::Text *>
SourceWords::withHeaders(const std::string &File) {
  constexpr size_t Most = 64;
  std::vector<std::string> Paths = {File};
  std::vector<const Text *> Out;
  for (size_t I = 0; I != Paths.size(); ++I) {
    const Text &T = textOf(Paths[I]);
    Out.push_back(&T);
    for (const std::string &Header : T.Headers)
      if (!Header.empty() && Paths.size() < Most &&
          !is_contained(Paths, Header))
        Paths.push_back(Header);
  }
  return Out;
}

//===- Names --------------------------------------------------------------===//

/// Adds what the macros of \p By that it has stand for, and so on.
void SourceWords::Words::expand(const Bodies &By) {
  std::vector<CachedHashStringRef> Work(Whole.begin(), Whole.end());
  while (!Work.empty()) {
    auto It = By.find(Work.back());
    Work.pop_back();
    if (It == By.end())
      continue;
    for (StringRef Body : It->second) {
      bool Pastes = Body.contains("##");
      forEachWord(Body, [&](StringRef Word) {
        CachedHashStringRef Hashed(Word);
        if (Whole.insert(Hashed).second)
          Work.push_back(Hashed);
        if (Pastes && Word.size() > 2)
          Parts.insert(Hashed);
      });
    }
  }
}

/// True where \p Name can be pasted of words of \p All and of its own.
bool SourceWords::Words::makeUp(StringRef Name, const WordSet &All) const {
  if (none_of(Parts, [&](const CachedHashStringRef &Part) {
        return Name.starts_with(Part.val()) || Name.ends_with(Part.val());
      }))
    return false;
  std::vector<bool> Reached(Name.size() + 1); // by words one after the other
  Reached[0] = true;
  for (size_t From = 0; From != Name.size(); ++From)
    for (size_t To = From + 1; Reached[From] && To <= Name.size(); ++To) {
      CachedHashStringRef Piece(Name.slice(From, To));
      if (!Reached[To] && (All.contains(Piece) || Whole.contains(Piece)))
        Reached[To] = true;
    }
  return Reached.back();
}

/// What the macros of the texts that \p M is made from stand for.
SourceWords::Bodies SourceWords::macrosOf(const Made &M) {
  Bodies By;
  for (const auto &[T, Version] : M.From)
    for (const auto &[Macro, Body] : T->Macros)
      By[Macro].push_back(Body);
  return By;
}

SourceWords::Words SourceWords::anywhere(const Made &M) {
  Words Out;
  Out.Whole = M.From.front().first->All; // its source's come first
  Out.expand(macrosOf(M));
  return Out;
}

SourceWords::Words SourceWords::atTop(const Made &M) {
  Words Out;
  if (!TopReader(M.From.front().first->Buffer).forEachWord([&](StringRef Word) {
        Out.Whole.insert(CachedHashStringRef(Word));
      }))
    return anywhere(M);
  Out.expand(macrosOf(M));
  return Out;
}

SourceWords::Made &SourceWords::madeIn(const std::string &File) {
  Made &M = Sources[File];
  if (M.Looked == Time)
    return M;
  M.Looked = Time;
  std::vector<std::pair<const Text *, unsigned>> From;
  for (const Text *T : withHeaders(File))
    From.push_back({T, T->Version});
  if (M.From != From) {
    M.From = std::move(From);
    M.Anywhere.reset();
    M.AtTop.reset();
  }
  return M;
}

/// True where \p Some, which a source of the words \p All has, has \p Name.
bool SourceWords::have(const Words &Some, StringRef Name, const WordSet &All) {
  return Some.Whole.contains(CachedHashStringRef(Name)) ||
         Some.makeUp(Name, All);
}

bool SourceWords::names(const std::string &File, StringRef Name) {
  Made &M = madeIn(File);
  if (!M.Anywhere)
    M.Anywhere = anywhere(M);
  return have(*M.Anywhere, Name, textOf(File).All);
}

bool SourceWords::mayDefine(const std::string &File, StringRef Name) {
  Made &M = madeIn(File);
  if (!M.AtTop)
    M.AtTop = atTop(M);
  return have(*M.AtTop, Name, textOf(File).All);
}

} // namespace vfio::kbuild
