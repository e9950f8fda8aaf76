//===- OrderRules.cpp - What is given back while it is used ---------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/ASTVisitor.h"
#include "lifecycle/OtherLives.h"

using namespace clang;

namespace vfio {

/// What is gone when it is given back: a use after that is a use of freed
/// memory, and not only of something that no longer works.
static bool isGoneWhenGiven(const Deed &D) {
  return !D.Row || isOwnObject(D.Row->Kind) ||
         D.Row->Kind == ResourceKind::Mapping ||
         D.Row->Kind == ResourceKind::Page;
}

/// A use of \p Field by what user space can have core call.
static const StoryStep *useByCallback(const Lives &L, const FieldDecl *Field) {
  for (const Stages::Root &R : L.Known.roots()) {
    if (R.When != Stage::Anytime && R.When != Stage::Open &&
        R.When != Stage::Close)
      continue;
    for (const StoryStep &S : L.Known.story(R.F).steps())
      if (S.What == StoryStep::Read && !S.Tests &&
          S.Field->getCanonicalDecl() == Field->getCanonicalDecl())
        return &S;
  }
  return nullptr;
}

static void judgeRemove(const Lives &L, const FunctionDecl *Remove,
                        Remarks &Out) {
  const Story &Told = L.Known.story(Remove);
  auto End = llvm::find_if(
      Told.steps(), [](const StoryStep &S) { return isUnregister(S.role()); });
  if (End == Told.steps().end())
    return;
  for (auto S = Told.steps().begin(); S != End; ++S) {
    std::optional<Deed> D = deedOf(Told, *S);
    if (!D || !D->Gives || S->Later || !D->What.Field ||
        !isOfDevice(L.Model, D->What.Field) || !isGoneWhenGiven(*D))
      continue;
    const StoryStep *Use = useByCallback(L, D->What.Field);
    if (!Use)
      continue;
    Remark R{RemarkKind::GoneTooEarly,
             Told.inRoot(*S)->getExprLoc(),
             nullptr,
             D->What.Field,
             Use->In,
             S->At,
             {{RemarkNote::UsedHere, Use->At->getExprLoc()},
              {RemarkNote::UnregisteredHere, End->At->getExprLoc()}}};
    Out.push_back(R);
  }
}

//===-- Module exit -------------------------------------------------------===//

namespace {
/// Whether a body names a variable.
struct Mentions : EvaluatedVisitor<Mentions> {
  const VarDecl *Var;
  const Expr *At = nullptr;
  explicit Mentions(const VarDecl *Var) : Var(Var->getCanonicalDecl()) {}
  bool VisitDeclRefExpr(DeclRefExpr *Ref) ENGINE_OVERRIDE {
    if (Ref->getDecl()->getCanonicalDecl() == Var)
      At = Ref;
    return !At;
  }
};
} // namespace

/// A use of \p Var by anything but the module's own start and end.
static const Expr *useOutsideOf(const Lives &L, const VarDecl *Var) {
  for (const FunctionDecl *F : L.Model.Functions) {
    if (llvm::any_of(L.Known.roots(), [&](const Stages::Root &R) {
          return R.F == F &&
                 (R.When == Stage::ModuleInit || R.When == Stage::ModuleExit);
        }))
      continue;
    Mentions M(Var);
    M.TraverseStmt(F->getBody());
    if (M.At)
      return M.At;
  }
  return nullptr;
}

/// True where \p S takes a bus driver off its bus.
static bool endsDriver(const TUModel &Model, const Story &Told,
                       const StoryStep &S) {
  std::optional<Deed> D = deedOf(Told, S);
  return D && D->Gives && D->Row && D->Row->Kind == ResourceKind::Device &&
         D->What.Root &&
         llvm::any_of(Model.BusDrivers, [&](const BusDriver &B) {
           return B.Var->getCanonicalDecl() == D->What.Root->getCanonicalDecl();
         });
}

static void judgeExit(const Lives &L, const FunctionDecl *Exit, Remarks &Out) {
  const Story &Told = L.Known.story(Exit);
  auto End = llvm::find_if(Told.steps(), [&](const StoryStep &S) {
    return endsDriver(L.Model, Told, S);
  });
  if (End == Told.steps().end())
    return;
  for (auto S = Told.steps().begin(); S != End; ++S) {
    std::optional<Deed> D = deedOf(Told, *S);
    if (!D || !D->Gives || D->What.Field || !D->What.Root ||
        !D->What.Root->hasGlobalStorage() || !isGoneWhenGiven(*D))
      continue;
    const Expr *Use = useOutsideOf(L, D->What.Root);
    if (!Use)
      continue;
    Out.push_back({RemarkKind::GoneBeforeDriver,
                   Told.inRoot(*S)->getExprLoc(),
                   D->What.Root,
                   nullptr,
                   Exit,
                   S->At,
                   {{RemarkNote::UsedHere, Use->getExprLoc()},
                    {RemarkNote::UnregisteredHere, End->At->getExprLoc()}}});
  }
}

void judgeOrder(const Lives &L, Remarks &Out) {
  for (const Stages::Root &R : L.Known.roots()) {
    if (R.When == Stage::Remove)
      judgeRemove(L, R.F, Out);
    if (R.When == Stage::ModuleExit)
      judgeExit(L, R.F, Out);
  }
}

} // namespace vfio
