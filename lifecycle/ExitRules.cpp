//===- ExitRules.cpp - What must be true when a function ends -------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The obligations of each part: a probe that fails leaves nothing behind, a
// remove ends the device, a @release frees where core does not, an @init that
// fails undoes itself. Rules that need more than one function are judged when
// all have been walked.
//
//===----------------------------------------------------------------------===//

#include "lifecycle/Owners.h"
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
  if (!S.ReturnedAt)
    return false;
  const Expr *E = S.ReturnedAt->getRetValue()->IgnoreParenImpCasts();
  if (const auto *BO = dyn_cast<BinaryOperator>(E))
    return BO->isComparisonOp() || BO->isLogicalOp();
  const auto *UO = dyn_cast<UnaryOperator>(E);
  return (UO && UO->getOpcode() == UO_LNot) ||
         returnType(At)->isBooleanType();
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
  static constexpr std::pair<Event, llvm::StringLiteral> Words[] = {
      {Event::Allocated, "alloc"},
      {Event::Initialised, "init"},
      {Event::Registered, "register"},
      {Event::RegisterFailed, "register fails"},
      {Event::Unregistered, "unregister"},
      {Event::Uninitialised, "uninit"},
      {Event::Put, "put"},
      {Event::CoreReleased, "core release"},
      {Event::Freed, "free"}};
  if (O.has(Life::Failed) || !mayBeDevice(S, Id))
    return;
  PathLife L;
  for (const auto &[E, Word] : Words)
    if (O.at(E))
      L.Events.push_back(Word);
  if (L.Events.empty())
    return;
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

void Rules::exitOwned(State &S, Object &O, EntityId Id) {
  uint32_t Ended = bitOf(Event::Put) | bitOf(Event::Freed);
  if (O.has(Life::Kept | Life::DevmOwned) || pointsTo(S, Id) ||
      (S.Elsewhere & Ended) || O.at(Event::Put))
    return;
  bool New = allocatorOf(O)->Kind == Role::AllocDevice;
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
  FindingKind Kind = isRegistered(O) ? FindingKind::LeakRegistered
                     : New           ? FindingKind::Leak
                                     : FindingKind::OldLeak;
  Finding F = make(Kind, O, Id, nullptr);
  F.Detail = Devm || O.at(Event::Uninitialised) ? "" : "free";
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
  P.KnownElsewhere |= O.has(Life::Kept) || !O.Outside.empty();
  P.PutByAction = O.at(Event::PutByAction);
  P.UnregisteredByAction = O.at(Event::UnregisteredByAction);
}

//===-- Remove ------------------------------------------------------------===//

void Rules::exitRemove(State &S, Object &O, EntityId Id) {
  uint32_t Ended = bitOf(Event::Put) | bitOf(Event::Freed);
  if (!O.at(Event::Unregistered) || O.at(Event::Put) || O.at(Event::Freed) ||
      O.has(Life::Kept | Life::DevmOwned | Life::InitDevice) ||
      (S.Elsewhere & Ended))
    return;
  bool Old = O.has(Life::OldModel);
  // devm memory goes by itself; what core holds of it does not.
  if (Old && O.at(Event::Uninitialised) && At.Probe->Allocator &&
      At.Probe->Allocator->Kind == Role::DevmAllocate)
    return;
  if (!Old && !allocatedByCore(O, Id))
    return;
  Finding F =
      make(FindingKind::LeakAfterUnregister, O, Id, O.at(Event::Unregistered));
  if (At.Probe->AllocatedAt)
    F.Notes.push_back(
        {FindingNote::AllocatedHere, At.Probe->AllocatedAt->getExprLoc()});
  F.Detail = Old ? "old" : "";
  addWayOut(F, S);
  report(O, std::move(F), O.Outside, Deed::Put);
}

/// Probe can succeed without a registration, and remove unregisters whatever
/// it finds.
void Rules::judgeUnregistered() {
  const auto &Way = At.Probe->Unregistered;
  if (!Way.At || !At.Probe->RegisteredAt || !Ways.UnregisteredAt ||
      Ways.SomeDoNot || Ways.Uncertain)
    return;
  const SourceManager &SM = Model.Ctx.getSourceManager();
  Candidate C{{}, {}, Deed::Unregister};
  C.F.Kind = FindingKind::SucceedsUnregistered;
  C.F.In = Way.In;
  C.F.At = Way.At;
  C.F.Where = SM.getExpansionLoc(Way.At->getBeginLoc());
  C.F.Record = At.Probe->Record;
  if (Way.RegisterFailed)
    C.F.Notes.push_back({FindingNote::RegisterFailedHere,
                         SM.getExpansionLoc(Way.RegisterFailed->getExprLoc())});
  if (Way.Put)
    C.F.Notes.push_back(
        {FindingNote::PutHere, SM.getExpansionLoc(Way.Put->getExprLoc())});
  C.F.Notes.push_back({FindingNote::UnregisteredHere,
                       SM.getExpansionLoc(Ways.UnregisteredAt->getExprLoc())});
  add(std::move(C));
}

void Rules::judgeRemove() {
  if (At.Probe)
    judgeUnregistered();
  // An action that is understood, and only puts, leaves that to remove.
  bool ByAction = At.Probe && At.Probe->DevmOwned &&
                  (!At.Probe->PutByAction || At.Probe->UnregisteredByAction);
  if (!At.Probe || !At.Probe->RegisteredAt || ByAction ||
      !At.Probe->InDrvdata || Ways.Unregistered || Ways.Put || Ways.Uncertain)
    return;
  Candidate C{{}, {}, Deed::Unregister};
  C.F.Kind = FindingKind::NeverUnregistered;
  C.F.In = At.F;
  C.F.Where = At.F->getLocation();
  C.F.Record = At.Probe->Record;
  C.F.Notes.push_back(
      {FindingNote::ProbeRegisters, At.Probe->RegisteredAt->getExprLoc()});
  C.Doubts.append(RootOutside.begin(), RootOutside.end());
  add(std::move(C));
}

/// Nothing is called when the bus takes the device away, and nothing else in
/// this TU would unregister it.
void Rules::judgeMissingRemove(const BusDriver &B) {
  auto P = B.LacksRemove && B.Probe ? Probes.find(B.Probe->getCanonicalDecl())
                                    : Probes.end();
  if (P == Probes.end() || !P->second.RegisteredAt || P->second.DevmOwned ||
      P->second.KnownElsewhere || llvm::any_of(Model.Sites, [&](const Site &S) {
        return (S.Api->Kind == Role::Unregister ||
                S.Api->Kind == Role::PciUnregister) &&
               S.In->getCanonicalDecl() != B.Probe->getCanonicalDecl() &&
               (S.In->isReferenced() || S.In->isExternallyVisible());
      }))
    return;
  Candidate C{{}, {}, Deed::Unregister};
  C.F.Kind = FindingKind::NeverRemoved;
  C.F.In = B.Probe;
  C.F.Where = B.Var->getLocation();
  C.F.Record = P->second.Record;
  C.F.Notes.push_back(
      {FindingNote::ProbeRegisters, P->second.RegisteredAt->getExprLoc()});
  addPair(std::move(C), P->second.RegisteredAt);
}

//===-- @release ----------------------------------------------------------===//

/// \p P as a place that means the same in all callbacks of a device: counted
/// from the vfio_device. Places elsewhere stay as they are.
Place Rules::relativeToSelf(Place P) const {
  if (isSelf(P.Id))
    return {0, P.Offset, P.In};
  const Entity &E = Entities[P.Id];
  if (E.K == Entity::Loaded && isSelf(E.From.Id) && E.From.isMemory())
    return {0, E.From.Offset, Pointee};
  return P;
}

void Rules::exitRelease(State &S) {
  const Object *Self = S.Objects.find(At.Self);
  bool Freed = Self && Self->at(Event::Freed);
  bool Elsewhere =
      S.Elsewhere & (bitOf(Event::Freed) | bitOf(Event::CoreReleased));
  if (Freed)
    Ways.Freed = true;
  else if (Elsewhere)
    Ways.Uncertain = true;
  else {
    Ways.NotFreed = true;
    Ways.NotFreedAt = S.ReturnedAt;
    if (Self)
      Ways.Doubts.append(Self->Outside.begin(), Self->Outside.end());
  }
  ReleaseFacts &R = Releases[At.F->getCanonicalDecl()];
  R.Seen = true;
  R.FreesSelf |= Freed;
  if (Self && Self->at(Event::CoreReleased))
    R.CoreReleased = true;
  else if (!Elsewhere && !std::exchange(R.SkipsCore, true))
    R.SkipsCoreAt = S.ReturnedAt;
  if (Self)
    R.Given.append(Self->Outside.begin(), Self->Outside.end());
  for (const auto &[Id, O] : S.Objects)
    if (O.at(Event::Freed) && Id != At.Self)
      R.Freed.push_back(relativeToSelf({Id, 0}));
  for (const auto &[Key, H] : S.GivenBack)
    R.GivenBack.push_back({Key.first, relativeToSelf(Key.second)});
  // A counter that changes here changed the other way in @init.
  for (const auto &[Key, H] : S.Resources)
    if (rowOf(H).Gives)
      R.GivenBack.push_back({Key.first, relativeToSelf(Key.second)});
  if (S.Elsewhere & (bitOf(Event::Freed)))
    R.Uncertain = true;
}

void Rules::judgeRelease(bool Complete) {
  ReleaseFacts &R = Releases[At.F->getCanonicalDecl()];
  R.Uncertain |= !Complete;
  R.Outside.append(RootOutside.begin(), RootOutside.end());
  if (!Complete || !driverFrees(Model.Gen) || Ways.Uncertain || !Ways.NotFreed)
    return;
  bool Used = false;
  for (const OpsTable &Table : Model.Ops->tables()) {
    const FunctionDecl *F = Table.callback("release");
    if (!F || F->getCanonicalDecl() != At.F->getCanonicalDecl())
      continue;
    Owners Known = ownersOfTable(Model, Table);
    // A structure that was only initialised outlives its device.
    for (const Owners::Owner &O : Known.List)
      if (O.Origin && O.Origin->Api->Kind != Role::AllocDevice)
        return;
    Used |= !Known.List.empty() || Model.Gen == Generation::DriverFrees;
  }
  if (!Used)
    return;
  Candidate C{{}, {}, Deed::Free};
  C.F.Kind = Ways.Freed ? FindingKind::ReleaseSometimesFrees
                        : FindingKind::ReleaseNeverFrees;
  C.F.In = At.F;
  if (Ways.Freed) {
    C.F.At = Ways.NotFreedAt;
  }
  C.F.Where = C.F.At ? C.F.At->getBeginLoc() : At.F->getBodyRBrace();
  C.Doubts = Ways.Doubts;
  add(std::move(C));
}

//===-- @init -------------------------------------------------------------===//

/// True where \p Id was found in a structure that the driver keeps in a list of
/// its own: what else was found there may tell, under another name, that nothing
/// was taken on this way.
bool Rules::isOfAList(EntityId Id) const {
  bool First = true;
  while (Entities[Id].K == Entity::Loaded && !isSelf(Id)) {
    EntityId From = Entities[Id].From.Id;
    if (const VarDecl *Var = Entities.variableOf(From))
      return !First && Var->hasGlobalStorage();
    First = false;
    Id = From;
  }
  return !First && !isSelf(Id);
}

void Rules::exitInit(State &S) {
  if (returnsSuccess(S))
    recordInit(S);
  if (!mayReturnFailure(S))
    return;
  Object *Self = S.Objects.find(At.Self);
  llvm::SmallVector<const CallExpr *, 2> Doubts;
  if (Self)
    Doubts = Self->Outside;
  bool FreedElsewhere = S.Elsewhere & (bitOf(Event::Freed));
  for (auto &[Id, O] : S.Objects) {
    if (!isOurs(O) || Id == At.Self || O.at(Event::Freed) ||
        O.has(Life::Kept | Life::InDrvdata) || FreedElsewhere ||
        allocatorOf(O)->Kind != Role::Allocate || isDevice(O, Id) ||
        pointsTo(S, Id))
      continue;
    Finding F = make(FindingKind::InitLeaks, O, Id, nullptr);
    F.Detail = asWritten(allocatorOf(O)->Name).str();
    note(F, O, Event::Allocated, FindingNote::TakenHere);
    addWayOut(F, S);
    F.LeakOf = O.at(Event::Allocated);
    report(O, std::move(F), Doubts, Deed::Undo);
  }
  for (const auto &[Key, H] : S.Resources) {
    // A reference to what turned out to be NULL.
    if (!(S.signs(Key.second.Id, Entities) & Positive) ||
        isOfAList(Key.second.Id))
      continue;
    Finding F = make(FindingKind::InitLeaks, Object(), At.Self, nullptr);
    F.Resource = rowOf(H).Kind;
    F.Detail = asWritten(rowOf(H).Function).str();
    F.Notes.push_back(
        {FindingNote::TakenHere,
         Model.Ctx.getSourceManager().getExpansionLoc(H.At->getExprLoc())});
    addWayOut(F, S);
    F.LeakOf = H.At;
    Candidate C{std::move(F), Doubts, Deed::Undo};
    // A counter may just count. It is a share when somebody gives it back.
    if (rowOf(H).Kind == ResourceKind::Counter)
      Counters.push_back(
          {std::move(C), At.F, {Key.first, relativeToSelf(Key.second)}});
    else
      add(std::move(C));
  }
}

void Rules::recordInit(State &S) {
  InitFacts &I = Inits[At.F->getCanonicalDecl()];
  bool First = !I.Seen;
  I.Seen = true;
  if (const Object *Self = S.Objects.find(At.Self))
    I.CallsCoreInit |= Self->at(Event::Initialised) != nullptr;
  std::vector<InitFacts::Item> Now;
  for (const auto &[P, V] : S.Store) {
    const Object *O = V.isRef() ? S.Objects.find(V.Id) : nullptr;
    if (isSelf(P.Id) && O && isOurs(*O) && !O->at(Event::Freed) &&
        !O->has(Life::Kept) && allocatorOf(*O)->Kind == Role::Allocate)
      Now.push_back({nullptr, {0, P.Offset, Pointee}, O->at(Event::Allocated)});
    // What stands for a resource may be kept in the device as well.
    for (const auto &[Key, H] : S.Resources)
      if (isSelf(P.Id) && V.isRef() && Key.second == Place{V.Id, V.Num})
        Now.push_back({&rowOf(H), {0, P.Offset, Pointee}, H.At});
  }
  for (const auto &[Key, H] : S.Resources)
    if (rowOf(H).Kind == ResourceKind::Counter ||
        rowOf(H).Kind == ResourceKind::Notifier)
      Now.push_back({&rowOf(H), relativeToSelf(Key.second), H.At});
  // What is held on every way out that succeeds.
  if (First)
    I.Holds = std::move(Now);
  else
    llvm::erase_if(I.Holds, [&](const InitFacts::Item &Item) {
      return llvm::none_of(Now, [&](const InitFacts::Item &Other) {
        return Other.Where == Item.Where && Other.TakenAt == Item.TakenAt;
      });
    });
}

//===-- Pairs of callbacks ------------------------------------------------===//

void Rules::finishRoot(bool Complete) {
  if (At.P == Part::Remove && Complete)
    judgeRemove();
  if (At.P == Part::Release)
    judgeRelease(Complete);
  if (At.P == Part::Init && !Complete)
    Inits[At.F->getCanonicalDecl()].Holds.clear();
  Ways = Exits();
  RootOutside.clear();
}

/// True where \p R gives back what \p Item is.
static bool givesBack(const ReleaseFacts &R, const InitFacts::Item &Item) {
  if (!Item.Row)
    return llvm::is_contained(R.Freed, Item.Where);
  return llvm::is_contained(R.GivenBack,
                            std::make_pair(Item.Row->Group, Item.Where));
}

/// The member of the device's structure that is at \p Offset bits from the
/// vfio_device; null where that is not known.
static const FieldDecl *fieldAt(const DeviceRecord &Owner, int64_t Offset,
                                const ASTContext &Ctx) {
  const RecordDecl *R = Owner.Record;
  Offset += Owner.Offset * 8;
  while (R) {
    const RecordDecl *Inner = nullptr;
    for (const FieldDecl *F : R->fields()) {
      int64_t At = Ctx.getFieldOffset(F);
      if (F->isBitField() || F->getType()->isIncompleteType())
        continue;
      int64_t Size = Ctx.getTypeSize(F->getType());
      if (Offset < At || Offset >= At + Size)
        continue;
      if (F->getType()->isScalarType())
        return Offset == At ? F : nullptr;
      Inner = F->getType()->getAsRecordDecl();
      Offset -= At;
      break;
    }
    R = Inner ? Inner->getDefinition() : nullptr;
  }
  return nullptr;
}

/// True where some function of the TU other than \p Init, and that can be
/// reached, frees the member \p Field of something: then the release need not.
static bool isFreedSomewhere(const TUModel &Model, const FieldDecl *Field,
                             const FunctionDecl *Init) {
  return llvm::any_of(Model.Sites, [&](const Site &S) {
    if (!isFree(S.Api->Kind) || S.In->getCanonicalDecl() == Init ||
        S.Api->Subject >= int(S.Call->getNumArgs()) ||
        !(S.In->isExternallyVisible() || S.In->isReferenced()))
      return false;
    const auto *M = dyn_cast<MemberExpr>(strip(S.Call->getArg(S.Api->Subject)));
    return M && M->getMemberDecl() == Field;
  });
}

/// Where a @release ends; of one that is not the driver's, where it is named.
static SourceLocation endOf(const OpsTable &Table,
                            const FunctionDecl *Release) {
  if (const FunctionDecl *Definition = Release->getDefinition())
    return Definition->getBodyRBrace();
  const OpsTable::Member *Row = Table.find("release");
  return Row ? Row->Value->getExprLoc() : Table.Var->getLocation();
}

void Rules::judgePairs() {
  for (const OpsTable &Table : Model.Ops->tables()) {
    const FunctionDecl *Init = Table.callback("init");
    const FunctionDecl *Release = Table.callback("release");
    if (!Release)
      continue;
    auto R = Releases.find(Release->getCanonicalDecl());
    // Core's ready-made one gives back nothing of the driver's.
    const ApiFunction *Ready =
        Release->getIdentifier() ? findApi(Release->getName()) : nullptr;
    if (Ready && (Ready->Kind == Role::FreeDevice ||
                  Ready->Kind == Role::PciReleaseDev)) {
      R = Releases.try_emplace(Release->getCanonicalDecl()).first;
      R->second.Seen = R->second.FreesSelf = true;
      R->second.CoreReleased = Ready->Kind == Role::PciReleaseDev;
    }
    if (R == Releases.end() || !R->second.Seen || R->second.Uncertain)
      continue;
    judgeCoreRelease(Table, Init, Release);
    auto I = Init ? Inits.find(Init->getCanonicalDecl()) : Inits.end();
    if (I == Inits.end() || !I->second.Seen)
      continue;
    Owners Known = ownersOfTable(Model, Table);
    for (const InitFacts::Item &Item : I->second.Holds) {
      if (givesBack(R->second, Item))
        continue;
      Candidate C{{}, R->second.Outside, Deed::Undo};
      C.F.Kind = FindingKind::ReleaseLeaks;
      C.F.In = Release;
      C.F.Where = endOf(Table, Release);
      if (Item.Row)
        C.F.Resource = Item.Row->Kind;
      C.F.LeakOf = Item.TakenAt;
      C.F.Notes.push_back(
          {FindingNote::TakenHere, Model.Ctx.getSourceManager().getExpansionLoc(
                                       Item.TakenAt->getExprLoc())});
      if (!Item.Row) {
        const FieldDecl *Field = Known.List.empty()
                                     ? nullptr
                                     : fieldAt(Known.List.front().Record,
                                               Item.Where.Offset, Model.Ctx);
        if (!Field || isFreedSomewhere(Model, Field, Init->getCanonicalDecl()))
          continue;
        C.F.Detail = Field->getName().str();
      } else {
        C.F.Detail = asWritten(Item.Row->Function).str();
        bool Counter = Item.Row->Kind == ResourceKind::Counter;
        if (Counter && !CountersReturned.contains(
                           {Init->getCanonicalDecl(), Item.Row->Group}))
          continue;
      }
      addPair(std::move(C), Item.TakenAt);
    }
  }
  judgeCounters();
}

void Rules::addPair(Candidate C, const Expr *TakenAt) {
  C.F.Root = C.F.In;
  if (Seen.insert({unsigned(C.F.Kind), TakenAt}).second)
    Candidates.push_back(std::move(C));
}

/// A failing @init keeps its share of a counter that @release, or another way
/// out of it, gives back.
void Rules::judgeCounters() {
  for (CounterLeak &L : Counters) {
    bool Returned =
        CountersReturned.contains({L.Init->getCanonicalDecl(), L.Key.first});
    for (const OpsTable &Table : Model.Ops->tables()) {
      const FunctionDecl *Init = Table.callback("init");
      const FunctionDecl *Release = Table.callback("release");
      if (!Init || !Release ||
          Init->getCanonicalDecl() != L.Init->getCanonicalDecl())
        continue;
      auto R = Releases.find(Release->getCanonicalDecl());
      Returned |=
          R != Releases.end() && llvm::is_contained(R->second.GivenBack, L.Key);
    }
    if (Returned)
      add(std::move(L.C));
  }
  Counters.clear();
}

/// A PCI driver's own release must call core's, which cleans up what core's
/// init set up.
void Rules::judgeCoreRelease(const OpsTable &Table, const FunctionDecl *Init,
                             const FunctionDecl *Release) {
  if (!Init)
    return;
  bool CallsCore = false;
  if (const ApiFunction *Api =
          Init->getIdentifier() ? findApi(Init->getName()) : nullptr)
    CallsCore = Api->Kind == Role::PciInitDev;
  auto I = Inits.find(Init->getCanonicalDecl());
  if (I != Inits.end())
    CallsCore |= I->second.CallsCoreInit;
  const ReleaseFacts &R = Releases[Release->getCanonicalDecl()];
  // In 6.1 one that does not even free, or not always, has a finding of its
  // own.
  if (!CallsCore || (R.CoreReleased && !R.SkipsCore) ||
      (driverFrees(Model.Gen) && (!R.FreesSelf || R.CoreReleased)))
    return;
  Candidate C{{}, R.Given, Deed::Free};
  C.F.Kind = FindingKind::ReleaseSkipsCore;
  C.F.In = Release;
  if (R.CoreReleased) {
    C.F.Detail = "sometimes";
    C.F.At = R.SkipsCoreAt;
  }
  C.F.Where = C.F.At ? C.F.At->getBeginLoc() : endOf(Table, Release);
  C.F.Notes.push_back({FindingNote::TakenHere, Init->getLocation()});
  add(std::move(C));
}

} // namespace vfio::flow
