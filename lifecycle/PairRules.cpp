//===- PairRules.cpp - What an opener takes, its closer gives back --------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/OtherLives.h"

using namespace clang;

namespace vfio {

std::optional<Deed> deedOf(const Story &Told, const StoryStep &S) {
  if (S.What != StoryStep::Call || !S.Callee || !S.Callee->getIdentifier())
    return std::nullopt;
  Deed D;
  D.Step = &S;
  int Key = -1;
  if (const ApiFunction *Api = findApi(S.Callee->getName())) {
    D.Gives = Api->Kind == Role::Free;
    if (!D.Gives && Api->Kind != Role::Allocate)
      return std::nullopt;
    Key = D.Gives ? Api->Subject : -1;
    // The structure with the device in it is no member of another.
    if (D.Gives && Key < int(S.call()->getNumArgs()) &&
        findDevicePointee(
            S.call()->getArg(Key)->IgnoreParenImpCasts()->getType(),
            S.Callee->getASTContext()))
      return std::nullopt;
  } else if ((D.Row = findHolding(S.Callee->getName()))) {
    D.Gives = D.Row->Gives;
    Key = D.Row->Key;
  } else {
    return std::nullopt;
  }
  if (Key >= 0 && Key < int(S.call()->getNumArgs()))
    D.What = Told.nameOf(S.call()->getArg(Key), S.Frame,
                         D.Row && D.Row->Kind == ResourceKind::Work);
  return D;
}

/// True where \p Value is what \p Call returned, itself or by a local.
static bool comesFrom(const Story &Told, const Expr *Value,
                      const CallExpr *Call) {
  for (unsigned Step = 0; Value && Step < 4; ++Step) {
    const Expr *S = strip(Value);
    if (S == Call)
      return true;
    const auto *Ref = dyn_cast<DeclRefExpr>(S);
    const auto *Var = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
    Value = Var ? Told.onlyValueOf(Var) : nullptr;
  }
  return false;
}

Named nameOfTaken(const Lives &L, const FunctionDecl *Root,
                  const CallExpr *Call) {
  const Story &Told = L.Known.story(Root);
  for (const StoryStep &S : Told.steps())
    if (S.At == Call)
      if (std::optional<Deed> D = deedOf(Told, S); D && D->What.Field) {
        // A reference has no name: what was taken by one pointer is given back
        // by another.
        if (D->Row && D->Row->Kind == ResourceKind::Reference)
          return Named();
        return D->What;
      }
  Named Out;
  for (const StoryStep &S : Told.steps())
    if (S.What == StoryStep::Write && S.Value && comesFrom(Told, S.Value, Call))
      Out.Field = S.Field;
  if (Out.Field)
    return Out;
  for (const StoryStep &S : Told.steps())
    if (S.What == StoryStep::WriteGlobal && comesFrom(Told, S.Value, Call))
      Out.Root = S.Global;
  if (Out.Root)
    return Out;
  for (const StoryStep &S : Told.steps())
    if (S.At == Call)
      if (std::optional<Deed> D = deedOf(Told, S))
        return D->What;
  return Out;
}

static unsigned groupOf(const Deed &D) {
  return D.Row ? D.Row->Group : MemoryGroup;
}

/// True where \p F, outside of \p Not, gives back something of \p Group that
/// may be \p What, or may do so where it is not shown.
static bool givesBack(const Lives &L, const FunctionDecl *F, unsigned Group,
                      const Named &What) {
  const Story &Told = L.Known.story(F);
  if (!Told.isWhole())
    return true;
  return llvm::any_of(Told.steps(), [&](const StoryStep &S) {
    std::optional<Deed> D = deedOf(Told, S);
    return D && D->Gives && groupOf(*D) == Group && D->What.mayBe(What);
  });
}

/// True where the kernel itself may take \p H's end on: a file, a parent.
static bool isPlain(ResourceKind Kind) {
  return Kind != ResourceKind::Lock && Kind != ResourceKind::Counter;
}

//===-- An opener that fails ----------------------------------------------===//

static std::optional<RemarkKind> failureOf(Stage When) {
  switch (When) {
  case Stage::Open:
    return RemarkKind::OpenKeeps;
  case Stage::Probe:
    return RemarkKind::ProbeKeeps;
  case Stage::ModuleInit:
    return RemarkKind::ModuleKeeps;
  default:
    return std::nullopt;
  }
}

static void judgeFailures(const Lives &L, const Stages::Root &R,
                          llvm::ArrayRef<WayOut> Ways, Remarks &Out) {
  std::optional<RemarkKind> Kind = failureOf(R.When);
  if (!Kind)
    return;
  llvm::DenseSet<std::pair<const Stmt *, const Stmt *>> Said;
  for (const WayOut &W : Ways) {
    if (!W.Fails)
      continue;
    for (const Holding &H : W.Held) {
      // How many pages were pinned, a sign does not tell.
      if (!isPlain(H.Kind) || H.Kind == ResourceKind::Pin || !H.At ||
          !Said.insert({W.Return, H.At}).second)
        continue;
      Named What = nameOfTaken(L, R.F, H.At);
      if (llvm::any_of(L.Known.roots(), [&](const Stages::Root &Other) {
            return !isSkippedWhenFailed(R.When, Other.When) &&
                   givesBack(L, Other.F, H.Group, What);
          }))
        continue;
      Remark Found{*Kind,
                   W.Where,
                   nullptr,
                   What.Field,
                   R.F,
                   nullptr,
                   {{RemarkNote::TakenHere, H.At->getExprLoc()}}};
      Found.Resource = H.Kind;
      Found.TakenBy = H.At;
      Out.push_back(Found);
    }
  }
}

//===-- A closer that keeps -----------------------------------------------===//

static std::optional<RemarkKind> keptKind(Stage When) {
  switch (When) {
  case Stage::Open:
  case Stage::Anytime:
    return RemarkKind::CloseKeeps;
  case Stage::Probe:
    return RemarkKind::RemoveKeeps;
  case Stage::ModuleInit:
    return RemarkKind::ExitKeeps;
  default:
    return std::nullopt;
  }
}

static bool isSame(const FunctionDecl *A, const FunctionDecl *B) {
  return A && B && A->getCanonicalDecl() == B->getCanonicalDecl();
}

/// The closer of \p Opener, if the driver has one, for the message.
static const FunctionDecl *closerOf(const Lives &L,
                                    const Stages::Root &Opener) {
  for (const OpsTable &Table : L.Model.Ops->tables())
    for (const OpsTable::Member &M : Table.Members)
      if (isSame(M.Callback, Opener.F))
        return L.Model.definition(Table.callback("close_device"));
  for (const BusDriver &B : L.Model.BusDrivers)
    if (isSame(B.Probe, Opener.F))
      return L.Model.definition(B.Remove);
  for (const Stages::Root &R : L.Known.roots())
    if (R.When == Stage::ModuleExit && Opener.When == Stage::ModuleInit)
      return R.F;
  return nullptr;
}

/// Works are vfio-runs-late's; a driver's own registration, and what core's
/// close ends, have rules of their own.
static bool isForClosers(const Holding &H) {
  return isPlain(H.Kind) && H.Kind != ResourceKind::Work && H.At &&
         H.Kind != ResourceKind::Device;
}

/// True where something that runs besides the opener, and surely, may give it
/// back. An ioctl that could is none: user space need not call it.
static bool isGivenBack(const Lives &L, const Stages::Root &Opener,
                        const Holding &H, const Named &What) {
  return llvm::any_of(L.Known.roots(), [&](const Stages::Root &Other) {
    if (Other.F == Opener.F || Other.When == Stage::Anytime ||
        (Opener.When == Stage::Probe && Other.When == Stage::Open))
      return false;
    return givesBack(L, Other.F, H.Group, What);
  });
}

static void judgeClosers(const Lives &L, const Stages::Root &R,
                         llvm::ArrayRef<WayOut> Ways, Remarks &Out) {
  std::optional<RemarkKind> Kind = keptKind(R.When);
  if (!Kind)
    return;
  llvm::SmallPtrSet<const Stmt *, 4> Said;
  for (const WayOut &W : Ways) {
    if (W.Fails)
      continue;
    for (const Holding &H : W.Held) {
      if (!isForClosers(H) || !Said.insert(H.At).second)
        continue;
      Named What = nameOfTaken(L, R.F, H.At);
      // What is kept in no member that is known may be anywhere.
      bool ByResult = H.Group == MemoryGroup ||
                      findHolding(H.At->getDirectCallee()->getName())->Key < 0;
      if (ByResult && !What.Field && !What.Root)
        continue;
      if (isGivenBack(L, R, H, What))
        continue;
      const FunctionDecl *Closer = closerOf(L, R);
      Remark Found{*Kind, H.At->getExprLoc(), nullptr, What.Field, Closer, H.At,
                   {}};
      Found.Resource = H.Kind;
      Found.TakenBy = H.At;
      if (Closer)
        Found.Notes.push_back({RemarkNote::GivenHere, Closer->getLocation()});
      Out.push_back(Found);
    }
  }
}

void judgePairs(const Lives &L, Remarks &Out) {
  for (const Stages::Root &R : L.Known.roots()) {
    auto Ways = L.Held.Ways.find(R.F);
    if (Ways == L.Held.Ways.end())
      continue;
    judgeFailures(L, R, Ways->second, Out);
    judgeClosers(L, R, Ways->second, Out);
  }
}

} // namespace vfio
