//===- OwnHeaders.cpp - A driver's headers among the shared ones ----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/OwnHeaders.h"
#include "kbuild/Paths.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"
#include "clang/Lex/PPCallbacks.h"
#include "clang/Lex/Preprocessor.h"
#include "llvm/ADT/StringMap.h"

using namespace clang;
using namespace llvm;

namespace vfio::kbuild {

void noteNames(Preprocessor &PP, PrecompiledHeaders &Out) {
  for (const auto &Id : PP.getIdentifierTable()) {
    Out.Identifiers.insert(Id.getKey());
    if (Id.getValue()->hasMacroDefinition())
      Out.Macros.insert(Id.getKey());
  }
}

namespace {
/// Waits for the first of the driver's headers, and watches from then on.
class Watcher : public PPCallbacks {
public:
  Watcher(Preprocessor &PP, StringRef First, PrecompiledHeaders &Out)
      : PP(PP), SM(PP.getSourceManager()), First(First), Out(Out) {}

  void InclusionDirective(SourceLocation, const Token &, StringRef Name, bool,
                          CharSourceRange, OptionalFileEntryRef File, StringRef,
                          StringRef, const Module *, bool,
                          SrcMgr::CharacteristicKind) override {
    if (Begun && File) // one with no guard comes with who includes it
      Out.Own.insert(absolute(File->getName(), "/"));
    if (Begun || Name != First)
      return;
    Begun = true;
    noteNames(PP, Out);
    PP.setTokenWatcher([this](const Token &T) {
      if (const IdentifierInfo *Name =
              T.isAnnotation() ? nullptr : T.getIdentifierInfo())
        lacks(Name->getName(), T.getLocation());
    });
  }
  void MacroDefined(const Token &Name, const MacroDirective *) override {
    if (!Begun)
      return;
    FileID Here = SM.getFileID(SM.getExpansionLoc(Name.getLocation()));
    StringRef Text = Name.getIdentifierInfo()->getName();
    Defined.try_emplace(Text, Here);
    auto Asker = Askers.find(Text);
    Out.OrderMatters |= Asker != Askers.end() && !isSame(Asker->second, Here);
  }
  void SourceRangeSkipped(SourceRange Range, SourceLocation) override {
    if (!Begun)
      return;
    StringRef Text = Lexer::getSourceText(CharSourceRange::getCharRange(Range),
                                          SM, PP.getLangOpts());
    Out.Skipped.push_back({SM.getFilename(Range.getBegin()).str(),
                           SM.getFileOffset(Range.getBegin()),
                           SM.getFileOffset(Range.getEnd()), Text.str()});
  }
  void MacroUndefined(const Token &Name, const MacroDefinition &,
                      const MacroDirective *) override {
    SourceLocation At = Name.getLocation();
    if (Begun && At.isFileID())
      Out.Undefined.push_back({SM.getFilename(At).str(), SM.getFileOffset(At),
                               Name.getIdentifierInfo()->getName().str()});
  }

  void If(SourceLocation, SourceRange Condition, ConditionValueKind) override {
    ask(Condition);
  }
  void Elif(SourceLocation, SourceRange Condition, ConditionValueKind,
            SourceLocation) override {
    ask(Condition);
  }
  void Ifdef(SourceLocation, const Token &Name,
             const MacroDefinition &) override {
    ask(Name);
  }
  void Ifndef(SourceLocation, const Token &Name,
              const MacroDefinition &) override {
    ask(Name);
  }
  void Elifdef(SourceLocation, const Token &Name,
               const MacroDefinition &) override {
    ask(Name);
  }
  void Elifndef(SourceLocation, const Token &Name,
                const MacroDefinition &) override {
    ask(Name);
  }

private:
  bool isSame(FileID A, FileID B) const {
    return A == B || SM.getFileEntryForID(A) == SM.getFileEntryForID(B);
  }
  /// \p Name at \p Where is no macro.
  void lacks(StringRef Name, SourceLocation Where) {
    FileID Here = SM.getFileID(SM.getExpansionLoc(Where));
    Out.OwnNames.insert(Name);
    Askers.try_emplace(Name, Here);
  }
  /// Something depends on whether \p Name is a macro.
  void ask(StringRef Name, SourceLocation Where) {
    if (!Begun)
      return;
    if (!PP.isMacroDefined(Name))
      return lacks(Name, Where);
    auto By = Defined.find(Name);
    Out.OrderMatters |=
        By != Defined.end() && !isSame(By->second, SM.getFileID(Where));
  }
  void ask(const Token &Name) {
    ask(Name.getIdentifierInfo()->getName(), Name.getLocation());
  }
  void ask(SourceRange Condition) {
    // A lexer reads up to a zero.
    std::string Text =
        Lexer::getSourceText(CharSourceRange::getCharRange(Condition), SM,
                             PP.getLangOpts())
            .str();
    const char *Begin = Text.c_str();
    Lexer Raw(SourceLocation(), PP.getLangOpts(), Begin, Begin,
              Begin + Text.size());
    Token T;
    do {
      Raw.LexFromRawLexer(T);
      if (T.is(tok::raw_identifier))
        ask(T.getRawIdentifier(), Condition.getBegin());
    } while (T.isNot(tok::eof));
  }

  Preprocessor &PP;
  const SourceManager &SM;
  std::string First;
  PrecompiledHeaders &Out;
  bool Begun = false;
  /// Where names were no macros first, and where others became some.
  StringMap<FileID> Askers, Defined;
};
} // namespace

void watchOwnHeaders(Preprocessor &PP, StringRef First,
                     PrecompiledHeaders &Out) {
  PP.addPPCallbacks(std::make_unique<Watcher>(PP, First, Out));
}

} // namespace vfio::kbuild
