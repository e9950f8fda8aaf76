//===- Damage.cpp - What a file with errors still shows -------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/Damage.h"
#include "lifecycle/ASTVisitor.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/STLExtras.h"
#include <map>
#include <mutex>

using namespace clang;

namespace vfio {

static std::mutex Lock;

static std::map<const ASTContext *, std::vector<SourceLocation>> &noted() {
  static std::map<const ASTContext *, std::vector<SourceLocation>> All;
  return All;
}

void noteParseErrors(const ASTContext &Ctx, std::vector<SourceLocation> Where) {
  std::lock_guard<std::mutex> Guard(Lock);
  noted()[&Ctx] = std::move(Where);
}

void forgetParseErrors(const ASTContext &Ctx) {
  std::lock_guard<std::mutex> Guard(Lock);
  noted().erase(&Ctx);
}

Damage::Damage(ASTContext &Ctx) : Ctx(Ctx) {
  std::lock_guard<std::mutex> Guard(Lock);
  auto It = noted().find(&Ctx);
  if (It == noted().end())
    return;
  for (SourceLocation Where : It->second)
    Errors.push_back(Ctx.getSourceManager().getExpansionLoc(Where));
}

/// True where \p E itself is what clang could not make out. What is around it
/// "contains errors" as well, and so does the name of a variable whose
/// initialiser has some: that is known, as far as it is used here. What is in
/// the statements of an expression is looked at itself.
static bool isHole(const Expr *E) {
  if (!E->containsErrors() || isa<DeclRefExpr, StmtExpr>(E))
    return false;
  return isa<RecoveryExpr>(E) ||
         llvm::none_of(E->children(), [](const Stmt *Child) {
           const auto *Part = dyn_cast_or_null<Expr>(Child);
           return Part && Part->containsErrors();
         });
}

namespace {
/// Looks for what clang made up.
class HoleFinder : public ASTVisitor<HoleFinder> {
public:
  bool Found = false;

  bool VisitExpr(Expr *E) ENGINE_OVERRIDE {
    Found |= isHole(E);
    return !Found;
  }
  bool VisitDecl(Decl *D) ENGINE_OVERRIDE {
    Found |= D->isInvalidDecl();
    return !Found;
  }
};
} // namespace

/// Where the declaration of \p Var ends in the text. Of an initialiser with an
/// error in it clang keeps nothing, not even where it was.
static SourceLocation endOf(const VarDecl *Var, const ASTContext &Ctx) {
  const SourceManager &SM = Ctx.getSourceManager();
  SourceLocation Begin = SM.getExpansionLoc(Var->getLocation());
  auto [File, Offset] = SM.getDecomposedLoc(Begin);
  bool Invalid = false;
  StringRef Text = SM.getBufferData(File, &Invalid);
  if (Invalid)
    return SM.getExpansionRange(Var->getEndLoc()).getEnd();
  Lexer Lex(SM.getLocForStartOfFile(File), Ctx.getLangOpts(), Text.begin(),
            Text.begin() + Offset, Text.end());
  unsigned Nested = 0;
  Token Tok;
  for (Lex.LexFromRawLexer(Tok); Tok.isNot(tok::eof); Lex.LexFromRawLexer(Tok))
    if (Tok.isOneOf(tok::l_brace, tok::l_paren, tok::l_square))
      ++Nested;
    else if (Tok.isOneOf(tok::r_brace, tok::r_paren, tok::r_square) && Nested)
      --Nested;
    else if (Tok.is(tok::semi) && !Nested)
      break;
  return Tok.getLocation();
}

bool Damage::reaches(const Decl *D) const {
  if (Errors.empty())
    return false;
  if (const auto *Var = dyn_cast<VarDecl>(D))
    // One declaration says what another is initialised with.
    return llvm::any_of(Var->redecls(), [&](const VarDecl *Each) {
      return reachesOne(Each, endOf(Each, Ctx));
    });
  return reachesOne(
      D, Ctx.getSourceManager().getExpansionRange(D->getEndLoc()).getEnd());
}

bool Damage::reachesOne(const Decl *D, SourceLocation End) const {
  const SourceManager &SM = Ctx.getSourceManager();
  SourceLocation Begin = SM.getExpansionLoc(D->getBeginLoc());
  auto IsInside = [&](SourceLocation Where) {
    return Where.isValid() && !SM.isBeforeInTranslationUnit(Where, Begin) &&
           !SM.isBeforeInTranslationUnit(End, Where);
  };
  if (D->isInvalidDecl() || llvm::any_of(Errors, IsInside))
    return true;
  HoleFinder Finder;
  Finder.TraverseDecl(const_cast<Decl *>(D));
  return Finder.Found;
}

} // namespace vfio
