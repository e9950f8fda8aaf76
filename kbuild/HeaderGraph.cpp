//===- HeaderGraph.cpp - What the kernel's headers include ----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/HeaderGraph.h"
#include "kbuild/Paths.h"
#include "clang/Basic/LangOptions.h"
#include "clang/Lex/DependencyDirectivesScanner.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace clang;
using namespace llvm;
namespace scan = clang::dependency_directives_scan;

namespace vfio::kbuild {

//===- The kernel's headers -----------------------------------------------===//

std::optional<std::string> HeaderGraph::read(const std::string &Path) {
  auto Buffer = FS->getBufferForFile(Path, /*FileSize=*/-1,
                                     /*RequiresNullTerminator=*/false);
  if (!Buffer)
    return std::nullopt;
  return (*Buffer)->getBuffer().str();
}

unsigned HeaderGraph::numberOf(std::string Path) {
  auto [It, New] = ByPath.try_emplace(Path, Headers.size());
  if (New)
    Headers.push_back({std::move(Path), std::nullopt});
  return It->second;
}

std::optional<unsigned> HeaderGraph::findLocked(StringRef Name) {
  auto [It, New] = ByName.try_emplace(Name);
  if (New)
    for (const std::string &Dir : KernelDirs)
      if (std::string Path = pathIn(Dir, Name); FS->exists(Path)) {
        It->second = numberOf(std::move(Path));
        break;
      }
  return It->second;
}

std::optional<unsigned> HeaderGraph::find(StringRef Name) {
  std::lock_guard<std::mutex> Guard(Lock);
  return findLocked(Name);
}

/// True where the whole text stands between `#ifndef X`, `#define X` and the
/// last #endif.
static bool isGuarded(ArrayRef<scan::Directive> Directives) {
  return Directives.size() > 1 && Directives[0].Kind == scan::pp_ifndef &&
         Directives[1].Kind == scan::pp_define;
}

/// Reads `<name>` or `"name"` at the begin of \p Text; none where a macro makes
/// the name.
static std::optional<WrittenInclude> includeAt(StringRef Text) {
  Text = Text.ltrim(" \t");
  if (Text.empty() || (Text[0] != '<' && Text[0] != '"'))
    return std::nullopt;
  bool Angled = Text[0] == '<';
  size_t End = Text.find_first_of(Angled ? ">\n" : "\"\n", 1);
  if (End == StringRef::npos || Text[End] == '\n')
    return std::nullopt;
  return WrittenInclude{Text.slice(1, End).str(), Angled};
}

/// The word at the begin of \p Text.
static std::string wordAt(StringRef Text) {
  return Text.take_while([](char C) { return isAlnum(C) || C == '_'; }).str();
}

HeaderText HeaderGraph::steadyOf(StringRef Text) {
  SmallVector<scan::Token, 128> Tokens;
  SmallVector<scan::Directive, 64> Directives;
  HeaderText Out;
  if (scanSourceForDependencyDirectives(Text, Tokens, Directives))
    return Out;
  int Depth = isGuarded(Directives) ? -1 : 0;
  Out.ReadOnce = Depth < 0;
  size_t Seen = 0; // so many of the macros another header may have seen
  for (const scan::Directive &D : Directives) {
    // What comes after `#` and `include` or `define`.
    StringRef Rest = D.Tokens.size() > 2 ? Text.substr(D.Tokens[2].Offset) : "";
    switch (D.Kind) {
    case scan::pp_pragma_once:
      Out.ReadOnce = true;
      break;
    case scan::pp_if:
    case scan::pp_ifdef:
    case scan::pp_ifndef:
      ++Depth;
      break;
    case scan::pp_endif:
      --Depth;
      break;
    case scan::pp_include:
      Seen = Out.Macros.size();
      if (auto I = includeAt(Rest)) {
        Out.After.push_back({I->Name, Seen});
        if (Depth == 0)
          Out.Includes.push_back(*I);
      }
      break;
    case scan::pp_define:
      Out.Macros.push_back(wordAt(Rest));
      break;
    case scan::pp_undef: {
      auto Begin = Out.Macros.begin() + Seen;
      auto Last = std::remove(Begin, Out.Macros.end(), wordAt(Rest));
      if (Last == Out.Macros.end())
        Out.Macros.push_back(wordAt(Rest));
      else
        Out.Macros.erase(Last, Out.Macros.end());
      break;
    }
    default:
      break;
    }
  }
  return Out;
}

std::shared_ptr<const HeaderText> HeaderGraph::textOf(const std::string &File) {
  std::lock_guard<std::mutex> Guard(Lock);
  std::shared_ptr<const HeaderText> &Known = Own[File];
  if (!Known)
    Known = std::make_shared<HeaderText>(steadyOf(read(File).value_or("")));
  return Known;
}

const std::vector<unsigned> &HeaderGraph::includesOf(unsigned Header) {
  if (!Headers[Header].Includes) {
    std::vector<unsigned> Found;
    std::string Path = Headers[Header].Path;
    std::string Text = read(Path).value_or("");
    for (const WrittenInclude &I : steadyOf(Text).Includes) {
      std::string Beside =
          absolute(I.Name, sys::path::parent_path(StringRef(Path)));
      if (!I.Angled && FS->exists(Beside))
        Found.push_back(numberOf(Beside));
      else if (auto Number = findLocked(I.Name))
        Found.push_back(*Number);
    }
    Headers[Header].Includes = std::move(Found);
  }
  return *Headers[Header].Includes;
}

void HeaderGraph::addAll(unsigned Header, DenseSet<unsigned> &Read) {
  std::lock_guard<std::mutex> Guard(Lock);
  std::vector<unsigned> Work = {Header};
  while (!Work.empty()) {
    unsigned Next = Work.back();
    Work.pop_back();
    if (!Read.insert(Next).second)
      continue;
    const std::vector<unsigned> &Includes = includesOf(Next);
    Work.insert(Work.end(), Includes.begin(), Includes.end());
  }
}

//===- The driver's own files ---------------------------------------------===//

/// Reads the first lines of a source as the preprocessor would, through the
/// driver's own headers, and stops at the first that is no #include.
class OpeningReader {
public:
  OpeningReader(HeaderGraph &Graph, ArrayRef<std::string> OwnDirs,
                const std::map<std::string, std::string> &Overlay)
      : Graph(Graph), OwnDirs(OwnDirs), Overlay(Overlay) {
    LangOpts.LineComment = true;
  }

  /// True where the file was read to its end.
  bool visit(const std::string &File, bool IsMain);
  Opening take() { return std::move(Out); }

private:
  enum class Then { GoOn, Stop };

  std::optional<std::string> text(const std::string &File);
  Then directive(Lexer &L, StringRef Text, const std::string &File,
                 bool IsMain);
  Then include(const WrittenInclude &I, const std::string &File);
  void pass(const std::string &File);
  std::string ownHeader(StringRef Name, StringRef Includer);

  HeaderGraph &Graph;
  ArrayRef<std::string> OwnDirs;
  const std::map<std::string, std::string> &Overlay;
  LangOptions LangOpts;
  Opening Out;
  StringSet<> Visited;
  bool Included = false;
  /// The macro that guards the header being read, between its two lines.
  std::string Guard;
};

std::optional<std::string> OpeningReader::text(const std::string &File) {
  auto Edited = Overlay.find(File);
  return Edited == Overlay.end() ? Graph.read(File) : Edited->second;
}

std::string OpeningReader::ownHeader(StringRef Name, StringRef Includer) {
  std::string Beside = absolute(Name, sys::path::parent_path(Includer));
  if (Graph.FS->exists(Beside))
    return Beside;
  for (const std::string &Dir : OwnDirs)
    if (std::string Path = absolute(Name, Dir); Graph.FS->exists(Path))
      return Path;
  return {};
}

/// Reads the driver's header \p File through what it declares itself.
void OpeningReader::pass(const std::string &File) {
  if (!Visited.insert(File).second)
    return;
  auto Edited = Overlay.find(File);
  std::shared_ptr<const HeaderText> Has =
      Edited == Overlay.end()
          ? Graph.textOf(File)
          : std::make_shared<HeaderText>(HeaderGraph::steadyOf(Edited->second));
  for (const WrittenInclude &I : Has->Includes)
    include(I, File);
  Out.Own.push_back({File, std::move(Has)});
}

OpeningReader::Then OpeningReader::include(const WrittenInclude &I,
                                           const std::string &File) {
  Included = true;
  std::string Own;
  if (!I.Angled)
    Own = ownHeader(I.Name, File);
  if (Own.empty())
    if (std::optional<unsigned> Header = Graph.find(I.Name)) {
      Out.Named.push_back(I.Name);
      Graph.addAll(*Header, Out.Read);
      return Then::GoOn;
    }
  if (Own.empty())
    Own = ownHeader(I.Name, File);
  if (Own.empty())
    return Then::Stop;
  if (Graph.PassesOwn) {
    pass(Own);
    return Then::GoOn;
  }
  return visit(Own, /*IsMain=*/false) ? Then::GoOn : Then::Stop;
}

/// The line that \p L is on, from where it stands, continued lines with it.
static StringRef restOfLine(Lexer &L, StringRef Text) {
  size_t Begin = L.getCurrentBufferOffset(), End = Begin;
  do
    End = Text.find('\n', End + (End > Begin));
  while (End != StringRef::npos && Text[End - 1] == '\\');
  return Text.slice(Begin, End);
}

OpeningReader::Then OpeningReader::directive(Lexer &L, StringRef Text,
                                             const std::string &File,
                                             bool IsMain) {
  Token T;
  if (L.LexFromRawLexer(T) || !T.is(tok::raw_identifier))
    return Then::Stop;
  StringRef Word = T.getRawIdentifier(), Line = restOfLine(L, Text);
  unsigned Next = L.getCurrentBufferOffset() + Line.size();
  L.seek(Next, /*IsAtStartOfLine=*/false);
  if (Word == "include") {
    std::optional<WrittenInclude> I = includeAt(Line);
    return I ? include(*I, File) : Then::Stop;
  }
  if (Word == "pragma" && Line.trim() == "once")
    return Then::GoOn;
  if (Word == "endif" && !IsMain)
    return Then::GoOn; // the guard's: no other #if is passed
  if (Word == "ifndef" && !IsMain && Guard.empty()) {
    Guard = Line.trim().str();
    return Then::GoOn;
  }
  if (Word == "define" && !IsMain && !Guard.empty())
    return std::exchange(Guard, "") == Line.trim() ? Then::GoOn : Then::Stop;
  if (Word == "define" && IsMain && !Included) {
    Out.Defines += "#define" + Line.str() + "\n";
    return Then::GoOn;
  }
  return Then::Stop;
}

bool OpeningReader::visit(const std::string &File, bool IsMain) {
  if (!Visited.insert(File).second)
    return true; // its guard leaves it out
  std::optional<std::string> Text = text(File);
  if (!Text)
    return false;
  Guard.clear();
  Lexer L(SourceLocation(), LangOpts, Text->data(), Text->data(),
          Text->data() + Text->size());
  for (Token T; !L.LexFromRawLexer(T);)
    if (!T.is(tok::hash) || !T.isAtStartOfLine() ||
        directive(L, *Text, File, IsMain) == Then::Stop)
      return false;
  return true;
}

Opening
HeaderGraph::openingOf(const std::string &File, ArrayRef<std::string> OwnDirs,
                       const std::map<std::string, std::string> &Overlay) {
  OpeningReader Reader(*this, OwnDirs, Overlay);
  Reader.visit(File, /*IsMain=*/true);
  return Reader.take();
}

} // namespace vfio::kbuild
