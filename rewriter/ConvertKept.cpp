//===- ConvertKept.cpp - An allocation that is kept where others see it ---===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `slot.dev = kzalloc(...); if (!slot.dev) return -ENOMEM;`: who looks at the
// member tests it against NULL, so that an error pointer must never be in it.
// The structure is allocated into a local variable and stored when it is there.
//
//===----------------------------------------------------------------------===//

#include "lifecycle/ASTVisitor.h"
#include "rewriter/Conversion.h"
#include "rewriter/read/NullTest.h"
#include "rewriter/read/Tokens.h"

using namespace clang;

namespace vfio::rewriter {

/// The test right behind \p Set, which keeps the allocation \p A in \p Kept:
/// its branch for a failure leaves, and it has no other. Null where there is
/// none.
static const IfStmt *leavingTest(const AllocSite &A, const Stmt *Set,
                                 const Stmt *Parent, llvm::StringRef Kept) {
  const auto *Block = dyn_cast_or_null<CompoundStmt>(Parent);
  auto It = Block ? llvm::find(Block->body(), Set) : nullptr;
  const auto *If =
      Block && It != Block->body_end() && std::next(It) != Block->body_end()
          ? dyn_cast<IfStmt>(*std::next(It))
          : nullptr;
  NullTest T = If ? nullTest(*A.U, If->getCond(), Kept, A.Call) : NullTest();
  return T && T.WhenNull && !If->getElse() && endsInExit(If->getThen())
             ? If
             : nullptr;
}

/// True where the function of \p A left before \p Set if something was in
/// \p Kept.
static bool wasEmpty(const AllocSite &A, const Stmt *Set,
                     llvm::StringRef Kept) {
  for (const Item &I : itemsOf(A.In)) {
    if (I.S == Set)
      return false;
    const auto *If = dyn_cast<IfStmt>(I.S);
    NullTest T = If ? nullTest(*A.U, If->getCond(), Kept, nullptr) : NullTest();
    if (T && !T.WhenNull && endsInExit(If->getThen()))
      return true;
  }
  return false;
}

/// What the driver calls a variable of the structure elsewhere, or another
/// name, that the function of \p A has not.
static std::string freeName(const AllocSite &A) {
  struct Finder : ASTVisitor<Finder> {
    const RecordDecl *Record;
    std::map<std::string, unsigned> Count;
    bool VisitDeclRefExpr(DeclRefExpr *E) ENGINE_OVERRIDE {
      const auto *V = dyn_cast<VarDecl>(E->getDecl());
      const RecordDecl *R =
          V && V->hasLocalStorage() ? pointeeRecord(V->getType()) : nullptr;
      if (R && R->getCanonicalDecl() == Record->getCanonicalDecl() &&
          !V->getLocation().isMacroID())
        ++Count[V->getNameAsString()];
      return true;
    }
  } F;
  F.Record = A.Record.Record;
  for (const FunctionDecl *Fn : A.U->Model->Functions)
    F.TraverseStmt(Fn->getBody());
  std::vector<std::pair<unsigned, std::string>> Names;
  for (const auto &[Name, Times] : F.Count)
    Names.push_back({Times, Name});
  llvm::sort(Names, std::greater<>());
  for (const char *Name : {"state", "new_state", "new_vfio_state"})
    Names.push_back({0, Name});
  std::string Text = A.U->text(A.In->getSourceRange());
  for (const auto &[Times, Name] : Names)
    if (!hasWord(Text, Name))
      return Name;
  return {};
}

/// Declares \p Name in front of what the function of \p A declares.
bool Conversion::declareStructure(const AllocSite &A, llvm::StringRef Name) {
  const auto *Body = cast<CompoundStmt>(A.In->getBody());
  FileRange R = A.U->range(Body->getSourceRange());
  if (!edit(*A.U, R, A.Call->getBeginLoc()))
    return false;
  bool Declares = !Body->body_empty() && isa<DeclStmt>(Body->body_front());
  Edits.insertLinesAfter(R.File, R.Begin,
                         "\tstruct " + A.Record.Record->getNameAsString() +
                             " *" + Name.str() + ";\n" +
                             (Declares ? "" : "\n"));
  return true;
}

bool Conversion::keepWhenThere(const AllocSite &A, const Expr *LHS,
                               const std::vector<SiteRef> &Inits) {
  const Unit &U = *A.U;
  Spot At = spotOf(U.Model->Ctx, A.Call);
  const auto *Set = dyn_cast_or_null<BinaryOperator>(At.S);
  std::string Kept = U.text(LHS->getSourceRange());
  const IfStmt *If =
      Set && Set->getLHS()->IgnoreParens() == LHS->IgnoreParens() &&
              At.Kind == Spot::InBlock && !Kept.empty() &&
              !LHS->HasSideEffects(U.Model->Ctx)
          ? leavingTest(A, Set, At.Parent, Kept)
          : nullptr;
  const RecordDecl *Held = pointeeRecord(LHS->getType());
  bool Fits =
      !Held || Held->getCanonicalDecl() == A.Record.Record->getCanonicalDecl();
  std::string Name = If && Fits ? freeName(A) : std::string();
  bool Here = llvm::all_of(Inits, [&](const SiteRef &Init) {
    const CallExpr *Call = Init.S->Call;
    return Init.U == A.U && Init.S->In == A.In &&
           !llvm::StringRef(deviceArgument(Init)).contains(Kept) &&
           !llvm::StringRef(
                U.text(Call->getArg(Init.S->Api->Ops)->getSourceRange()))
                .contains(Kept);
  });
  FileRange R = If ? U.range(Set->getSourceRange()) : FileRange();
  if (Name.empty() || !Here || !R)
    return false;
  std::optional<Arguments> Args = argumentsFor(A, Inits);
  if (!Args || !edit(U, R, A.Call->getBeginLoc()) || !declareStructure(A, Name))
    return true;
  Edits.replace(
      R, Name + " = " +
             allocationText(A, Name, *Args, columnOf(R) + Name.size() + 3));
  step(StepId::ReplaceAllocation, U, A.Call->getBeginLoc(),
       {Name, allocatorOf(A)});
  removeMemset(A, Kept);
  testByIsErr(A, If, nullTest(U, If->getCond(), Kept, A.Call), Name);
  std::string Line;
  if (!replaceCodes(A, If->getThen(), Name))
    Line = setCode(A, If->getThen(), Name);
  if (!wasEmpty(A, Set, Kept))
    Line = Kept + " = NULL;" + (Line.empty() ? "" : "\n" + Line);
  insertBeforeExit(A, If, If->getThen(), Line);
  FileRange Test = U.range(If->getSourceRange());
  Edits.insertLinesAfter(Test.File, Test.End,
                         Edits.indentAt(Test.File, Test.Begin) + Kept + " = " +
                             Name + ";\n");
  step(StepId::StoreWhenThere, U, Set->getBeginLoc(), {Kept});
  return true;
}

} // namespace vfio::rewriter
