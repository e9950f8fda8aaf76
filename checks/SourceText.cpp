//===- SourceText.cpp - Text for fix-its and messages ---------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/SourceText.h"
#include "lifecycle/DeviceRecord.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace clang;

namespace vfio::checks {

bool isEditable(SourceRange Range, const ASTContext &Ctx) {
  return Range.isValid() && Range.getBegin().isFileID() &&
         Range.getEnd().isFileID() &&
         Ctx.getSourceManager().getFileID(Range.getBegin()) ==
             Ctx.getSourceManager().getFileID(Range.getEnd());
}

std::string textOf(SourceRange Range, const ASTContext &Ctx) {
  if (!isEditable(Range, Ctx))
    return "";
  return Lexer::getSourceText(CharSourceRange::getTokenRange(Range),
                              Ctx.getSourceManager(), Ctx.getLangOpts())
      .str();
}

/// True where `E->m` needs no parentheses around E.
static bool isPostfix(const Expr *E) {
  E = E->IgnoreImpCasts();
  return isa<DeclRefExpr, MemberExpr, CallExpr, ArraySubscriptExpr, ParenExpr>(
      E);
}

std::string spellVfioDevice(const Expr *Pointer, const ASTContext &Ctx) {
  // A cast to `void *` at the call hides the type that was written.
  const Expr *E = Pointer->IgnoreParenImpCasts();
  std::string Text = textOf(E->getSourceRange(), Ctx);
  DeviceRecord R = findDevicePointee(E->getType(), Ctx);
  if (Text.empty() || !R)
    return "";
  if (R.Path.empty())
    return Text;
  if (!isPostfix(E))
    Text = "(" + Text + ")";
  return "&" + Text + "->" + spell(R.Path);
}

/// True where all that \p E names was declared by the driver, not by a macro
/// of the kernel for its own use.
static bool isNamedByDriver(const Expr *E, const SourceManager &SM) {
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E))
    return Ref->getDecl()->getLocation().isFileID() ||
           SM.isMacroArgExpansion(Ref->getDecl()->getLocation());
  if (!isa<MemberExpr, UnaryOperator, CastExpr, ParenExpr, ArraySubscriptExpr,
           IntegerLiteral>(E))
    return false;
  return llvm::all_of(E->children(), [&](const Stmt *Child) {
    return isNamedByDriver(cast<Expr>(Child), SM);
  });
}

std::string describePointer(const Expr *Pointer, const ASTContext &Ctx) {
  const Expr *E = Pointer->IgnoreParenCasts();
  std::string Text = textOf(E->getSourceRange(), Ctx);
  if (!Text.empty())
    return Text;
  // What the driver gave to a macro stands in its own words there; what the
  // macro makes of it does not.
  const SourceManager &SM = Ctx.getSourceManager();
  CharSourceRange Given = Lexer::makeFileCharRange(
      CharSourceRange::getTokenRange(E->getSourceRange()), SM,
      Ctx.getLangOpts());
  if (Given.isValid() && SM.isMacroArgExpansion(E->getBeginLoc()))
    return Lexer::getSourceText(Given, SM, Ctx.getLangOpts()).str();
  if (!isNamedByDriver(E, SM))
    return "";
  llvm::raw_string_ostream OS(Text);
  E->printPretty(OS, nullptr, PrintingPolicy(Ctx.getLangOpts()));
  return Text;
}

const RecordDecl *recordOf(const Finding &F, const TUModel &Model) {
  if (F.Record && isVfioDevice(F.Record))
    return Model.Records.size() == 1 ? Model.Records.front().Record : nullptr;
  return F.Record;
}

std::string structureOf(const Finding &F, const TUModel &Model) {
  const RecordDecl *R = recordOf(F, Model);
  return R ? nameOf(R) : "";
}

std::string deviceOf(const Finding &F, const TUModel &Model) {
  if (F.Cleanup)
    return "'" + F.Cleanup->getNameAsString() + "'";
  if (F.Device)
    if (std::string Text = describePointer(F.Device, Model.Ctx); !Text.empty())
      return "'" + Text + "'";
  std::string Structure = structureOf(F, Model);
  return Structure.empty() ? "the device" : "the " + Structure;
}

std::string nameOf(const RecordDecl *R) {
  if (!R->getIdentifier())
    return "an unnamed structure";
  return ("'" + R->getKindName() + " " + R->getName() + "'").str();
}

llvm::SmallVector<FixItHint, 1> removeStatement(const Stmt *S,
                                                const ASTContext &Ctx) {
  const SourceManager &SM = Ctx.getSourceManager();
  if (!isEditable(S->getSourceRange(), Ctx))
    return {};
  SourceLocation End = Lexer::findLocationAfterToken(
      S->getEndLoc(), tok::semi, SM, Ctx.getLangOpts(),
      /*SkipTrailingWhitespaceAndNewLine=*/false);
  if (End.isInvalid())
    return {};
  auto [File, Begin] = SM.getDecomposedLoc(S->getBeginLoc());
  unsigned Stop = SM.getFileOffset(End);
  StringRef Text = SM.getBufferData(File);
  unsigned Start = Begin;
  while (Start && (Text[Start - 1] == ' ' || Text[Start - 1] == '\t'))
    --Start;
  if ((!Start || Text[Start - 1] == '\n') && Stop < Text.size() &&
      Text[Stop] == '\n')
    ++Stop;
  else
    Start = Begin;
  SourceLocation From = SM.getComposedLoc(File, Start);
  return {FixItHint::CreateRemoval(
      CharSourceRange::getCharRange(From, SM.getComposedLoc(File, Stop)))};
}

std::string indentationAt(SourceLocation Loc, const ASTContext &Ctx) {
  return Lexer::getIndentationForLine(Loc, Ctx.getSourceManager()).str();
}

std::string calleeAsWritten(const CallExpr *Call, const ASTContext &Ctx) {
  const FunctionDecl *F = Call->getDirectCallee();
  if (!F || !F->getIdentifier())
    return "";
  const SourceManager &SM = Ctx.getSourceManager();
  StringRef Name = asWritten(F->getName());
  SourceLocation Loc = Call->getCallee()->getExprLoc();
  while (Loc.isMacroID()) {
    if (SM.isMacroArgExpansion(Loc)) {
      Loc = SM.getImmediateSpellingLoc(Loc);
      continue;
    }
    Name = Lexer::getImmediateMacroName(Loc, SM, Ctx.getLangOpts());
    Loc = SM.getImmediateExpansionRange(Loc).getBegin();
  }
  return Name.str();
}

} // namespace vfio::checks
