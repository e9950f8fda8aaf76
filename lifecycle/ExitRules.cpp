//===- ExitRules.cpp - What must be true when a function ends -------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The obligations of a driver's own functions: a probe that fails leaves
// nothing behind, a remove ends the device. Those of @init and @release are in
// ReleaseRules.cpp.
//
//===----------------------------------------------------------------------===//

#include "lifecycle/Rules.h"

using namespace clang;

namespace vfio::flow {

//===-- How a function ends -----------------------------------------------===//

static QualType returnType(const Root &At) {
  return At.F->getReturnType().getCanonicalType();
}

bool Rules::returnsFailure(const State &S) const {
  QualType T = returnType(At);
  if (!S.ReturnedAt || T->isVoidType() || T->isBooleanType())
    return false;
  Signs R = S.signs(S.Return, Entities);
  if (T->isPointerType())
    return !(R & Positive);
  // `if (ret) return ret;` of a call that may fail: not zero is an error.
  return (R & Negative) && !(R & Zero);
}

bool Rules::mayReturnFailure(const State &S) const {
  if (returnsFailure(S))
    return true;
  // `return setup(x);`: what a function of another file returns.
  if (!S.ReturnedAt || !returnType(At)->isSignedIntegerType() ||
      !S.Return.isRef() || !(S.signs(S.Return, Entities) & Negative))
    return false;
  Entity::Kind K = Entities[S.Return.Id].K;
  return K == Entity::Result || K == Entity::Pure;
}

bool Rules::returnsSuccess(const State &S) const {
  QualType T = returnType(At);
  if (T->isVoidType())
    return true;
  if (!S.ReturnedAt)
    return false;
  Signs R = S.signs(S.Return, Entities);
  return T->isPointerType() ? R == Positive : !(R & Negative);
}

/// True where a truth value is returned: `return register(x) == 0;`.
static bool returnsTruth(const State &S, const Root &At) {
  // A function of a value may have a plain `return;`, with a warning.
  if (!S.ReturnedAt || !S.ReturnedAt->getRetValue())
    return false;
  const Expr *E = S.ReturnedAt->getRetValue()->IgnoreParenImpCasts();
  if (const auto *BO = dyn_cast<BinaryOperator>(E))
    return BO->isComparisonOp() || BO->isLogicalOp();
  const auto *UO = dyn_cast<UnaryOperator>(E);
  return (UO && UO->getOpcode() == UO_LNot) || returnType(At)->isBooleanType();
}

/// True where the error that \p O failed to register with is neither returned
/// nor kept, and what is returned instead can be a success.
bool Rules::losesTheError(const State &S, const Object &O) const {
  if (returnsTruth(S, At))
    return false; // which of the two means success is the caller's to know
  auto IsError = [&](const Value &V) {
    return V.Id == O.Result || Entities.dependsOn(V.Id, O.Result);
  };
  if (returnsSuccess(S))
    return !(S.Return.isRef() && S.Return.Id == O.Result);
  return S.ReturnedAt && S.Return.isRef() &&
         returnType(At)->isSignedIntegerType() &&
         (S.signs(S.Return, Entities) & Zero) && !IsError(S.Return) &&
         llvm::none_of(S.Store, [&](const auto &Item) {
           return !Entities.variableOf(Item.first.Id) && IsError(Item.second);
         });
}

/// True where the caller gets the object: it is returned.
bool Rules::pointsTo(const State &S, EntityId Id) const {
  return S.Return.isRef() && S.Return.Id == Id &&
         returnType(At)->isPointerType();
}

void Rules::addWayOut(Finding &F, const State &S) const {
  const SourceManager &SM = Model.Ctx.getSourceManager();
  if (S.LastBranch)
    F.Notes.push_back({S.LastBranchTaken ? FindingNote::BranchTaken
                                         : FindingNote::BranchNotTaken,
                       SM.getExpansionLoc(S.LastBranch->getExprLoc())});
  if (!F.At) {
    F.At = S.ReturnedAt;
    F.Where = SM.getExpansionLoc(S.ReturnedAt ? S.ReturnedAt->getBeginLoc()
                                              : At.F->getBodyRBrace());
  }
}

/// Finds a name for the structure among the variables of the function.
void Rules::nameHolder(Finding &F, const State &S, EntityId Id) const {
  for (const auto &[P, V] : S.Store) {
    const VarDecl *Var = Entities.variableOf(P.Id);
    if (!Var || P.Offset || !V.isRef() || V.Id != Id ||
        Var->getDeclContext() != At.F)
      continue;
    DeviceRecord R = findDevicePointee(Var->getType(), Model.Ctx);
    if (!R || R.Several)
      continue;
    F.Variable = Var->getName().str();
    F.Pointer =
        R.Path.empty() ? F.Variable : "&" + F.Variable + "->" + spell(R.Path);
    return;
  }
}

void Rules::atExit(State &S) {
  In = At.F;
  size_t Before = Candidates.size();
  if (Lives)
    for (auto &[Id, O] : S.Objects)
      noteLife(S, O, Id);
  for (auto &[Id, O] : S.Objects)
    exitObject(S, O, Id);
  bool Bad = llvm::any_of(S.Objects, [](const auto &Item) {
    return Item.second.has(Life::Reported);
  });
  if (Candidates.size() == Before && !Bad)
    GoodReturns.insert(S.ReturnedAt);
  if (At.P == Part::Release)
    exitRelease(S);
  if (At.P == Part::Init)
    exitInit(S);
  if (At.P == Part::Remove &&
      (S.Elsewhere & (bitOf(Event::Unregistered) | bitOf(Event::Put))))
    Ways.Uncertain = true;
}

void Rules::noteLife(const State &S, const Object &O, EntityId Id) {
  static constexpr std::pair<Event, LifeEvent> Told[] = {
      {Event::Allocated, LifeEvent::Allocated},
      {Event::Initialised, LifeEvent::Initialised},
      {Event::Registered, LifeEvent::Registered},
      {Event::RegisterFailed, LifeEvent::RegisterFailed},
      {Event::Unregistered, LifeEvent::Unregistered},
      {Event::Uninitialised, LifeEvent::Uninitialised},
      {Event::Put, LifeEvent::Put},
      {Event::CoreReleased, LifeEvent::CoreReleased},
      {Event::Freed, LifeEvent::Freed}};
  if (O.has(Life::Failed) || !mayBeDevice(S, Id))
    return;
  PathLife L;
  for (const auto &[E, Event] : Told)
    if (O.at(E))
      L.Events.push_back(Event);
  if (L.Events.empty())
    return;
  // A free that should have come last and did not.
  const Expr *Freed = O.at(Event::Freed), *Uninit = O.at(Event::Uninitialised);
  const FunctionDecl *F =
      Freed ? Model.functionAt(Freed->getExprLoc()) : nullptr;
  if (F && Uninit && F == Model.functionAt(Uninit->getExprLoc()) &&
      Model.Ctx.getSourceManager().isBeforeInTranslationUnit(
          Freed->getExprLoc(), Uninit->getExprLoc())) {
    L.Events.pop_back();
    L.Events.insert(llvm::find(L.Events, LifeEvent::Uninitialised),
                    LifeEvent::Freed);
  }
  L.Root = At.F;
  L.Record = recordOf(O, Id);
  L.Fails = mayReturnFailure(S) && !returnsSuccess(S);
  L.LastBranch = S.LastBranch;
  L.LastBranchTaken = S.LastBranchTaken;
  Lives->push_back(std::move(L));
}

void Rules::returning(State &S, const FunctionDecl *F) {
  const FunctionDecl *Root = std::exchange(At.F, F);
  const FunctionDecl *Outer = std::exchange(In, F);
  for (auto &[Id, O] : S.Objects) {
    if (!isOurs(O) || O.has(Life::Reported) || !isDevice(O, Id) ||
        Model.functionAt(O.at(Event::Allocated)->getExprLoc()) != F ||
        llvm::any_of(S.Store, [Id = Id](const auto &Item) {
          return Item.second.isRef() && Item.second.Id == Id;
        }))
      continue;
    exitOwned(S, O, Id);
  }
  At.F = Root;
  In = Outer;
}

void Rules::exitObject(State &S, Object &O, EntityId Id) {
  if (O.has(Life::Assumed)) {
    Ways.Unregistered |= O.at(Event::Unregistered) != nullptr;
    Ways.UnregisteredAt = O.at(Event::Unregistered);
    Ways.SomeDoNot |= !O.at(Event::Unregistered);
    // A put that nothing was said of, as the device's own members may know
    // that it is not registered.
    bool Excused = !O.Told.empty() && !O.has(Life::Reported);
    Ways.Put |= (O.at(Event::Put) || O.at(Event::Freed)) && !Excused;
  }
  if (O.has(Life::Reported))
    return;
  if (O.has(Life::Failed)) {
    exitAllocationFailed(S, O, Id);
    return;
  }
  if (O.at(Event::RegisterFailed) && !O.has(Life::Consulted) &&
      losesTheError(S, O)) {
    Finding F = make(FindingKind::RegisterUnchecked, O, Id,
                     O.at(Event::RegisterFailed));
    addWayOut(F, S);
    report(O, std::move(F));
    return;
  }
  if (isOurs(O) && isDevice(O, Id)) {
    exitOwned(S, O, Id);
    if (At.P == Part::Probe && returnsSuccess(S)) {
      if (isRegistered(O))
        recordProbe(S, O, Id);
      else if ((O.has(Life::InDrvdata) || O.at(Event::RegisterFailed)) &&
               !O.has(Life::Kept) && S.ReturnedAt && S.Return.isNumber())
        Probes[At.F->getCanonicalDecl()].Unregistered = {
            S.ReturnedAt, O.at(Event::RegisterFailed), O.at(Event::Put), At.F};
    }
  } else if (O.has(Life::Assumed) && At.P == Part::Remove) {
    exitRemove(S, O, Id);
  }
}

//===-- Allocation that failed --------------------------------------------===//

/// True where what is returned cannot be the error \p Id: a truth value, its
/// opposite, 0, or what was there before the allocation.
bool Rules::isNoErrorOf(const State &S, EntityId Id) const {
  if (S.Return.K == Value::Condition)
    return true;
  if (!S.Return.isRef() || S.Return.Num || S.Return.Id == Id)
    return false;
  Signs R = S.signs(S.Return, Entities);
  if (Entities.dependsOn(S.Return.Id, Id))
    return R == Positive;
  const Entity &E = Entities[S.Return.Id];
  const VarDecl *Var = Entities.variableOf(E.From.Id);
  // A variable that was never set.
  return R == Zero || (E.K == Entity::Fresh && Var && E.Origin == Var);
}

void Rules::exitAllocationFailed(State &S, Object &O, EntityId Id) {
  if (!allocatorOf(O) || allocatorOf(O)->Kind != Role::AllocDevice ||
      pointsTo(S, Id))
    return;
  if (O.has(Life::NullTested) && !O.has(Life::ErrorTested)) {
    Finding F = make(FindingKind::AllocNullTest, O, Id, O.at(Event::Tested));
    note(F, O, Event::Allocated, FindingNote::AllocatedHere);
    report(O, std::move(F));
    return;
  }
  if (!O.has(Life::ErrorTested) || At.P != Part::Probe)
    return;
  // The error itself, or what was made of it, is on its way up.
  if (!S.Return.isNumber() && !isNoErrorOf(S, Id))
    return;
  FindingKind Kind = S.Return.isNumber() && S.Return.Num < 0
                         ? FindingKind::AllocErrorReplaced
                         : FindingKind::AllocErrorLost;
  // A helper of the driver's may have errors of its own kind.
  if (Kind == FindingKind::AllocErrorReplaced &&
      Model.functionAt(O.at(Event::Allocated)->getExprLoc()) != At.F)
    return;
  Finding F = make(Kind, O, Id, S.ReturnedAt);
  note(F, O, Event::Allocated, FindingNote::AllocatedHere);
  nameHolder(F, S, Id);
  report(O, std::move(F));
}

//===-- Devices that a function made --------------------------------------===//

/// True where a structure of the driver's points to \p Id, and somebody else
/// may end that structure and all that goes with it. What may have done so by
/// now is added to \p Doubts.
bool Rules::isInOtherHands(const State &S, EntityId Id,
                           llvm::SmallVectorImpl<const CallExpr *> &Doubts) {
  for (const auto &[P, V] : S.Store) {
    const Object *Owner =
        V.isRef() && V.Id == Id && P.Id != Id ? S.Objects.find(P.Id) : nullptr;
    if (!Owner)
      continue;
    if (Owner->has(Life::DevmOwned) || pointsTo(S, P.Id))
      return true;
    Doubts.append(Owner->Outside.begin(), Owner->Outside.end());
  }
  return false;
}

/// True for a call of a function of the driver's whose body is not there.
bool Rules::isUnread(const CallExpr *Call) const {
  const FunctionDecl *F = Call->getDirectCallee();
  return F && !F->getBuiltinID() && !Model.definition(F) &&
         !OutsideKnowledge::isOfTheKernel(F);
}

/// Adds what the current root calls of these to \p Doubts.
void Rules::addUnread(llvm::SmallVectorImpl<const CallExpr *> &Doubts) const {
  for (const CallExpr *Call : RootOutside)
    if (isUnread(Call) && !llvm::is_contained(Doubts, Call))
      Doubts.push_back(Call);
}

void Rules::exitOwned(State &S, Object &O, EntityId Id) {
  uint32_t Ended = bitOf(Event::Put) | bitOf(Event::Freed);
  if (O.has(Life::Kept | Life::DevmOwned) || pointsTo(S, Id) ||
      (S.Elsewhere & Ended) || O.at(Event::Put))
    return;
  bool New = makesDevice(allocatorOf(O)->Kind);
  bool Devm = allocatorOf(O)->Kind == Role::DevmAllocate;
  bool Initialised = O.at(Event::Initialised) && !O.at(Event::Uninitialised);
  if (!New && O.has(Life::InitDevice))
    return; // outlives the device: its end is elsewhere
  if (O.at(Event::Freed) || (Devm && !Initialised))
    return;
  bool Fails = returnsFailure(S);
  bool Forgotten = returnsSuccess(S) && !isRegistered(O) &&
                   !(S.Elsewhere & bitOf(Event::Registered)) &&
                   !O.has(Life::InDrvdata) && O.Outside.empty();
  // Without a failing return, a registered device is what the function is for.
  if (!Fails && !Forgotten)
    return;
  llvm::SmallVector<const CallExpr *, 2> Doubts = O.Outside;
  if (isInOtherHands(S, Id, Doubts))
    return;
  // Whoever has seen it, or finds it in the drvdata, needs no argument to end
  // it.
  if (O.has(Life::InDrvdata | Life::Handed))
    addUnread(Doubts);
  FindingKind Kind = isRegistered(O) ? FindingKind::LeakRegistered
                     : New           ? FindingKind::Leak
                                     : FindingKind::OldLeak;
  Finding F = make(Kind, O, Id, nullptr);
  if (!Devm && !O.at(Event::Uninitialised))
    F.Of = Finding::Case::ByHand;
  note(F, O, Event::Allocated, FindingNote::AllocatedHere);
  note(F, O, Event::Registered, FindingNote::RegisteredHere);
  note(F, O, Event::Unregistered, FindingNote::UnregisteredHere);
  addWayOut(F, S);
  nameHolder(F, S, Id);
  report(O, std::move(F), Doubts, Deed::Keep);
}

void Rules::recordProbe(State &S, Object &O, EntityId Id) {
  ProbeFacts &P = Probes[At.F->getCanonicalDecl()];
  P.RegisteredAt = dyn_cast_or_null<CallExpr>(O.at(Event::Registered));
  P.AllocatedAt = dyn_cast_or_null<CallExpr>(O.at(Event::Allocated));
  P.Allocator = allocatorOf(O);
  P.Record = recordOf(O, Id);
  P.OldModel |= O.has(Life::OldModel);
  P.InitDevice |= O.has(Life::InitDevice);
  P.DevmOwned |= O.has(Life::DevmOwned);
  P.InDrvdata |= O.has(Life::InDrvdata);
  recordWay(S, Id, P);
  P.KnownElsewhere |= O.has(Life::Kept) || !O.Outside.empty();
  P.PutByAction = O.at(Event::PutByAction);
  P.UnregisteredByAction = O.at(Event::UnregisteredByAction);
}

/// Notes in \p P how the driver data of some device leads to \p Id: it is that,
/// or what that points to has it in a member.
void Rules::recordWay(const State &S, EntityId Id, ProbeFacts &P) {
  auto Is = [&](const Value &V) { return V.isRef() && V.Id == Id; };
  for (const auto &[Data, V] : S.Store) {
    std::optional<DrvdataWay> Way;
    if (Data.In == Drvdata && V.isRef())
      Way = wayTo(Data);
    if (!Way)
      continue;
    if (Is(V)) {
      P.InDrvdata = true;
      P.Way = *Way;
      return;
    }
    for (const auto &[Member, Held] : S.Store)
      if (Member.Id == V.Id && Member.isMemory() && Is(Held)) {
        Way->Member = Member.Offset - V.Num;
        P.InDrvdata = true;
        P.Way = *Way;
        return;
      }
  }
}

/// How \p Data, the driver data of a device, is reached from the bus device
/// that the root function was called for.
std::optional<DrvdataWay> Rules::wayTo(Place Data) const {
  DrvdataWay Way;
  Way.Steps.push_back(Data.Offset);
  for (EntityId Id = Data.Id;;) {
    const Entity &E = Entities[Id];
    if (E.K != Entity::Loaded || !E.From.isMemory())
      return std::nullopt;
    const VarDecl *Var = Entities.variableOf(E.From.Id);
    if (Var) {
      const auto *Param = dyn_cast<ParmVarDecl>(Var);
      bool Bus = Param && Param->getDeclContext() == At.F &&
                 Param->getFunctionScopeIndex() == 0 && E.From.Offset == 0;
      return Bus ? std::optional(Way) : std::nullopt;
    }
    Way.Steps.push_back(E.From.Offset);
    Id = E.From.Id;
  }
}

} // namespace vfio::flow
