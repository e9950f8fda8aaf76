//===- EditSet.cpp - Edits of a driver's files, as one change -------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/render/EditSet.h"
#include "clang/Lex/Lexer.h"
#include "llvm/Support/FileSystem.h"

using namespace clang;

namespace vfio::rewriter {

std::string realPath(FileID F, const SourceManager &SM) {
  OptionalFileEntryRef Entry = SM.getFileEntryRefForID(F);
  if (!Entry)
    return {};
  llvm::StringRef Real = Entry->getFileEntry().tryGetRealPathName();
  llvm::SmallString<256> Path(Real.empty() ? Entry->getName() : Real);
  llvm::SmallString<256> Resolved;
  if (!llvm::sys::fs::real_path(Path, Resolved))
    return Resolved.str().str();
  return Path.str().str();
}

FileRange fileRange(CharSourceRange R, const SourceManager &SM,
                    const LangOptions &LO) {
  CharSourceRange File = Lexer::makeFileCharRange(R, SM, LO);
  if (File.isInvalid())
    return {};
  auto [BeginID, Begin] = SM.getDecomposedLoc(File.getBegin());
  auto [EndID, End] = SM.getDecomposedLoc(File.getEnd());
  if (BeginID != EndID)
    return {};
  return {realPath(BeginID, SM), Begin, End};
}

FileRange fileRange(SourceRange R, const SourceManager &SM,
                    const LangOptions &LO) {
  return fileRange(CharSourceRange::getTokenRange(R), SM, LO);
}

std::optional<llvm::StringRef> parsedText(llvm::StringRef File,
                                          const SourceManager &SM) {
  auto FE = SM.getFileManager().getOptionalFileRef(File);
  auto Buffer =
      FE ? const_cast<SourceManager &>(SM).getMemoryBufferForFileOrNone(*FE)
         : std::nullopt;
  if (!Buffer)
    return std::nullopt;
  return Buffer->getBuffer();
}

std::string textOf(const FileRange &R, const SourceManager &SM) {
  std::optional<llvm::StringRef> Text;
  if (R)
    Text = parsedText(R.File, SM);
  if (!Text || R.End > Text->size())
    return {};
  return Text->slice(R.Begin, R.End).str();
}

void EditSet::addFile(llvm::StringRef File, llvm::StringRef Text) {
  Files.try_emplace(File.str(), OneFile{Text.str(), {}});
}

bool EditSet::addFile(const FileRange &R, const SourceManager &SM) {
  if (!R || knows(R.File))
    return bool(R);
  std::optional<llvm::StringRef> Text = parsedText(R.File, SM);
  if (Text)
    addFile(R.File, *Text);
  return Text.has_value();
}

llvm::StringRef EditSet::original(llvm::StringRef File) const {
  auto It = Files.find(File.str());
  return It == Files.end() ? llvm::StringRef()
                           : llvm::StringRef(It->second.Text);
}

void EditSet::add(llvm::StringRef File, Edit E) {
  auto It = Files.find(File.str());
  assert(It != Files.end() && "a file must be known before it is edited");
  for (const Edit &Old : It->second.Edits)
    if (Old.Begin == E.Begin && Old.End == E.End && Old.Text == E.Text)
      return;
  E.Order = NextOrder++;
  It->second.Edits.push_back(std::move(E));
}

void EditSet::replace(const FileRange &R, llvm::StringRef Text) {
  add(R.File, {R.Begin, R.End, Text.str(), false, 0});
}

void EditSet::insertLinesBefore(llvm::StringRef File, unsigned At,
                                llvm::StringRef Text) {
  unsigned Start = lineStart(File, At);
  add(File, {Start, Start, Text.str(), false, 0});
}

void EditSet::insertLinesAfter(llvm::StringRef File, unsigned At,
                               llvm::StringRef Text) {
  unsigned End = lineEnd(File, At);
  add(File, {End, End, Text.str(), false, 0});
}

unsigned EditSet::lineStart(llvm::StringRef File, unsigned At) const {
  llvm::StringRef T = original(File);
  size_t NL = T.substr(0, At).rfind('\n');
  return NL == llvm::StringRef::npos ? 0 : NL + 1;
}

unsigned EditSet::lineEnd(llvm::StringRef File, unsigned At) const {
  llvm::StringRef T = original(File);
  size_t NL = T.find('\n', At);
  return NL == llvm::StringRef::npos ? T.size() : NL + 1;
}

unsigned EditSet::startWithComment(llvm::StringRef File, unsigned At) const {
  llvm::StringRef T = original(File);
  unsigned Line = lineStart(File, At);
  while (Line > 0) {
    unsigned Prev = lineStart(File, Line - 1);
    llvm::StringRef L = T.slice(Prev, Line).trim();
    if (!(L.starts_with("/*") || L.starts_with("*") || L.starts_with("//")))
      break;
    Line = Prev;
  }
  return Line;
}

bool EditSet::blankAfter(llvm::StringRef File, unsigned At) const {
  unsigned Next = lineEnd(File, At);
  llvm::StringRef L = original(File).slice(Next, lineEnd(File, Next)).trim();
  return L.empty() || L.starts_with("}");
}

std::string EditSet::indentAt(llvm::StringRef File, unsigned At) const {
  llvm::StringRef T = original(File);
  unsigned Start = lineStart(File, At);
  size_t End = T.find_first_not_of(" \t", Start);
  return T.slice(Start, std::min<size_t>(End, T.size())).str();
}

void EditSet::removeStatement(const FileRange &R) {
  llvm::StringRef T = original(R.File);
  unsigned Begin = R.Begin, End = R.End;
  // The semicolon goes too.
  size_t Next = T.find_first_not_of(" \t\r\n", End);
  if ((End == 0 || T[End - 1] != ';') && Next != llvm::StringRef::npos &&
      T[Next] == ';')
    End = Next + 1;
  unsigned Start = lineStart(R.File, Begin);
  unsigned Stop = lineEnd(R.File, End ? End - 1 : 0);
  bool Alone = T.slice(Start, Begin).trim(" \t").empty() &&
               T.slice(End, Stop).trim(" \t\r\n").empty();
  if (Alone)
    add(R.File, {Start, Stop, "", true, 0});
  else
    add(R.File, {Begin, End, "", false, 0});
}

void EditSet::removeLines(llvm::StringRef File, unsigned Begin, unsigned End) {
  add(File,
      {lineStart(File, Begin), lineEnd(File, End ? End - 1 : 0), "", true, 0});
}

std::vector<FileRange> EditSet::ranges(llvm::StringRef File) const {
  std::vector<FileRange> Out;
  auto It = Files.find(File.str());
  if (It != Files.end())
    for (const Edit &E : It->second.Edits)
      Out.push_back({File.str(), E.Begin, E.End});
  return Out;
}

std::vector<std::string> EditSet::files() const {
  std::vector<std::string> Out;
  for (const auto &[Path, F] : Files)
    if (!F.Edits.empty())
      Out.push_back(Path);
  return Out;
}

bool EditSet::removeIfEmptied(llvm::StringRef File, unsigned Begin,
                              unsigned End, unsigned OuterBegin,
                              unsigned OuterEnd) {
  OneFile &F = Files.at(File.str());
  OneFile Inside{F.Text.substr(Begin, End - Begin), {}};
  for (const Edit &E : F.Edits)
    if (E.Begin >= Begin && E.End <= End)
      Inside.Edits.push_back(
          {E.Begin - Begin, E.End - Begin, E.Text, E.Lines, E.Order});
  if (!llvm::StringRef(applyOne(Inside)).trim().empty())
    return false;
  llvm::erase_if(
      F.Edits, [&](const Edit &E) { return E.Begin >= Begin && E.End <= End; });
  unsigned Start = lineStart(File, OuterBegin);
  add(File, {Start, lineEnd(File, OuterEnd), "", true, 0});
  return true;
}

bool EditSet::empty() const {
  for (const auto &[Path, F] : Files)
    if (!F.Edits.empty())
      return false;
  return true;
}

bool EditSet::conflict() const {
  for (const auto &[Path, F] : Files)
    for (const Edit &A : F.Edits)
      for (const Edit &B : F.Edits) {
        if (&A == &B)
          continue;
        // An insertion touches nothing but its own place; it conflicts with a
        // replacement that spans that place.
        if (A.Begin == A.End
                ? (B.Begin < A.Begin && A.Begin < B.End)
                : (A.Begin < B.End && B.Begin < A.End && B.Begin != B.End))
          return true;
      }
  return false;
}

/// Tidies the place where whole lines went: \p At is the offset, in \p Out, at
/// which the next line begins.
static bool dropsBlank(const std::string &Out, llvm::StringRef Rest) {
  llvm::StringRef Before(Out);
  bool AfterBlank = Before.ends_with("\n\n") || Before.ends_with("\n\r\n");
  bool AfterOpen = Before.ends_with("{\n") || Before.ends_with("{\r\n");
  llvm::StringRef Line = Rest.substr(0, Rest.find('\n')).trim(" \t\r");
  bool NextBlank = !Rest.empty() && Line.empty();
  return NextBlank && (AfterBlank || AfterOpen);
}

std::string EditSet::applyOne(const OneFile &F) {
  std::vector<Edit> Sorted = F.Edits;
  llvm::sort(Sorted, [](const Edit &A, const Edit &B) {
    if (A.Begin != B.Begin)
      return A.Begin < B.Begin;
    // Insertions come before what is replaced at the same place.
    bool AIns = A.Begin == A.End, BIns = B.Begin == B.End;
    if (AIns != BIns)
      return AIns;
    return A.Order < B.Order;
  });
  std::string Out;
  llvm::StringRef T(F.Text);
  unsigned At = 0;
  for (size_t I = 0; I < Sorted.size(); ++I) {
    const Edit &E = Sorted[I];
    Out += T.slice(At, E.Begin);
    Out += E.Text;
    At = std::max(At, E.End);
    if (!E.Lines || (I + 1 < Sorted.size() && Sorted[I + 1].Begin == At))
      continue;
    if (dropsBlank(Out, T.substr(At))) {
      unsigned Next = At + T.substr(At).find('\n') + 1;
      if (I + 1 == Sorted.size() || Sorted[I + 1].Begin >= Next)
        At = Next;
    } else if (llvm::StringRef(Out).ends_with("\n\n") &&
               T.substr(At).ltrim(" \t").starts_with("}")) {
      Out.pop_back();
    }
  }
  Out += T.substr(At);
  return Out;
}

/// The text with the line ends of \p Like: what was inserted has plain ones.
static std::string withLineEndsOf(llvm::StringRef Like, std::string Text) {
  size_t First = Like.find('\n');
  if (First == llvm::StringRef::npos || !First || Like[First - 1] != '\r')
    return Text;
  std::string Out;
  for (size_t I = 0; I < Text.size(); ++I) {
    if (Text[I] == '\n' && (!I || Text[I - 1] != '\r'))
      Out += '\r';
    Out += Text[I];
  }
  return Out;
}

std::map<std::string, std::string> EditSet::apply() const {
  std::map<std::string, std::string> Out;
  for (const auto &[Path, F] : Files)
    if (!F.Edits.empty())
      if (std::string Text = withLineEndsOf(F.Text, applyOne(F));
          Text != F.Text)
        Out[Path] = std::move(Text);
  return Out;
}

} // namespace vfio::rewriter
