//===- OverwriteRules.cpp - The only pointer to what was taken ------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/Conditions.h"
#include "lifecycle/OtherLives.h"

using namespace clang;

namespace vfio {

/// True where \p Tree asks the member \p Field, and not only how large it is.
static bool mentions(const Stmt *Tree, const FieldDecl *Field) {
  if (isa<UnaryExprOrTypeTraitExpr>(Tree))
    return false;
  const auto *M = dyn_cast<MemberExpr>(Tree);
  const auto *Of = M ? dyn_cast<FieldDecl>(M->getMemberDecl()) : nullptr;
  return sameField(Of, Field) ||
         llvm::any_of(Tree->children(), [&](const Stmt *Child) {
           return Child && mentions(Child, Field);
         });
}

/// The subscript of \p Array in \p Tree; null where there is none.
static const ArraySubscriptExpr *subscriptOf(const Stmt *Tree,
                                             const Expr *Array) {
  const auto *A = dyn_cast<ArraySubscriptExpr>(Tree);
  if (A && A->getBase()->IgnoreParenImpCasts() == Array)
    return A;
  for (const Stmt *Child : Tree->children())
    if (const auto *Found = Child ? subscriptOf(Child, Array) : nullptr)
      return Found;
  return nullptr;
}

/// True where \p E, written in \p Frame, is a number that whoever calls the
/// root chooses: it may be the same one again.
static bool isChosenByCaller(const Lives &L, const Story &Told, const Expr *E,
                             unsigned Frame, unsigned Depth = 0) {
  E = E && Depth < 20 ? strip(Told.sourceOf(strip(E), Frame)) : nullptr;
  auto IsChosen = [&](const Expr *Part) {
    return isChosenByCaller(L, Told, Part, Frame, Depth + 1);
  };
  Expr::EvalResult Known;
  if (!E)
    return false;
  if (E->EvaluateAsInt(Known, L.Model.Ctx))
    return true;
  if (const auto *BO = dyn_cast<BinaryOperator>(E))
    return IsChosen(BO->getLHS()) && IsChosen(BO->getRHS());
  // `hdr.index`, which was copied from user space.
  if (const auto *M = dyn_cast<MemberExpr>(E))
    return !M->isArrow() && namedVar(M->getBase()) &&
           !namedVar(M->getBase())->hasGlobalStorage();
  const VarDecl *Var = namedVar(E);
  return Var && !Var->hasGlobalStorage() &&
         (isa<ParmVarDecl>(Var) || IsChosen(Told.onlyValueOf(Var)));
}

/// True where \p Store is to the same place each time, as far as the driver is
/// concerned.
static bool comesAgain(const Lives &L, const Story &Told,
                       const StoryStep &Store) {
  const ArraySubscriptExpr *Element =
      subscriptOf(Store.In->getBody(), Store.At);
  return !Element || isChosenByCaller(L, Told, Element->getIdx(), Store.Frame);
}

/// The step by which \p Told keeps, in a member of the device's structure, what
/// \p Call took, where nothing of all that it does looks at the member or gives
/// such a thing back; null otherwise.
static const StoryStep *blindStore(const Lives &L, const Story &Told,
                                   const CallExpr *Call, unsigned Group) {
  const StoryStep *Store = nullptr;
  for (const StoryStep &S : Told.steps()) {
    if (S.What != StoryStep::Write || !S.Value)
      continue;
    Named N = Told.nameOf(S.Value, S.Frame);
    if (N.RootCall == Call && !N.Field)
      Store = &S;
  }
  if (!Store || !isOfDevice(L.Model, Store->Field) ||
      !comesAgain(L, Told, *Store))
    return nullptr;
  Asked A = askedBefore(L.Model, Told, *Store);
  bool Looks = llvm::any_of(Told.steps(), [&](const StoryStep &S) {
    std::optional<Deed> D = deedOf(Told, S);
    // `if (x->slots[i]) return -EBUSY;`
    if (S.At == Call && llvm::any_of(Told.conditionsOf(S), [&](const auto &On) {
          return On.first && mentions(On.first, Store->Field);
        }))
      return true;
    return (D && gives(*D, Group)) ||
           ((S.What == StoryStep::Read || S.What == StoryStep::Address) &&
            sameField(S.Field, Store->Field));
  });
  return A.Called || !A.Members.empty() || Looks || !Told.isWhole() ? nullptr
                                                                    : Store;
}

/// What a callback takes each time it is called, and keeps where it may have
/// kept another before.
void judgeOverwritten(const Lives &L, const Stages::Root &R,
                      llvm::ArrayRef<WayOut> Ways, Remarks &Out) {
  llvm::SmallPtrSet<const Stmt *, 4> Said;
  for (const WayOut &W : Ways)
    for (const Holding &H : W.Held) {
      if (W.Fails || !H.At || !isOnesOwn(H) || !Said.insert(H.At).second)
        continue;
      const Story &Told = L.Known.story(R.F);
      const StoryStep *Store = blindStore(L, Told, H.At, H.Group);
      if (!Store)
        continue;
      Out.push_back(takenRemark(RemarkKind::Overwritten,
                                Store->At->getExprLoc(), Store->Field, R.F,
                                Store->At, H));
    }
}

} // namespace vfio
