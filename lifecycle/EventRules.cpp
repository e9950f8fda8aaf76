//===- EventRules.cpp - What is done to a device, by the protocol ---------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What an operation makes of a device, and in which state it is a mistake, are
// rows of contracts/Protocol.def. Here is what the words of those mean.
//
//===----------------------------------------------------------------------===//

#include "contracts/Contract.h"
#include "contracts/Heaps.h"
#include "contracts/Protocol.h"
#include "lifecycle/Rules.h"

using namespace clang;

namespace vfio::flow {

//===-- The rows ----------------------------------------------------------===//

namespace {
struct Step {
  Op Of;
  Event What;
  bool Happens;
};
struct Misuse {
  Op Of;
  When In;
  std::optional<FindingKind> Finding; ///< none where it is no mistake
  Shown Note;
};
} // namespace

static constexpr bool Happens = true, Undone = false;
static constexpr Step Steps[] = {
#define STEP(OP, EVENT, HOW) {Op::OP, Event::EVENT, HOW},
#define MISUSE(OP, WHEN, FINDING, SHOWN)
#define FINE(OP, WHEN)
#include "contracts/Protocol.def"
};
static constexpr Misuse Misuses[] = {
#define STEP(OP, EVENT, HOW)
#define MISUSE(OP, WHEN, FINDING, SHOWN)                                       \
  {Op::OP, When::WHEN, FindingKind::FINDING, Shown::SHOWN},
#define FINE(OP, WHEN) {Op::OP, When::WHEN, std::nullopt, Shown::Nothing},
#include "contracts/Protocol.def"
};

void Rules::step(Op Of, Object &O, const Expr *Where) {
  for (const Step &Row : Steps)
    if (Row.Of == Of)
      O.happen(Row.What, Row.Happens ? Where : nullptr);
  // Whoever had it before did not do this to it, or it would be wrong now.
  if (Of != Op::Init && Of != Op::CleanUp)
    O.Outside.clear();
}

bool Rules::holds(When In, const State &S, const Object &O, EntityId Id) const {
  bool Self = isSelf(Id), Release = Self && At.P == Part::Release;
  switch (In) {
  case When::InInit:
    return Self && At.P == Part::Init;
  case When::InRelease:
    return Release;
  case When::ReleaseFrees:
    return Release && driverFrees(Model.Gen);
  case When::ReleaseMustNot:
    return Self && !driverFrees(Model.Gen);
  case When::ReleaseOutlived:
    return Release && outlivesDevice(O, Id);
  case When::OutsideRelease:
    return (isOurs(O) || O.has(Life::Assumed)) && allocatedByCore(O, Id);
  case When::MadeByCore:
    return hasNewModel(Model.Gen) && allocatedByCore(O, Id) &&
           Last.frees(recordOf(O, Id));
  case When::AfterLastPut:
    return O.at(Event::Put) && mayBeLastPut(O, Id);
  case When::AfterOwnPut:
    return O.at(Event::Put) && isOurs(O);
  case When::AfterPut:
    return O.at(Event::Put);
  case When::ActionPuts:
    return O.at(Event::PutByAction);
  case When::AfterFree:
    return O.at(Event::Freed);
  case When::AfterOwnFree:
    return Self && O.at(Event::Freed);
  case When::AfterCleanUp:
    return Self && O.at(Event::CoreReleased);
  case When::Registered:
    return isSurelyRegistered(S, O);
  case When::StillRegistered:
    return isSurelyRegistered(S, O) && !O.has(Life::DevmOwned) &&
           (!contractAtHand().Counted || isOurs(O));
  case When::RegisteredHere:
    return O.at(Event::Registered) && isSurelyRegistered(S, O);
  case When::NotRegistered:
    return O.Told.empty() && !(S.Elsewhere & bitOf(Event::Registered)) &&
           (O.at(Event::Unregistered) ||
            (isOurs(O) && !isRegistered(O) && !O.has(Life::Kept)));
  case When::AfterUninit:
    return O.at(Event::Uninitialised);
  }
  llvm_unreachable("a state");
}

/// Adds to \p F what \p What says of \p O.
void Rules::show(Shown What, Finding &F, const Object &O) const {
  switch (What) {
  case Shown::Nothing:
    return;
  case Shown::Put:
    return note(F, O, Event::Put, FindingNote::PutHere);
  case Shown::Action:
    return note(F, O, Event::PutByAction, FindingNote::PutByAction);
  case Shown::Free:
    return note(F, O, Event::Freed, FindingNote::FreedHere);
  case Shown::CleanUp:
    return note(F, O, Event::CoreReleased, FindingNote::FreedHere);
  case Shown::Allocation:
    return note(F, O, Event::Allocated, FindingNote::AllocatedHere);
  case Shown::Allocator:
    if (F.Allocation)
      F.Notes.push_back(
          {FindingNote::AllocatedHere, F.Allocation->getExprLoc()});
    return;
  case Shown::Registered:
    return note(F, O, Event::Registered, FindingNote::RegisteredHere);
  case Shown::Registration:
    return noteRegistration(F, O);
  case Shown::Unregistration:
    note(F, O, Event::Unregistered, FindingNote::UnregisteredHere);
    return note(F, O, Event::RegisterFailed, FindingNote::RegisterFailedHere);
  case Shown::Uninit:
    return note(F, O, Event::Uninitialised, FindingNote::UninitialisedHere);
  }
}

bool Rules::misuse(Op Of, State &S, Object &O, EntityId Id, const Expr *Where) {
  for (const Misuse &Row : Misuses) {
    if (Row.Of != Of || !holds(Row.In, S, O, Id))
      continue;
    if (!Row.Finding)
      return true;
    Finding F = make(*Row.Finding, O, Id, Where);
    show(Row.Note, F, O);
    // Whoever may have unregistered it excuses that; but to unregister waits
    // for the end of every callback, so none can have.
    bool Excused = Row.Note == Shown::Registration && !isGivenByCore(O);
    llvm::ArrayRef<const CallExpr *> Doubts;
    if (Excused)
      Doubts = O.Outside;
    report(O, std::move(F), Doubts, Deed::Unregister);
    return true;
  }
  return false;
}

//===-- Operations --------------------------------------------------------===//

/// True where \p Id is what the driver counts or marks for the last put: what a
/// call has answered, or what this path has written where it was read.
bool Rules::isBook(EntityId Id, const State &S) const {
  auto IsWritten = [&](EntityId Part) {
    const Entity &E = Entities[Part];
    return E.K == Entity::Fresh || E.K == Entity::Result ||
           E.K == Entity::Pure ||
           (E.K == Entity::Loaded && !Entities.variableOf(E.From.Id) &&
            S.Store.find(E.From));
  };
  return Id && (IsWritten(Id) || (Entities[Id].K == Entity::Derived &&
                                  llvm::any_of(Entities[Id].Parts, IsWritten)));
}

void Rules::put(State &S, const CallExpr *Call, const Value &Subject) {
  Object *O = objectOf(S, Subject, Event::Put);
  if (!O)
    return;
  believe(*O, Deed::Put);
  for (const Telling &T : O->Told)
    if (isBook(ToldBy.lookup(T.By), S))
      PutBy[T.By] |= T.Ways;
  if (O->has(Life::Failed))
    useError(S, *O, Subject.Id, Call);
  else
    misuse(Op::Put, S, *O, Subject.Id, Call);
  if (contractAtHand().Counted && !mayBeLastPut(*O, Subject.Id))
    return reference(S, Subject); // how many are left is not known
  step(Op::Put, *O, Call);
}

void Rules::freeByCore(State &S, const CallExpr *Call, const Value &Subject) {
  Object *O = objectOf(S, Subject, Event::Freed);
  if (!O)
    return;
  believe(*O, Deed::Free);
  if (O->has(Life::Failed))
    useError(S, *O, Subject.Id, Call);
  else
    misuse(Op::FreeByCore, S, *O, Subject.Id, Call);
  step(Op::FreeByCore, *O, Call);
}

void Rules::releasePci(State &S, const CallExpr *Call, const Value &Subject) {
  if (driverFrees(Model.Gen)) {
    freeByCore(S, Call, Subject);
    if (Object *O = Subject.isRef() ? S.Objects.find(Subject.Id) : nullptr)
      step(Op::CleanUp, *O, Call);
    return;
  }
  Object *O = objectOf(S, Subject, Event::CoreReleased);
  if (!O)
    return;
  if (!misuse(Op::CleanUp, S, *O, Subject.Id, Call))
    useAfterEnd(S, *O, Subject.Id, Call);
  step(Op::CleanUp, *O, Call);
}

void Rules::freeMemory(State &S, const Expr *Where, const ApiFunction &Api,
                       const Value &Subject) {
  // Freeing NULL is allowed and does nothing.
  if (Subject.isNumber() || (Subject.isRef() && Subject.Num == 0 &&
                             S.signs(Subject.Id, Entities) == Zero))
    return;
  uint32_t Elsewhere = S.Elsewhere;
  Object *O = objectOf(S, Subject, Event::Freed);
  if (!O)
    return;
  EntityId Id = Subject.Id;
  // Private memory of a device is not the device under another name.
  if (!mayBeDevice(S, Id))
    S.Elsewhere = Elsewhere;
  believe(*O, Deed::Free);
  if (O->has(Life::Failed)) {
    useError(S, *O, Id, Where);
    return;
  }
  if (isDevice(*O, Id)) {
    if (!misuse(Op::FreeMemory, S, *O, Id, Where))
      freeHandAllocated(S, *O, Id, Where, Api);
  } else if (O->at(Event::Freed) && At.P == Part::Release) {
    Finding F = make(FindingKind::ReleaseFreesTwice, *O, Id, Where);
    note(F, *O, Event::Freed, FindingNote::FreedHere);
    // What may take it out of a list, say, leaves another one there.
    report(*O, std::move(F), O->Outside, Deed::Undo);
  }
  step(Op::FreeMemory, *O, Where);
}

void Rules::freeHandAllocated(State &S, Object &O, EntityId Id,
                              const Expr *Where, const ApiFunction &Api) {
  if (isSurelyRegistered(S, O) && O.has(Life::OldModel)) {
    Finding F = make(FindingKind::FreeWhileRegistered, O, Id, Where);
    noteRegistration(F, O);
    report(O, std::move(F), O.Outside, Deed::Unregister);
    return;
  }
  bool Initialised = O.at(Event::Initialised) || O.has(Life::Assumed);
  if (O.has(Life::OldModel) && Initialised && !O.at(Event::Uninitialised)) {
    Finding F = make(FindingKind::OldFreeWithoutUninit, O, Id, Where);
    const auto *Init = dyn_cast_or_null<CallExpr>(O.at(Event::Initialised));
    F.Detail = functionsOf(Init && roleOf(*Init) == Role::PciInitDevice
                               ? Role::PciUninitDevice
                               : Role::UninitGroupDev)
                   .front()
                   .str();
    note(F, O, Event::Initialised, FindingNote::InitialisedHere);
    report(O, std::move(F), O.Outside, Deed::Free);
    return;
  }
  const ApiFunction *From = allocatorOf(O);
  if (!From && O.has(Life::Assumed) && At.Probe)
    From = At.Probe->Allocator;
  if (!From ||
      (From->Kind != Role::Allocate && From->Kind != Role::DevmAllocate))
    return;
  bool Wrong = From->Kind == Role::DevmAllocate
                   ? Api.Kind != Role::DevmFree
                   : Api.Kind == Role::DevmFree ||
                         !canFree(heapOf(Api.Name).Of, heapOf(From->Name).Of);
  if (!Wrong)
    return;
  Finding F =
      make(From->Kind == Role::DevmAllocate ? FindingKind::DevmInModel
                                            : FindingKind::AllocatorMismatch,
           O, Id, Where);
  F.Detail = asWritten(From->Name).str();
  if (F.Allocation)
    F.Notes.push_back({FindingNote::AllocatedHere, F.Allocation->getExprLoc()});
  report(O, std::move(F));
}

void Rules::unregister(State &S, const CallExpr *Call, const Value &Subject) {
  Object *O = objectOf(S, Subject, Event::Unregistered);
  if (!O)
    return;
  for (Deed D : {Deed::Put, Deed::Free, Deed::Unregister})
    believe(*O, D);
  // A function that nobody has read, and that was given it, may register it.
  bool MayBe = isRegistered(*O) || !O->has(Life::Handed);
  if (!useAfterEnd(S, *O, Subject.Id, Call) && MayBe)
    misuse(Op::Unregister, S, *O, Subject.Id, Call);
  step(Op::Unregister, *O, Call);
}

std::optional<bool> Rules::tellsRegistered(const State &S,
                                           const Value &Subject) const {
  const Object *O = Subject.isRef() ? S.Objects.find(Subject.Id) : nullptr;
  if (!O || O->has(Life::Failed))
    return std::nullopt;
  if (holds(When::Registered, S, *O, Subject.Id))
    return true;
  if (holds(When::NotRegistered, S, *O, Subject.Id))
    return false;
  return std::nullopt;
}

void Rules::registered(State &S, const CallExpr *Call, const Value &Subject) {
  if (Object *O = Subject.isRef() ? S.Objects.find(Subject.Id) : nullptr)
    step(Op::Register, *O, Call);
}

void Rules::registerFailed(State &S, const CallExpr *Call, const Value &Subject,
                           EntityId Result) {
  Object *O = Subject.isRef() ? S.Objects.find(Subject.Id) : nullptr;
  if (!O)
    return;
  step(Op::RegisterFails, *O, Call);
  O->drop(Life::Consulted);
  O->Result = Result;
}

void Rules::oldInit(State &S, const CallExpr *Call, const Value &Subject) {
  Object *O = objectOf(S, Subject, Event::Initialised);
  if (!O || useAfterEnd(S, *O, Subject.Id, Call))
    return;
  O->set(Life::OldModel);
  step(Op::Init, *O, Call);
}

void Rules::oldUninit(State &S, const CallExpr *Call, const Value &Subject) {
  Object *O = objectOf(S, Subject, Event::Uninitialised);
  if (!O)
    return;
  for (Deed D : {Deed::Put, Deed::Free})
    believe(*O, D);
  if (!useAfterEnd(S, *O, Subject.Id, Call))
    misuse(Op::Uninit, S, *O, Subject.Id, Call);
  O->set(Life::OldModel);
  step(Op::Uninit, *O, Call);
}

} // namespace vfio::flow
