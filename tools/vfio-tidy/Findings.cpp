//===- Findings.cpp - What the checks found, as plain values
//----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-tidy/Findings.h"
#include "clang/Format/Format.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace clang;
using namespace llvm;
using ::clang::tidy::ClangTidyError;

namespace vfio::tidy {

std::string located(StringRef Path, StringRef Directory) {
  if (Path.empty())
    return "";
  SmallString<256> Absolute, Real;
  if (!sys::path::is_absolute(Path))
    Absolute = Directory;
  sys::path::append(Absolute, Path);
  if (sys::fs::real_path(Absolute, Real))
    return std::string(Absolute);
  return std::string(Real);
}

const std::string &SourceTexts::of(const std::string &File) {
  auto [It, New] = Read.try_emplace(File);
  if (New)
    if (auto Buffer = FS.getBufferForFile(File))
      It->second = (*Buffer)->getBuffer().str();
  return It->second;
}

static unsigned lineAt(StringRef Text, unsigned Offset) {
  return unsigned(Text.take_front(Offset).count('\n')) + 1;
}

/// Where what \p Message points at ends: a range of the message that begins
/// there, else the word.
static unsigned endOf(const tooling::DiagnosticMessage &Message,
                      StringRef Text) {
  for (const tooling::FileByteRange &R : Message.Ranges)
    if (R.FileOffset == Message.FileOffset && R.FilePath == Message.FilePath &&
        R.Length)
      return R.FileOffset + R.Length;
  StringRef Word =
      Text.drop_front(std::min<size_t>(Message.FileOffset, Text.size()))
          .take_while(
              [](char C) { return isAlnum(C) || C == '_' || C == '.'; });
  return Message.FileOffset + std::max<unsigned>(1, unsigned(Word.size()));
}

static unsigned columnAt(StringRef Text, unsigned Offset) {
  StringRef Before = Text.take_front(Offset);
  return unsigned(Before.size() - (Before.rfind('\n') + 1) + 1);
}

static Spot spotOf(const tooling::DiagnosticMessage &Message,
                   StringRef Directory, SourceTexts &Texts) {
  Spot Result;
  Result.Message = Message.Message;
  Result.File = located(Message.FilePath, Directory);
  if (Result.File.empty())
    return Result;
  StringRef Text = Texts.of(Result.File);
  Result.Line = lineAt(Text, Message.FileOffset);
  Result.Column = columnAt(Text, Message.FileOffset);
  unsigned End = endOf(Message, Text);
  Result.EndLine = lineAt(Text, End);
  Result.EndColumn = columnAt(Text, End);
  return Result;
}

using EditsByFile = std::map<std::string, tooling::Replacements>;

/// \p Edits of \p Text. As in clang-tidy, what a removal leaves over (a comma)
/// goes with it; to find that, all of the text is read anew.
static Expected<tooling::Replacements>
cleanedUp(const tooling::Replacements &Edits, StringRef Text) {
  if (none_of(Edits, [](const tooling::Replacement &R) {
        return R.getReplacementText().empty();
      }))
    return Edits;
  return format::cleanupAroundReplacements(Text, Edits, format::getLLVMStyle());
}

/// The files that \p Edits change.
static std::vector<FileChange> changesOf(const EditsByFile &Edits,
                                         SourceTexts &Texts) {
  std::vector<FileChange> All;
  for (const auto &[File, Replacements] : Edits) {
    FileChange Change{File, Texts.of(File), ""};
    auto Clean = cleanedUp(Replacements, Change.Before);
    Expected<std::string> After =
        Clean ? tooling::applyAllReplacements(Change.Before, *Clean)
              : Expected<std::string>(Clean.takeError());
    if (!After) {
      consumeError(After.takeError());
      continue;
    }
    Change.After = std::move(*After);
    All.push_back(std::move(Change));
  }
  return All;
}

/// Adds the fix of \p Error to \p All, whole or not at all.
static bool addFix(const ClangTidyError &Error, EditsByFile &All,
                   SourceTexts &Texts) {
  EditsByFile Tried = All;
  for (const auto &File : Error.Message.Fix)
    for (const tooling::Replacement &R : File.second) {
      std::string Path = located(R.getFilePath(), Error.BuildDirectory);
      if (R.getOffset() + R.getLength() > Texts.of(Path).size())
        return false; // made for another text than there is
      if (auto Problem = Tried[Path].add(tooling::Replacement(
              Path, R.getOffset(), R.getLength(), R.getReplacementText()))) {
        consumeError(std::move(Problem));
        return false;
      }
    }
  All = std::move(Tried);
  return true;
}

std::vector<bool> fixesThatFit(const std::vector<ClangTidyError> &Errors,
                               SourceTexts &Texts) {
  EditsByFile All;
  std::vector<bool> Fits;
  for (const ClangTidyError &Error : Errors)
    Fits.push_back(!Error.Message.Fix.empty() && addFix(Error, All, Texts));
  return Fits;
}

std::vector<FileChange> combinedFixes(const std::vector<ClangTidyError> &Errors,
                                      SourceTexts &Texts, unsigned &Dropped) {
  EditsByFile All;
  for (const ClangTidyError &Error : Errors)
    Dropped += !addFix(Error, All, Texts);
  return changesOf(All, Texts);
}

/// Finds what holds the finding among the declarations of its file.
static void place(Finding &F, const ClangTidyError &Error,
                  const std::vector<FunctionExtent> &Declarations,
                  SourceTexts &Texts) {
  F.FirstLine = F.LastLine = F.Where.Line;
  for (const FunctionExtent &D : Declarations) {
    unsigned Offset = Error.Message.FileOffset;
    if (Offset < D.Begin || Offset >= D.End ||
        located(D.File, Error.BuildDirectory) != F.Where.File)
      continue;
    const std::string &Text = Texts.of(F.Where.File);
    F.Inside = D.Name;
    F.FirstLine = lineAt(Text, D.Begin);
    F.LastLine = lineAt(Text, D.End);
    return;
  }
}

Finding describe(const ClangTidyError &Error,
                 const std::vector<FunctionExtent> &Declarations,
                 SourceTexts &Texts) {
  Finding F;
  F.Check = Error.DiagnosticName;
  F.Level = Error.IsWarningAsError || Error.DiagLevel == ClangTidyError::Error
                ? "error"
                : "warning";
  F.Where = spotOf(Error.Message, Error.BuildDirectory, Texts);
  for (const tooling::DiagnosticMessage &Note : Error.Notes)
    F.Notes.push_back(spotOf(Note, Error.BuildDirectory, Texts));
  place(F, Error, Declarations, Texts);
  EditsByFile Edits;
  if (addFix(Error, Edits, Texts))
    F.Fix = changesOf(Edits, Texts);
  return F;
}

} // namespace vfio::tidy
