//===- Findings.cpp - What the checks found, as plain values --------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-tidy/Findings.h"
#include "llvm/ADT/StringExtras.h"

using namespace clang;
using namespace llvm;
using ::clang::tidy::ClangTidyError;

namespace vfio::tidy {

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

static Spot spotOf(const tooling::DiagnosticMessage &Message,
                   StringRef Directory, SourceTexts &Texts) {
  Spot Result;
  Result.Message = Message.Message;
  Result.File = located(Message.FilePath, Directory);
  if (Result.File.empty())
    return Result;
  Result.Line = Texts.lineAt(Result.File, Message.FileOffset);
  Result.Column = Texts.columnAt(Result.File, Message.FileOffset);
  unsigned End = endOf(Message, Texts.of(Result.File));
  Result.EndLine = Texts.lineAt(Result.File, End);
  Result.EndColumn = Texts.columnAt(Result.File, End);
  return Result;
}

/// The lines of \p D, which holds \p Where; no D outside of all.
static Stretch stretchOf(const Spot &Where, const FunctionExtent *D,
                         SourceTexts &Texts) {
  if (!D)
    return {Where.File, Where.Line, Where.Line};
  return {Where.File, Texts.lineAt(Where.File, D->Begin),
          Texts.lineAt(Where.File, D->End)};
}

Finding describe(const ClangTidyError &Error, const Declarations &Known,
                 SourceTexts &Texts) {
  Finding F;
  F.Check = Error.DiagnosticName;
  F.Level = Error.IsWarningAsError || Error.DiagLevel == ClangTidyError::Error
                ? "error"
                : "warning";
  F.Where = spotOf(Error.Message, Error.BuildDirectory, Texts);
  const FunctionExtent *D = Known.at(F.Where.File, Error.Message.FileOffset);
  if (D)
    F.Inside = D->Name;
  F.Concerns.push_back(stretchOf(F.Where, D, Texts));
  for (const tooling::DiagnosticMessage &Note : Error.Notes) {
    F.Notes.push_back(spotOf(Note, Error.BuildDirectory, Texts));
    const Spot &Where = F.Notes.back();
    F.Concerns.push_back(
        stretchOf(Where, Known.at(Where.File, Note.FileOffset), Texts));
  }
  F.Fix = fixOf(Error, Known, Texts);
  return F;
}

} // namespace vfio::tidy
