//===- SkippedCode.cpp - Life cycle code that was left out --------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-tidy/SkippedCode.h"
#include "contracts/ApiTable.h"
#include "kbuild/SharedHeaders.h"
#include "kbuild/TurnOn.h"
#include "lifecycle/DriverFiles.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"
#include "clang/Lex/PPCallbacks.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <algorithm>

using namespace clang;

namespace vfio::tidy {

namespace {
class Noter : public PPCallbacks {
public:
  Noter(const SourceManager &SM, LeftOut &Out) : SM(SM), Out(Out) {}
  void SourceRangeSkipped(SourceRange Range, SourceLocation) override {
    if (isDrivers(Range.getBegin()))
      Out.Ranges.push_back(Range);
  }
  void MacroUndefined(const Token &Name, const MacroDefinition &,
                      const MacroDirective *) override {
    if (isDrivers(Name.getLocation()))
      Out.Undefs.push_back(
          {Name.getLocation(), Name.getIdentifierInfo()->getName().str()});
  }

private:
  bool isDrivers(SourceLocation Loc) const {
    OptionalFileEntryRef File = SM.getFileEntryRefForID(SM.getFileID(Loc));
    return File && !isKernelHeaderPath(File->getName());
  }

  const SourceManager &SM;
  LeftOut &Out;
};
} // namespace

void noteSkipped(Preprocessor &PP, LeftOut &Out) {
  PP.addPPCallbacks(std::make_unique<Noter>(PP.getSourceManager(), Out));
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

/// Calls \p Each for the names of the life cycle in \p Range, until it says
/// that it is content.
static bool
eachLifecycle(Preprocessor &PP, SourceRange Range,
              llvm::function_ref<bool(const Token &, StringRef Text)> Each) {
  const SourceManager &SM = PP.getSourceManager();
  auto [File, From] = SM.getDecomposedLoc(Range.getBegin());
  unsigned To = SM.getFileOffset(Range.getEnd());
  bool Invalid = false;
  StringRef Text = SM.getBufferData(File, &Invalid);
  if (Invalid)
    return false;
  Lexer Lex(SM.getLocForStartOfFile(File), PP.getLangOpts(), Text.begin(),
            Text.begin() + From, Text.end());
  Token Tok;
  for (Lex.LexFromRawLexer(Tok);
       Tok.isNot(tok::eof) && SM.getFileOffset(Tok.getLocation()) <= To;
       Lex.LexFromRawLexer(Tok))
    if (Tok.is(tok::raw_identifier) && isLifecycle(Tok.getRawIdentifier()) &&
        Each(Tok, Text))
      return true;
  return false;
}

/// Where the driver's header \p Path, which \p PP started from, begins; invalid
/// for a kernel's.
static SourceLocation startOf(Preprocessor &PP, StringRef Path) {
  SourceManager &SM = PP.getSourceManager();
  if (!isKernelHeaderPath(Path))
    if (auto File = PP.getFileManager().getOptionalFileRef(Path))
      return SM.getLocForStartOfFile(SM.translateFile(*File));
  return {};
}

/// True where a text names something of the life cycle.
static bool hasLifecycle(StringRef Text) {
  auto IsWord = [](char C) { return llvm::isAlnum(C) || C == '_'; };
  while (!(Text = Text.drop_until(IsWord)).empty()) {
    StringRef Word = Text.take_while(IsWord);
    if (isLifecycle(Word))
      return true;
    Text = Text.drop_front(Word.size());
  }
  return false;
}

/// The ranges of \p Left, and those of the headers that were read before.
static std::vector<SourceRange> allRanges(Preprocessor &PP,
                                          const LeftOut &Left) {
  std::vector<SourceRange> Out;
  if (Left.Before)
    for (const kbuild::SkippedText &S : Left.Before->Skipped)
      if (hasLifecycle(S.Text)) // or nobody asks for it
        if (SourceLocation Start = startOf(PP, S.File); Start.isValid())
          Out.push_back(
              {Start.getLocWithOffset(S.Begin), Start.getLocWithOffset(S.End)});
  llvm::append_range(Out, Left.Ranges);
  return Out;
}

/// The places that take one of \p Names back.
static std::vector<std::pair<SourceLocation, std::string>>
undefsOf(Preprocessor &PP, const LeftOut &Left,
         llvm::ArrayRef<std::string> Names) {
  std::vector<std::pair<SourceLocation, std::string>> Out;
  for (const auto &Undef : Left.Undefs)
    if (llvm::is_contained(Names, Undef.second))
      Out.push_back(Undef);
  if (Left.Before)
    for (const kbuild::UndefinedMacro &U : Left.Before->Undefined)
      if (llvm::is_contained(Names, U.Name))
        if (SourceLocation Start = startOf(PP, U.File); Start.isValid())
          Out.push_back({Start.getLocWithOffset(U.At), U.Name});
  return Out;
}

/// The files that take one of \p Names back, with blanks for that.
static std::map<std::string, std::string>
withoutUndefs(Preprocessor &PP, const LeftOut &Left,
              llvm::ArrayRef<std::string> Names) {
  const SourceManager &SM = PP.getSourceManager();
  std::map<std::string, std::string> Texts;
  for (const auto &[Where, Name] : undefsOf(PP, Left, Names)) {
    auto [File, Offset] = SM.getDecomposedLoc(Where);
    bool Invalid = false;
    StringRef Text = SM.getBufferData(File, &Invalid);
    size_t Hash = Text.rfind('#', Offset);
    if (Invalid || Hash == StringRef::npos)
      continue;
    std::string &New =
        Texts.try_emplace(SM.getFilename(Where).str(), Text.str())
            .first->second;
    std::fill(New.begin() + Hash, New.begin() + Offset + Name.size(), ' ');
  }
  return Texts;
}

Unseen skippedLifecycle(Preprocessor &PP, const LeftOut &Left) {
  const SourceManager &SM = PP.getSourceManager();
  Unseen Out;
  for (const SourceRange &Range : allRanges(PP, Left)) {
    auto Note = [&](const Token &Tok, StringRef Text) {
      std::optional<std::vector<std::string>> Names =
          kbuild::namesToTurnOn(PP, Range, Tok.getLocation());
      if (Out.Where.empty() || Names)
        Out.Where = ("'" + Tok.getRawIdentifier() + "' in line " +
                     llvm::Twine(SM.getSpellingLineNumber(Tok.getLocation())) +
                     " stands under '" +
                     lineAt(Text, SM.getFileOffset(Range.getBegin())) +
                     "', which is off here")
                        .str();
      if (Names)
        Out.Names = std::move(*Names);
      return Names.has_value();
    };
    if (eachLifecycle(PP, Range, Note))
      break;
  }
  Out.Texts = withoutUndefs(PP, Left, Out.Names);
  return Out;
}

} // namespace vfio::tidy
