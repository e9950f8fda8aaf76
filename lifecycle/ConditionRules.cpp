//===- ConditionRules.cpp - What is given back only sometimes -------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/ASTVisitor.h"
#include "lifecycle/Conditions.h"
#include "lifecycle/OtherLives.h"

using namespace clang;

namespace vfio {

/// True where \p Other ends what \p Opener began.
static bool isCloserOf(Stage Opener, Stage Other) {
  switch (Opener) {
  case Stage::Open:
    return Other == Stage::Close;
  case Stage::Probe:
  case Stage::Init:
    return Other == Stage::Remove || Other == Stage::Release;
  default:
    return false;
  }
}

/// How often \p Told calls \p F.
static unsigned callsOf(const Story &Told, const FunctionDecl *F) {
  return llvm::count_if(Told.steps(), [&](const StoryStep &S) {
    return S.What == StoryStep::Call && S.Callee &&
           S.Callee->getCanonicalDecl() == F->getCanonicalDecl();
  });
}

/// The only thing that the driver stores to \p Field, where it is \p Told that
/// does; null where there is none, or more.
static const StoryStep *onlyWrite(const Lives &L, const Story &Told,
                                  const FieldDecl *Field) {
  const StoryStep *Out = nullptr;
  for (const Stages::Root &R : L.Known.roots()) {
    const Story &Its = L.Known.story(R.F);
    if (&Its != &Told && touches(Its, Field, true))
      return nullptr;
  }
  for (const StoryStep &S : Told.steps()) {
    if (!S.Field || S.Field->getCanonicalDecl() != Field ||
        S.What == StoryStep::Read)
      continue;
    if (Out || S.What != StoryStep::Write || !S.Value)
      return nullptr;
    Out = &S;
  }
  return Out;
}

/// True where \p Field only keeps what the kernel has answered \p Opener, which
/// asks it for nothing: neither what was answered nor the question again.
static bool isUnasked(const Lives &L, const Stages::Root &Opener,
                      const FieldDecl *Field) {
  const Story &Told = L.Known.story(Opener.F);
  const StoryStep *Write =
      isOfDevice(L.Model, Field) ? onlyWrite(L, Told, Field) : nullptr;
  const auto *Call = Write ? dyn_cast<CallExpr>(strip(Write->Value)) : nullptr;
  const FunctionDecl *F = Call ? Call->getDirectCallee() : nullptr;
  if (!F || !isKernelFunction(F) || !F->getIdentifier() ||
      findHolding(F->getName()) || callsOf(Told, F) != 1)
    return false;
  return llvm::none_of(Told.steps(), [&](const StoryStep &S) {
    if (S.What == StoryStep::Read && S.Tests &&
        S.Field->getCanonicalDecl() == Field)
      return true;
    if (S.What != StoryStep::Call)
      return false;
    Asked A = askedBefore(L.Model, Told, S);
    return A.Called || llvm::is_contained(A.Members, Field);
  });
}

/// True where \p Field has nothing to do with what \p Opener takes, and an open
/// device changes it, or nothing does.
static bool isUnrelated(const Lives &L, const Stages::Root &Opener,
                        const FieldDecl *Field) {
  if (Opener.When == Stage::Probe)
    return isUnasked(L, Opener, Field);
  return isOfDevice(L.Model, Field) &&
         !touches(L.Known.story(Opener.F), Field, false) &&
         llvm::any_of(L.Known.roots(), [&](const Stages::Root &R) {
           return R.When == Stage::Anytime &&
                  touches(L.Known.story(R.F), Field, true);
         });
}

/// The member on which it depends whether \p S is done at all, where no such
/// member has to do with what \p Opener takes; null otherwise.
static const FieldDecl *unrelatedGuard(const Lives &L,
                                       const Stages::Root &Opener,
                                       const Story &Told, const StoryStep &S) {
  Asked A = askedBefore(L.Model, Told, S);
  if (A.Else || A.Called || A.Members.empty() ||
      !llvm::all_of(A.Members, [&](const FieldDecl *Field) {
        return isUnrelated(L, Opener, Field);
      }))
    return nullptr;
  return A.Members.front();
}

/// Of what every successful open or probe takes: the only closer gives it back
/// under a condition that has nothing to do with it.
static void judgeSometimes(const Lives &L, const Stages::Root &R,
                           llvm::ArrayRef<WayOut> Ways, const Holding &H,
                           Remarks &Out) {
  Named What = nameOfTaken(L, R.F, H.At);
  auto Takes = [&](const Holding &Other) { return Other.At == H.At; };
  if (!llvm::all_of(Ways, [&](const WayOut &W) {
        return W.Fails || llvm::any_of(W.Held, Takes);
      }))
    return;
  const Stages::Root *Closer = nullptr;
  for (const Stages::Root &Other : L.Known.roots()) {
    if (Other.F == R.F || !givesBack(L, Other.F, H.Group, What))
      continue;
    if (Closer || !isCloserOf(R.When, Other.When))
      return;
    Closer = &Other;
  }
  auto Ends = Closer ? L.Held.Ways.find(Closer->F) : L.Held.Ways.end();
  auto Gives = [&](const Holding &G) { return G.Group == H.Group; };
  if (Ends == L.Held.Ways.end() || !L.Known.story(Closer->F).isWhole() ||
      llvm::all_of(Ends->second, [&](const WayOut &W) {
        return llvm::any_of(W.Given, Gives) ||
               llvm::any_of(W.MayBeGiven, Gives);
      }))
    return;
  // What it does with these arguments, that is.
  auto IsDone = [&](const Expr *Call) {
    return llvm::any_of(Ends->second, [&](const WayOut &W) {
      auto Here = [&](const Holding &G) { return G.At == Call; };
      return llvm::any_of(W.Given, Here) || llvm::any_of(W.MayBeGiven, Here);
    });
  };
  const Story &Told = L.Known.story(Closer->F);
  const StoryStep *Give = nullptr;
  const FieldDecl *Guard = nullptr;
  for (const StoryStep &S : Told.steps()) {
    std::optional<Deed> D = deedOf(Told, S);
    if (!D || !gives(*D, H.Group) || !D->What.mayBe(What) || !IsDone(S.At))
      continue;
    Give = &S;
    Guard = unrelatedGuard(L, R, Told, S);
    if (!Guard)
      return;
  }
  if (!Give)
    return;
  Out.push_back(takenRemark(R.When == Stage::Probe ? RemarkKind::RemoveSometimes
                                                   : RemarkKind::CloseSometimes,
                            Told.inRoot(*Give)->getExprLoc(), Guard, Closer->F,
                            Give->At, H));
}

void judgeConditions(const Lives &L, const Stages::Root &R,
                     llvm::ArrayRef<WayOut> Ways, Remarks &Out) {
  llvm::SmallPtrSet<const Stmt *, 4> Said;
  if (R.When != Stage::Open && R.When != Stage::Probe)
    return;
  for (const WayOut &W : Ways)
    for (const Holding &H : W.Held)
      if (!W.Fails && isForClosers(H) && Said.insert(H.At).second)
        judgeSometimes(L, R, Ways, H, Out);
}

//===-- Module parameters -------------------------------------------------===//

namespace {
/// The variables of the driver whose address is taken.
struct AddressedVars : EvaluatedVisitor<AddressedVars> {
  const TUModel &Model;
  llvm::SmallVector<const VarDecl *, 1> Vars;
  explicit AddressedVars(const TUModel &Model) : Model(Model) {}
  bool VisitUnaryOperator(UnaryOperator *UO) ENGINE_OVERRIDE {
    const VarDecl *Var =
        UO->getOpcode() == UO_AddrOf ? namedVar(UO->getSubExpr()) : nullptr;
    if (Var && Model.isDriverFile(Var->getLocation()))
      Vars.push_back(Var->getCanonicalDecl());
    return true;
  }
};
} // namespace

/// True where \p List, a `struct kernel_param`, lets user space write.
static bool isWritable(const InitListExpr *List, const RecordDecl *R,
                       const ASTContext &Ctx) {
  unsigned I = 0;
  for (const FieldDecl *F : R->fields()) {
    Expr::EvalResult Mode;
    if (F->getName() == "perm")
      return I < List->getNumInits() &&
             List->getInit(I)->EvaluateAsInt(Mode, Ctx) &&
             (Mode.Val.getInt().getZExtValue() & 0222);
    ++I;
  }
  return false;
}

/// The variables that are module parameters, and that user space can change
/// while the module is loaded.
static llvm::SmallPtrSet<const VarDecl *, 4>
writableParameters(const TUModel &Model) {
  llvm::SmallPtrSet<const VarDecl *, 4> Out;
  for (const VarDecl *Var : Model.Vars) {
    const RecordDecl *R = Var->getType()->getAsRecordDecl();
    const auto *List = dyn_cast_or_null<InitListExpr>(Var->getInit());
    if (!R || !R->getIdentifier() || R->getName() != "kernel_param" || !List)
      continue;
    if (const InitListExpr *Semantic = List->getSemanticForm())
      List = Semantic;
    if (!isWritable(List, R->getDefinition(), Model.Ctx))
      continue;
    AddressedVars A(Model);
    A.TraverseStmt(const_cast<InitListExpr *>(List));
    Out.insert(A.Vars.begin(), A.Vars.end());
  }
  return Out;
}

/// Of what is taken by \p Take, in \p Opener, under the parameter \p Var: where
/// it is given back under it as well.
static void judgeParameter(const Lives &L, const Stages::Root &Opener,
                           const Deed &Take, const VarDecl *Var, Remarks &Out) {
  Named What = Take.What;
  if (!What.Field && Take.Step)
    What = nameOfTaken(L, Opener.F, Take.Step->call());
  for (const Stages::Root &R : L.Known.roots()) {
    if (!isCloserOf(Opener.When, R.When))
      continue;
    const Story &Told = L.Known.story(R.F);
    for (const StoryStep &S : Told.steps()) {
      std::optional<Deed> D = deedOf(Told, S);
      if (!D || !gives(*D, groupOf(Take)) || !D->What.mayBe(What))
        continue;
      Asked A = askedBefore(L.Model, Told, S);
      if (A.Called || !A.Members.empty() || !llvm::is_contained(A.Globals, Var))
        continue;
      Remark Found{RemarkKind::ParameterChanges,
                   Told.inRoot(S)->getExprLoc(),
                   Var,
                   nullptr,
                   R.F,
                   S.At,
                   {{RemarkNote::TakenHere, Take.Step->At->getExprLoc()}}};
      Found.Resource = Take.Row ? Take.Row->Kind : ResourceKind::Memory;
      Found.TakenBy = Take.Step->call();
      Out.push_back(Found);
      return;
    }
  }
}

void judgeParameters(const Lives &L, Remarks &Out) {
  llvm::SmallPtrSet<const VarDecl *, 4> Writable = writableParameters(L.Model);
  if (Writable.empty())
    return;
  for (const Stages::Root &R : L.Known.roots()) {
    const Story &Told = L.Known.story(R.F);
    for (const StoryStep &S : Told.steps()) {
      std::optional<Deed> D = deedOf(Told, S);
      if (!D || D->Gives || (D->Row && D->Row->Kind == ResourceKind::Lock))
        continue;
      for (const VarDecl *Var : askedBefore(L.Model, Told, S).Globals)
        if (Writable.contains(Var)) {
          judgeParameter(L, R, *D, Var, Out);
          break;
        }
    }
  }
}

} // namespace vfio
