//===- SetOnly.cpp - Variables that are only set any more -----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/render/SetOnly.h"
#include "lifecycle/ASTVisitor.h"
#include "rewriter/read/Tokens.h"
#include "clang/AST/ParentMapContext.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

using namespace clang;

namespace vfio::rewriter {

namespace {
/// The local variables of a function by what is done with them.
struct Sets : ASTVisitor<Sets> {
  std::map<const VarDecl *, const DeclStmt *> Declared;
  /// The assignments that do nothing else, by name.
  llvm::StringMap<std::vector<const Stmt *>> Of;
  llvm::StringSet<> Read;
  std::set<const Expr *> Targets;

  bool VisitDeclStmt(DeclStmt *DS) ENGINE_OVERRIDE {
    for (const Decl *D : DS->decls())
      if (const auto *V = dyn_cast<VarDecl>(D); V && V->hasLocalStorage())
        Declared[V] = DS;
    return true;
  }
  bool VisitBinaryOperator(BinaryOperator *BO) ENGINE_OVERRIDE {
    const VarDecl *V =
        BO->getOpcode() == BO_Assign ? namedVar(BO->getLHS()) : nullptr;
    if (V && !BO->getRHS()->HasSideEffects(V->getASTContext())) {
      Targets.insert(BO->getLHS()->IgnoreParenImpCasts());
      Of[V->getName()].push_back(BO);
    }
    return true;
  }
  bool VisitDeclRefExpr(DeclRefExpr *E) ENGINE_OVERRIDE {
    if (!Targets.count(E) && E->getDecl()->getIdentifier())
      Read.insert(E->getDecl()->getName());
    return true;
  }
};
} // namespace

/// The range of \p S where it is a statement of a block; empty for any other.
static FileRange removable(const Unit &U, const Stmt *S) {
  auto Parents = U.Model->Ctx.getParents(*S);
  return !Parents.empty() && Parents[0].get<CompoundStmt>()
             ? U.range(S->getSourceRange())
             : FileRange();
}

/// The range of \p V, one of several variables that \p DS declares, with the
/// comma on one side of it; empty where these are not all plain numbers.
static FileRange declarator(const Unit &U, const DeclStmt *DS,
                            const VarDecl *V) {
  std::vector<const VarDecl *> All;
  for (const Decl *D : DS->decls()) {
    All.push_back(dyn_cast<VarDecl>(D));
    if (!All.back() || !All.back()->getType()->isIntegerType())
      return {};
  }
  size_t I = llvm::find(All, V) - All.begin();
  FileRange R = U.range(SourceRange(V->getLocation(), V->getEndLoc()));
  FileRange Other =
      I ? U.range(
              SourceRange(All[I - 1]->getLocation(), All[I - 1]->getEndLoc()))
        : U.range(SourceRange(All[1]->getLocation(), All[1]->getEndLoc()));
  if (!R || !Other)
    return {};
  (I ? R.Begin : R.End) = I ? Other.End : Other.Begin;
  return R;
}

/// What this configuration leaves out of \p F.
static std::string hiddenIn(const Unit &U, const FunctionDecl *F) {
  FileRange Whole = U.range(F->getSourceRange());
  std::string Text;
  for (const FileRange &S : U.Skipped)
    if (Whole && S.File == Whole.File && S.Begin >= Whole.Begin &&
        S.End <= Whole.End)
      Text += textOf(S, U.sources());
  return Text;
}

/// True where \p V can go with what sets it.
static bool isSetOnly(const VarDecl *V, Sets &Old, Sets &Now) {
  // What nothing names at all is a variable that is not used.
  return !Now.Read.contains(V->getName()) && Old.Read.contains(V->getName()) &&
         !Now.Of[V->getName()].empty() && V->getType()->isScalarType() &&
         !V->getType().isVolatileQualified() &&
         !(V->hasInit() && V->getInit()->HasSideEffects(V->getASTContext()));
}

static void removeSetOnly(const FunctionDecl *OldF, const Unit &U,
                          const FunctionDecl *F, EditSet &Edits) {
  Sets Old, Now;
  Old.TraverseStmt(OldF->getBody());
  Now.TraverseStmt(F->getBody());
  for (const auto &[V, DS] : Now.Declared) {
    if (!isSetOnly(V, Old, Now) || hasWord(hiddenIn(U, F), V->getName()))
      continue;
    bool Alone = DS->isSingleDecl();
    FileRange Declaration = Alone ? removable(U, DS) : declarator(U, DS, V);
    std::vector<FileRange> Gone = {Declaration};
    for (const Stmt *S : Now.Of[V->getName()])
      Gone.push_back(removable(U, S));
    if (!llvm::all_of(Gone, [&](const FileRange &R) {
          return R && Edits.addFile(R, U.sources());
        }))
      continue;
    for (const FileRange &R : llvm::ArrayRef(Gone).drop_front(!Alone))
      Edits.removeStatement(R);
    if (!Alone)
      Edits.replace(Declaration, "");
  }
}

EditSet removeSetOnly(llvm::ArrayRef<const Unit *> Before,
                      const Program &After) {
  EditSet Edits;
  for (size_t I = 0; I < Before.size(); ++I) {
    llvm::StringMap<const FunctionDecl *> Known;
    for (const FunctionDecl *F : Before[I]->Model->Functions)
      Known[F->getName()] = F;
    const Unit &New = *After.Units[I];
    for (const FunctionDecl *F : New.Model->Functions)
      if (const FunctionDecl *Old = Known.lookup(F->getName());
          Old && Before[I]->text(Old->getSourceRange()) !=
                     New.text(F->getSourceRange()))
        removeSetOnly(Old, New, F, Edits);
  }
  return Edits;
}

} // namespace vfio::rewriter
