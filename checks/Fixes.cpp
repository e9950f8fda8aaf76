//===- Fixes.cpp - Edits that more than one check offers ------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/Fixes.h"
#include "checks/SourceText.h"
#include "lifecycle/ASTVisitor.h"
#include "clang/Lex/Lexer.h"

using namespace clang;

namespace vfio::checks {

/// The statement whose child \p S is, below \p Root; null where there is none.
static const Stmt *parentOf(const Stmt *S, const Stmt *Root) {
  for (const Stmt *Child : Root->children()) {
    if (!Child)
      continue;
    if (Child == S)
      return Root;
    if (const Stmt *Found = parentOf(S, Child))
      return Found;
  }
  return nullptr;
}

bool alwaysFollows(const Stmt *Second, SourceLocation First,
                   const FunctionDecl *In, const TUModel &Model) {
  const SourceManager &SM = Model.Ctx.getSourceManager();
  const auto *Block =
      dyn_cast_or_null<CompoundStmt>(parentOf(Second, In->getBody()));
  if (!Block)
    return false;
  bool Seen = false;
  for (const Stmt *S : Block->body()) {
    if (S == Second)
      return Seen;
    if (isa<LabelStmt, SwitchCase>(S))
      Seen = false;
    SourceLocation Begin = SM.getExpansionLoc(S->getBeginLoc());
    SourceLocation End = SM.getExpansionLoc(S->getEndLoc());
    if (isa<Expr>(S) && !SM.isBeforeInTranslationUnit(First, Begin) &&
        !SM.isBeforeInTranslationUnit(End, First))
      Seen = true;
  }
  return false;
}

const ReturnStmt *returnGuardedBy(const Expr *Test, const FunctionDecl *In) {
  const Stmt *Parent = Test;
  while (Parent && isa<Expr>(Parent))
    Parent = parentOf(Parent, In->getBody());
  const auto *If = dyn_cast_or_null<IfStmt>(Parent);
  if (!If || If->getElse())
    return nullptr;
  const Stmt *Then = If->getThen();
  if (const auto *Block = dyn_cast<CompoundStmt>(Then)) {
    if (Block->size() != 1)
      return nullptr;
    Then = Block->body_front();
  }
  const auto *Return = dyn_cast<ReturnStmt>(Then);
  return Return && Return->getRetValue() ? Return : nullptr;
}

namespace {
struct ReturnCounter : ASTVisitor<ReturnCounter> {
  unsigned Count = 0;
  bool VisitReturnStmt(ReturnStmt *) ENGINE_OVERRIDE {
    ++Count;
    return true;
  }
};
} // namespace

FixIts appendStatement(const FunctionDecl *F, StringRef Text,
                       const TUModel &Model) {
  const auto *Body = dyn_cast_or_null<CompoundStmt>(F->getBody());
  if (!Body || Body->getRBracLoc().isMacroID() || Body->body_empty() ||
      !F->getReturnType()->isVoidType())
    return {};
  ReturnCounter Returns;
  Returns.TraverseStmt(const_cast<CompoundStmt *>(Body));
  if (Returns.Count)
    return {};
  std::string Indent =
      indentationAt(Model.Ctx.getSourceManager().getExpansionLoc(
                        Body->body_front()->getBeginLoc()),
                    Model.Ctx);
  return {FixItHint::CreateInsertion(Body->getRBracLoc(),
                                     Indent + Text.str() + "\n")};
}

FixIts insertBefore(const Stmt *S, StringRef Text, const FunctionDecl *In,
                    const TUModel &Model) {
  const ASTContext &Ctx = Model.Ctx;
  const SourceManager &SM = Ctx.getSourceManager();
  SourceLocation Begin = S->getBeginLoc();
  const Stmt *Parent = parentOf(S, In->getBody());
  if (Begin.isMacroID() || !Parent)
    return {};
  std::string Indent = indentationAt(Begin, Ctx);
  if (isa<CompoundStmt>(Parent))
    return {FixItHint::CreateInsertion(Begin, Text.str() + "\n" + Indent)};
  const auto *If = dyn_cast<IfStmt>(Parent);
  if (!If || If->getElse() || If->getThen() != S ||
      If->getBeginLoc().isMacroID())
    return {};
  SourceLocation End = Lexer::findLocationAfterToken(
      SM.getExpansionRange(S->getEndLoc()).getEnd(), tok::semi, SM,
      Ctx.getLangOpts(), false);
  SourceLocation AfterCondition =
      Lexer::getLocForEndOfToken(If->getRParenLoc(), 0, SM, Ctx.getLangOpts());
  if (End.isInvalid() || AfterCondition.isInvalid())
    return {};
  return {FixItHint::CreateInsertion(AfterCondition, " {"),
          FixItHint::CreateInsertion(Begin, Text.str() + "\n" + Indent),
          FixItHint::CreateInsertion(
              End, "\n" + indentationAt(If->getBeginLoc(), Ctx) + "}")};
}

} // namespace vfio::checks
