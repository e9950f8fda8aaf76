//===- SkippedCode.cpp - Life cycle code that was left out --------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-tidy/SkippedCode.h"
#include "contracts/ApiTable.h"
#include "lifecycle/DriverFiles.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"
#include "clang/Lex/PPCallbacks.h"

using namespace clang;

namespace vfio::tidy {

namespace {
class Noter : public PPCallbacks {
public:
  Noter(const SourceManager &SM, SkippedRanges &Ranges)
      : SM(SM), Ranges(Ranges) {}
  void SourceRangeSkipped(SourceRange Range, SourceLocation) override {
    OptionalFileEntryRef File =
        SM.getFileEntryRefForID(SM.getFileID(Range.getBegin()));
    if (File && !isKernelHeaderPath(File->getName()))
      Ranges.push_back(Range);
  }

private:
  const SourceManager &SM;
  SkippedRanges &Ranges;
};
} // namespace

void noteSkipped(Preprocessor &PP, SkippedRanges &Ranges) {
  PP.addPPCallbacks(std::make_unique<Noter>(PP.getSourceManager(), Ranges));
}

/// True for what begins or ends a device: a driver without any of these is
/// none.
static bool isLifecycle(StringRef Name) {
  const ApiFunction *Api = findApi(Name);
  return Name == "vfio_alloc_device" ||
         (Api && (isOldInit(Api->Kind) || isRegister(Api->Kind) ||
                  Api->Kind == Role::AllocDevice));
}

/// The line of \p Text that holds offset \p At.
static StringRef lineAt(StringRef Text, unsigned At) {
  size_t Begin = Text.rfind('\n', At);
  Begin = Begin == StringRef::npos ? 0 : Begin + 1;
  return Text.slice(Begin, Text.find('\n', At)).trim();
}

std::string skippedLifecycle(const SourceManager &SM, const LangOptions &Lang,
                             const SkippedRanges &Ranges) {
  for (const SourceRange &Range : Ranges) {
    auto [File, From] = SM.getDecomposedLoc(Range.getBegin());
    unsigned To = SM.getFileOffset(Range.getEnd());
    bool Invalid = false;
    StringRef Text = SM.getBufferData(File, &Invalid);
    if (Invalid)
      continue;
    Lexer Lex(SM.getLocForStartOfFile(File), Lang, Text.begin(),
              Text.begin() + From, Text.end());
    Token Tok;
    for (Lex.LexFromRawLexer(Tok); Tok.isNot(tok::eof);
         Lex.LexFromRawLexer(Tok)) {
      unsigned At = SM.getFileOffset(Tok.getLocation());
      if (At > To)
        break;
      if (Tok.is(tok::raw_identifier) && isLifecycle(Tok.getRawIdentifier()))
        return ("'" + Tok.getRawIdentifier() + "' in line " +
                llvm::Twine(SM.getLineNumber(File, At)) + " stands under '" +
                lineAt(Text, From) + "', which is off here, and was not seen")
            .str();
    }
  }
  return {};
}

} // namespace vfio::tidy
