//===- PathRules.cpp - What a path uses, keeps and is told ----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the engine tells of a path that is no call with a role: memory that is
// used, pointers that are kept, branches that tell something.
//
//===----------------------------------------------------------------------===//

#include "lifecycle/Rules.h"
#include "clang/AST/RecordLayout.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;

namespace vfio::flow {

/// The pointer is an error, and \p Where takes it for a device.
void Rules::useError(State &S, Object &O, EntityId Id, const Expr *Where) {
  if (!allocatorOf(O) || allocatorOf(O)->Kind != Role::AllocDevice)
    return;
  if (O.has(Life::ErrorTested)) {
    Finding F = make(FindingKind::AllocErrorUsed, O, Id, Where);
    note(F, O, Event::Allocated, FindingNote::AllocatedHere);
    report(O, std::move(F));
    return;
  }
  bool NullTest = O.has(Life::NullTested);
  Finding F =
      make(NullTest ? FindingKind::AllocNullTest : FindingKind::AllocUntested,
           O, Id, NullTest ? O.at(Event::Tested) : Where);
  note(F, O, Event::Allocated, FindingNote::AllocatedHere);
  if (NullTest)
    F.Notes.push_back(
        {FindingNote::TestedHere,
         Model.Ctx.getSourceManager().getExpansionLoc(Where->getExprLoc())});
  report(O, std::move(F));
}

/// The call in the function where the life ended that leads to \p Where; that
/// itself where it is in the same function.
const Expr *Rules::useOf(const Object &O, Event End, const Expr *Where) const {
  const FunctionDecl *Ended = Model.functionAt(O.at(End)->getExprLoc());
  if (Ended == In)
    return Where;
  for (const CallExpr *Call : llvm::reverse(Stack))
    if (Call && Model.functionAt(Call->getExprLoc()) == Ended)
      return Call;
  return Where;
}

/// True, and a finding, where the life of the structure is over.
bool Rules::useAfterEnd(State &S, Object &O, EntityId Id, const Expr *Where) {
  if (O.has(Life::Failed)) {
    useError(S, O, Id, Where);
    return true;
  }
  if (O.at(Event::Freed)) {
    if (!isDevice(O, Id))
      return false;
    reportUse(O, Id, Where, Event::Freed,
              isSelf(Id) && At.P == Part::Release
                  ? FindingKind::ReleaseUsesFreed
                  : FindingKind::UseAfterFree);
    return true;
  }
  if (O.at(Event::Put) && mayBeLastPut(O, Id)) {
    reportUse(O, Id, Where, Event::Put, FindingKind::UseAfterPut);
    return true;
  }
  return false;
}

void Rules::reportUse(Object &O, EntityId Id, const Expr *Where, Event End,
                      FindingKind Kind) {
  const Expr *Use = useOf(O, End, Where);
  Finding F = make(Kind, O, Id, Use);
  if (Use != Where)
    F.Notes.push_back(
        {FindingNote::UsedHere,
         Model.Ctx.getSourceManager().getExpansionLoc(Where->getExprLoc())});
  note(F, O, End,
       End == Event::Put ? FindingNote::PutHere : FindingNote::FreedHere);
  // A function that was not read may only print the pointer.
  llvm::SmallVector<const CallExpr *, 1> Doubts;
  if (const auto *Call = dyn_cast<CallExpr>(Where); Call && isUnread(Call))
    Doubts.push_back(Call);
  report(O, std::move(F), Doubts, Deed::Keep);
}

void Rules::accessed(State &S, EntityId Id, const Expr *Where) {
  Object *O = S.Objects.find(Id);
  if (!O)
    return;
  useAfterEnd(S, *O, Id, Where);
  // Whoever goes on using it knows that it lives.
  if (!O->Outside.empty())
    for (Deed D : {Deed::Put, Deed::Free})
      believe(*O, D);
}

void Rules::stored(State &S, Place P, const Value &V) {
  if (!V.isRef() || P.Id == V.Id)
    return;
  // An id or a mapping that is kept out of reach is given back from there.
  const VarDecl *To = Entities.variableOf(P.Id);
  if (To ? To->hasGlobalStorage() : !isSelf(P.Id) && !S.Objects.find(P.Id))
    S.Resources.eraseIf([&](const auto &Item) {
      return Item.first.second == Place{V.Id, V.Num} &&
             rowOf(Item.second).Key < 0;
    });
  Object *O = S.Objects.find(V.Id);
  if (!O)
    return;
  if (const VarDecl *Var = Entities.variableOf(P.Id)) {
    if (Var->hasGlobalStorage())
      O->set(Life::Kept);
    return;
  }
  if (!P.isMemory()) {
    O->set(Life::InDrvdata);
    return;
  }
  // What a structure of ours points to goes with that structure.
  const Object *Owner = S.Objects.find(P.Id);
  if (isSelf(P.Id) || (Owner && isOurs(*Owner)))
    return;
  O->set(Life::Kept);
}

void Rules::passedOutside(State &S, const CallExpr *Call, const Value &Arg,
                          bool Looks, bool IsNamed) {
  if (!Arg.isRef())
    return;
  const FunctionDecl *F = Call->getDirectCallee();
  Object *O = S.Objects.find(Arg.Id);
  if (!O)
    return;
  // Printing a pointer, or an error, is no use of what it points to; to say
  // whom it is about, as dev_info() asks first, is one.
  bool Prints = F && F->isVariadic();
  if ((!Prints || IsNamed) && useAfterEnd(S, *O, Arg.Id, Call))
    return;
  if (Looks || Prints || O->has(Life::Failed))
    return;
  ++GivenOut;
  if (isUnread(Call))
    O->set(Life::Handed);
  if (!isDevice(*O, Arg.Id)) {
    O->set(Life::Kept);
    if (!llvm::is_contained(O->Outside, Call))
      O->Outside.push_back(Call);
    return;
  }
  for (Deed D : {Deed::Put, Deed::Free})
    believe(*O, D);
  if (!llvm::is_contained(O->Outside, Call))
    O->Outside.push_back(Call);
}

void Rules::branched(State &S, const Value &V, const Expr *Condition) {
  if (V.K != Value::Condition && !V.isRef())
    return;
  for (auto &[Id, O] : S.Objects) {
    // `ret > 0` does not tell a failure from a success.
    bool Alike = !V.isRef() && (!(V.True & (Negative | Zero)) ||
                                !(V.False & (Negative | Zero)));
    if (O.Result == V.Id && O.Result && !Alike)
      O.set(Life::Consulted);
    if (Id != V.Id || !O.has(Life::Failed))
      continue;
    bool AsksForNull = V.isRef() || V.True == Zero || V.False == Zero;
    if (!AsksForNull) {
      O.set(Life::ErrorTested);
    } else if (!O.has(Life::ErrorTested | Life::NullTested)) {
      O.set(Life::NullTested);
      O.happen(Event::Tested, Condition);
    }
  }
}

/// Where an allocation has failed, no other pointer has its error, unless that
/// was found to be an error as well.
void Rules::askedForError(State &S, const CallExpr *Call,
                          const Value &Subject) {
  // `p[i]` may be another element than the one that was tested.
  const Expr *Asked = strip(Call->getArg(0));
  while (const auto *M = dyn_cast<MemberExpr>(Asked))
    Asked = strip(M->getBase());
  if (!isa<DeclRefExpr>(Asked) || !Subject.isRef() ||
      !(S.signs(Subject, Entities) & Positive))
    return;
  Entity::Kind K = Entities[Subject.Id].K;
  if (K != Entity::Variable && K != Entity::Loaded && K != Entity::Result)
    return;
  for (auto &[Id, O] : S.Objects) {
    if (!O.has(Life::Failed) || !O.has(Life::ErrorTested) || Id == Subject.Id ||
        allocatorOf(O)->Kind != Role::AllocDevice)
      continue;
    Finding F = make(FindingKind::AllocErrorOfOther, O, Id, Call);
    note(F, O, Event::Allocated, FindingNote::AllocatedHere);
    nameHolder(F, S, Id);
    report(O, std::move(F));
  }
}

void Rules::consulted(State &S, const Value &V) {
  for (auto &[Id, O] : S.Objects)
    if (O.Result && V.Id &&
        (V.Id == O.Result || Entities.dependsOn(V.Id, O.Result)))
      O.set(Life::Consulted);
}

void Rules::guessed(State &S, const Value &V, const Expr *Condition) {
  Entity::Kind K = Entities[V.Id].K;
  if (K != Entity::Fresh && K != Entity::Derived)
    return;
  if (At.P == Part::Init && !S.Resources.empty())
    S.Guesses[Condition] = {};
  for (auto &[Id, O] : S.Objects) {
    if (!isOurs(O) && !O.has(Life::Assumed))
      continue;
    std::pair<const Expr *, EntityId> Guess{Condition, Id};
    AtGuess[Guess] |= isRegistered(O)               ? 1
                      : O.at(Event::Unregistered)   ? 2
                      : O.at(Event::RegisterFailed) ? 4
                                                    : 8;
    if (!llvm::is_contained(O.Guesses, Guess))
      O.Guesses.push_back(Guess);
  }
}

/// The bits of the vfio_device that \p R embeds.
static int64_t sizeOfDevice(const DeviceRecord &R) {
  const ASTContext &Ctx = R.Record->getASTContext();
  const RecordDecl *Device =
      R.Path.empty() ? R.Record : R.Path.back()->getType()->getAsRecordDecl();
  return Ctx.toBits(Ctx.getASTRecordLayout(Device->getDefinition()).getSize());
}

void Rules::told(State &S, const Value &V, const Expr *Condition, uint32_t Way,
                 uint32_t All) {
  for (auto &[Id, O] : S.Objects) {
    if (!isOurs(O) && !O.has(Life::Assumed))
      continue;
    // What is in the vfio_device is not the driver's to keep books in.
    DeviceRecord R = findDeviceRecord(recordOf(O, Id), Model.Ctx);
    int64_t Begin = R ? R.Offset * 8 : 0;
    if (!Entities.tellsOf(V.Id, Id, Begin, R ? Begin + sizeOfDevice(R) : 0))
      continue;
    ToldBy[Condition] = V.Id;
    llvm::erase_if(O.Told, [&](const Telling &T) { return T.By == Condition; });
    O.Told.push_back({Condition, Way, All});
  }
}

/// True where a way that \p C did not take puts the structure, by what the
/// structure says; or where it is about a registration, and a branch on the way
/// to it that was a guess may have depended on just that.
bool Rules::wasTold(const Candidate &C) const {
  switch (C.F.Kind) {
  case FindingKind::LeakAfterUnregister:
    // `if (--x->users == 0) put(x);`
    return llvm::any_of(
        C.Told, [&](const Telling &T) { return PutBy.lookup(T.By) & ~T.Ways; });
  case FindingKind::PutWhileRegistered:
  case FindingKind::FreeWhileRegistered:
  case FindingKind::OldUninitRegistered:
  case FindingKind::UnregisterUnregistered:
  case FindingKind::RegisterTwice:
  case FindingKind::LeakRegistered:
    return llvm::any_of(C.Guesses, [&](const auto &Guess) {
      return !llvm::isPowerOf2_32(AtGuess.lookup(Guess));
    });
  default:
    return false;
  }
}

/// What probe may leave unregistered, remove may find so; and what was
/// unregistered by a name that is not understood may be this.
bool Rules::isSurelyRegistered(const State &S, const Object &O) const {
  // Whatever the driver's books say, core calls no callback of another.
  return isRegistered(O) && (O.Told.empty() || isGivenByCore(O)) &&
         !(S.Elsewhere & bitOf(Event::Unregistered)) &&
         (O.at(Event::Registered) || !At.Probe || !At.Probe->Unregistered.At);
}

void Rules::fetched(State &S, Place Data, EntityId Id) {
  if (At.P != Part::Remove || !At.Probe || !At.Probe->RegisteredAt ||
      !At.Probe->InDrvdata)
    return;
  std::optional<DrvdataWay> Way = wayTo(Data);
  if (!Way)
    return;
  // Where it is not known which device's it is, it is the bus device's own.
  const DrvdataWay &Kept = At.Probe->Way;
  if (Kept.Steps.empty() ? Way->Steps.size() != 1 : Way->Steps != Kept.Steps)
    return;
  if (Kept.Member)
    Id = Entities.loaded({Id, *Kept.Member}, QualType());
  if (S.Objects.find(Id))
    return;
  Object &O = S.Objects[Id];
  O.set(Life::Assumed);
  if (At.Probe->OldModel)
    O.set(Life::OldModel);
  if (At.Probe->InitDevice)
    O.set(Life::InitDevice);
  if (At.Probe->DevmOwned)
    O.set(Life::DevmOwned);
  O.happen(Event::PutByAction, At.Probe->PutByAction);
  O.happen(Event::UnregisteredByAction, At.Probe->UnregisteredByAction);
}

} // namespace vfio::flow
