//===- SkippedCode.cpp - Life cycle code under a condition that is off ----===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/read/SkippedCode.h"
#include "rewriter/read/Tokens.h"
#include "clang/Lex/Lexer.h"
#include "llvm/Support/Path.h"

using namespace clang;

namespace vfio::rewriter {

std::string SkippedCall::str() const {
  return Where.File + ":" + std::to_string(Where.Line) + ": " + Function +
         "() stands under '" + Condition +
         "', which is off here, so it was not seen";
}

static bool isDeviceCall(llvm::StringRef Name) {
  const ApiFunction *Api = findApi(Name);
  if (!Api)
    return Name == "vfio_alloc_device";
  Role R = Api->Kind;
  return isOldInit(R) || isOldUninit(R) || isRegister(R) || isUnregister(R) ||
         R == Role::AllocDevice || R == Role::PutDevice;
}

/// The line of \p Text that holds offset \p At.
static llvm::StringRef lineAt(llvm::StringRef Text, unsigned At) {
  size_t Begin = Text.rfind('\n', At);
  Begin = Begin == llvm::StringRef::npos ? 0 : Begin + 1;
  return Text.slice(Begin, Text.find('\n', At)).trim();
}

/// The directive that turned \p R off; an `#else` by that of its `#if`.
static std::string conditionOf(const Unit &U, const FileRange &R,
                               llvm::StringRef Text) {
  const ConditionalRange *Inner = nullptr;
  for (const ConditionalRange &C : U.Conditionals)
    if (C.File == R.File && C.Begin <= R.Begin && R.Begin < C.End &&
        (!Inner || Inner->Begin < C.Begin))
      Inner = &C;
  std::string Own = lineAt(Text, R.Begin).str();
  if (!Inner || Inner->Begin == R.Begin || Own.find("els") == std::string::npos)
    return Own;
  return Own + " of " + lineAt(Text, Inner->Begin).str();
}

/// The first call of the API in \p R of the file with \p Text.
static std::optional<SkippedCall> callIn(const Unit &U, const FileRange &R,
                                         llvm::StringRef Text) {
  Lexer Lex(SourceLocation(), U.langOpts(), Text.begin(),
            Text.begin() + R.Begin, Text.end());
  Token Tok, Before;
  Before.startToken();
  for (Lex.LexFromRawLexer(Tok); Tok.isNot(tok::eof);
       Before = Tok, Lex.LexFromRawLexer(Tok)) {
    unsigned At = Lex.getCurrentBufferOffset();
    if (At > R.End)
      break;
    if (Tok.isNot(tok::l_paren) || Before.isNot(tok::raw_identifier) ||
        !isDeviceCall(Before.getRawIdentifier()))
      continue;
    unsigned Line = 1 + Text.take_front(At).count('\n');
    return SkippedCall{{R.File, Line, 0},
                       Before.getRawIdentifier().str(),
                       conditionOf(U, R, Text)};
  }
  return std::nullopt;
}

std::optional<SkippedCall> firstSkippedCall(const Unit &U) {
  SourceManager &SM = U.sources();
  for (const FileRange &R : U.Skipped) {
    std::optional<llvm::StringRef> Text = parsedText(R.File, SM);
    if (!Text || R.End > Text->size())
      continue;
    if (auto Call = callIn(U, R, *Text))
      return Call;
  }
  return std::nullopt;
}

/// True where \p Directive asks for a version, or for what a configure step of
/// the driver's own found in the kernel (HAVE_..., NV_..._PRESENT).
static bool asksForKernel(llvm::StringRef Directive) {
  return llvm::any_of(tokensOf(Directive), [](llvm::StringRef Word) {
    return Word == "LINUX_VERSION_CODE" || Word == "RHEL_RELEASE_CODE" ||
           Word.starts_with("HAVE_") ||
           (Word.starts_with("NV_") && Word.ends_with("_PRESENT"));
  });
}

std::string versionSwitch(llvm::ArrayRef<const Unit *> Units) {
  for (const Unit *U : Units) {
    SourceManager &SM = U->sources();
    for (const ConditionalRange &C : U->Conditionals) {
      std::optional<llvm::StringRef> Read = parsedText(C.File, SM);
      llvm::StringRef Text = Read.value_or("");
      for (unsigned At : C.Directives)
        if (asksForKernel(lineAt(Text, At)))
          return (llvm::sys::path::filename(C.File) + ":" +
                  llvm::Twine(1 + Text.take_front(At).count('\n')) + ": '" +
                  lineAt(Text, At) + "'")
              .str();
    }
  }
  return {};
}

} // namespace vfio::rewriter
