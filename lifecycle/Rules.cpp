//===- Rules.cpp - The life of a device as a state machine ----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/Rules.h"
#include "clang/AST/RecordLayout.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;

namespace vfio::flow {

Rules::Rules(const TUModel &Model, EntityTable &Entities)
    : Model(Model), Entities(Entities), Outside(Model) {}

//===-- What is known of an object ----------------------------------------===//

const RecordDecl *Rules::recordOf(const Object &O, EntityId Id) const {
  if (isSelf(Id) && At.SelfRecord)
    return At.SelfRecord;
  if (O.at(Event::Allocated) && allocatorOf(O) && allocatorOf(O)->Size >= 0)
    if (const auto *Call = dyn_cast<CallExpr>(O.at(Event::Allocated));
        Call && allocatorOf(O)->Size < int(Call->getNumArgs()))
      if (const RecordDecl *R =
              recordOfSize(Call->getArg(allocatorOf(O)->Size)))
        return R;
  QualType T = Entities[Id].Type;
  const RecordDecl *R = T.isNull() ? nullptr : T->getAsRecordDecl();
  return R && R->getDefinition() ? R->getDefinition() : R;
}

bool Rules::isDevice(const Object &O, EntityId Id) const {
  if (O.has(Life::Self | Life::Assumed | Life::OldModel | Life::InitDevice))
    return true;
  if (allocatorOf(O) && allocatorOf(O)->Kind == Role::AllocDevice)
    return true;
  return bool(findDeviceRecord(recordOf(O, Id), Model.Ctx));
}

/// True where the structure was made by vfio_alloc_device: seen on this path,
/// by the probe function, or because this TU makes no other ones.
bool Rules::allocatedByCore(const Object &O, EntityId Id) const {
  if (allocatorOf(O))
    return allocatorOf(O)->Kind == Role::AllocDevice;
  if (O.has(Life::Assumed) && At.Probe && At.Probe->Allocator)
    return At.Probe->Allocator->Kind == Role::AllocDevice;
  const RecordDecl *R = recordOf(O, Id);
  if (!R)
    return false;
  bool ByCore = false;
  for (const Site &S : Model.Sites) {
    if (!S.Device.Record ||
        S.Device.Record.Record->getCanonicalDecl() != R->getCanonicalDecl())
      continue;
    if (S.Api->Kind == Role::AllocDevice)
      ByCore = true;
    else if (S.Api->Kind == Role::Allocate ||
             S.Api->Kind == Role::DevmAllocate ||
             S.Api->Kind == Role::InitDevice)
      return false;
  }
  return ByCore;
}

/// True where the memory lives on after the last put: a structure that was
/// given to vfio_init_device.
bool Rules::outlivesDevice(const Object &O, EntityId Id) const {
  if (O.has(Life::InitDevice))
    return true;
  const RecordDecl *R = recordOf(O, Id);
  return llvm::any_of(Model.Sites, [&](const Site &S) {
    return S.Api->Kind == Role::InitDevice &&
           (!R || !S.Device.Record ||
            S.Device.Record.Record->getCanonicalDecl() ==
                R->getCanonicalDecl());
  });
}

/// A driver holds one reference, and has no right to take another.
bool Rules::mayBeLastPut(const Object &O, EntityId Id) const {
  return !outlivesDevice(O, Id);
}

//===-- Findings ----------------------------------------------------------===//

Finding Rules::make(FindingKind Kind, const Object &O, EntityId Id,
                    const Stmt *Where) const {
  Finding F;
  F.Kind = Kind;
  F.In = In;
  F.Cleanup = Cleanup;
  F.At = Where;
  if (Where)
    F.Where = Where->getBeginLoc();
  // A call through a macro of the kernel is where the macro is used.
  F.Where = Model.Ctx.getSourceManager().getExpansionLoc(F.Where);
  // An event can lie back, in a function that has called this one.
  if (Where)
    if (const FunctionDecl *Around = Model.functionAt(F.Where))
      F.In = Around;
  if (const auto *Call = dyn_cast_or_null<CallExpr>(Where))
    if (const ApiFunction *Api = findApi(*Call);
        Api && Api->Subject >= 0 && Api->Subject < int(Call->getNumArgs()))
      F.Device = Call->getArg(Api->Subject);
  if (isa_and_nonnull<MemberExpr>(Where))
    F.Device = cast<Expr>(Where);
  F.Record = recordOf(O, Id);
  F.Allocation = dyn_cast_or_null<CallExpr>(O.at(Event::Allocated));
  if (!F.Allocation && At.Probe && O.has(Life::Assumed))
    F.Allocation = At.Probe->AllocatedAt;
  return F;
}

void Rules::note(Finding &F, const Object &O, Event E,
                 FindingNote::Kind Kind) const {
  if (const Expr *Where = O.at(E))
    F.Notes.push_back({Kind, Model.Ctx.getSourceManager().getExpansionLoc(
                                 Where->getExprLoc())});
}

/// Adds where \p O was registered, here or in another function.
void Rules::noteRegistration(Finding &F, const Object &O) const {
  note(F, O, Event::Registered, FindingNote::RegisteredHere);
  if (O.has(Life::Assumed) && At.Probe)
    F.Notes.push_back(
        {FindingNote::ProbeRegisters, At.Probe->RegisteredAt->getExprLoc()});
  else if (O.has(Life::Assumed))
    F.Notes.push_back({FindingNote::CallbackOf, At.F->getLocation()});
}

void Rules::report(Object &O, Finding F,
                   llvm::ArrayRef<const CallExpr *> Doubts, Deed Doubted) {
  if (O.has(Life::Reported))
    return;
  O.set(Life::Reported);
  Candidate C{std::move(F), {}, Doubted};
  C.Doubts.append(Doubts.begin(), Doubts.end());
  C.Guesses = O.Guesses;
  add(std::move(C));
}

void Rules::add(Candidate C) {
  if (Trying)
    return;
  const void *Key = C.F.At ? static_cast<const void *>(C.F.At) : C.F.In;
  if (C.F.Where.isInvalid() && C.F.In)
    C.F.Where = C.F.In->getLocation();
  if (!Model.isDriverFile(C.F.Where))
    return;
  if (!C.F.Root)
    C.F.Root = At.F;
  if (Seen.insert({unsigned(C.F.Kind), Key}).second)
    Candidates.push_back(std::move(C));
}

/// The one place where it is decided whether what looks wrong may be right.
std::optional<Doubt> Rules::mayExcuse(const Candidate &C) {
  if (wasTold(C))
    return Doubt{Doubt::Branch, nullptr};
  for (const CallExpr *Call : C.Doubts)
    if (std::optional<Doubt> May = Outside.mayDo(Call, C.Doubted))
      return May;
  return std::nullopt;
}

std::vector<Finding> Rules::takeFindings() {
  judgePairs();
  for (const BusDriver &B : Model.BusDrivers)
    judgeMissingRemove(B);
  judgeWhole();
  std::vector<Finding> Out;
  for (Candidate &C : Candidates) {
    if (std::optional<Doubt> Excuse = mayExcuse(C)) {
      Silences.push_back({std::move(C.F), *Excuse});
      continue;
    }
    C.F.OnlyWayHere = C.F.At && !GoodReturns.contains(C.F.At);
    Out.push_back(std::move(C.F));
  }
  Candidates.clear();
  return Out;
}

void Rules::believe(const Object &O, Deed D) {
  for (const CallExpr *Call : O.Outside)
    if (const FunctionDecl *F = Call->getDirectCallee())
      Outside.believe(F, D);
}

//===-- Uses --------------------------------------------------------------===//

Object *Rules::objectOf(State &S, const Value &V, Event E) {
  if (!V.isRef() || Entities[V.Id].K == Entity::Derived ||
      Entities[V.Id].K == Entity::Fresh) {
    S.Elsewhere |= bitOf(E);
    return nullptr;
  }
  Object *Known = S.Objects.find(V.Id);
  bool Ours = Known && (isOurs(*Known) ||
                        Known->has(Life::Assumed | Life::Self | Life::Failed));
  if (!Ours)
    S.Elsewhere |= bitOf(E);
  return Known ? Known : &S.Objects[V.Id];
}

/// False where \p Id is what a member of a known device points to, or is of a
/// type that has no vfio_device in it.
bool Rules::mayBeDevice(const State &S, EntityId Id) const {
  const Entity &E = Entities[Id];
  if (E.K == Entity::Loaded && (isSelf(E.From.Id) || S.Objects.find(E.From.Id)))
    return false;
  if (E.Type.isNull() || E.Type->isVoidType())
    return true;
  const RecordDecl *R = E.Type->getAsRecordDecl();
  return R && (!R->getDefinition() || findDeviceRecord(R, Model.Ctx));
}

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
  report(O, std::move(F));
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
                          bool Looks) {
  if (!Arg.isRef())
    return;
  const FunctionDecl *F = Call->getDirectCallee();
  Object *O = S.Objects.find(Arg.Id);
  if (!O)
    return;
  // Printing a pointer, or an error, is no use of what it points to.
  bool Prints = F && F->isVariadic();
  if (!Prints && useAfterEnd(S, *O, Arg.Id, Call))
    return;
  if (Looks || Prints || O->has(Life::Failed))
    return;
  ++GivenOut;
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
    llvm::erase_if(O.Told, [&](const Telling &T) { return T.By == Condition; });
    O.Told.push_back({Condition, Way, All});
  }
}

/// True where \p C is about a registration, and a branch on the way to it that
/// was a guess may have depended on just that.
bool Rules::wasTold(const Candidate &C) const {
  switch (C.F.Kind) {
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

void Rules::fetched(State &S, EntityId Id) {
  if (At.P != Part::Remove || !At.Probe || !At.Probe->RegisteredAt ||
      !At.Probe->InDrvdata || S.Objects.find(Id))
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

//===-- Events ------------------------------------------------------------===//

/// A loop that comes back to an allocation has lost the last one, unless
/// something else has got hold of it.
void Rules::beforeAllocation(State &S, const CallExpr *Call, EntityId Id) {
  Object *O = S.Objects.find(Id);
  uint32_t Ended = bitOf(Event::Put) | bitOf(Event::Freed);
  if (!O || !isOurs(*O) || !isDevice(*O, Id) || isRegistered(*O) ||
      O->has(Life::Kept | Life::DevmOwned | Life::Reported) ||
      O->at(Event::Put) || O->at(Event::Freed) || (S.Elsewhere & Ended))
    return;
  llvm::SmallVector<const CallExpr *, 2> Doubts = O->Outside;
  // The one variable that is about to get the next one; container_of has one,
  // too.
  unsigned Names = 0;
  for (const auto &[P, V] : S.Store)
    if (V.isRef() && V.Id == Id && P.isMemory()) {
      const VarDecl *Var = Entities.variableOf(P.Id);
      if (!Var || !Var->getLocation().isMacroID())
        Names += Var && Var->getType()->isScalarType() ? 1 : 2;
    }
  if (Names > 1 || allocatorOf(*O)->Kind != Role::AllocDevice ||
      isInOtherHands(S, Id, Doubts))
    return;
  Finding F = make(FindingKind::Leak, *O, Id, Call);
  F.Detail = "again";
  note(F, *O, Event::RegisterFailed, FindingNote::RegisterFailedHere);
  report(*O, std::move(F), Doubts, Deed::Keep);
}

void Rules::allocated(State &S, const CallExpr *Call, const ApiFunction &Api,
                      EntityId Id, bool Success) {
  Object O;
  O.Contract = &Api;
  O.happen(Event::Allocated, Call);
  if (!Success)
    O.set(Life::Failed);
  S.Objects.erase(Id);
  // Of a failed allocation of plain memory there is nothing to say.
  if (Success || Api.Kind == Role::AllocDevice)
    S.Objects[Id] = O;
  S.Store.eraseIf([&](const auto &Item) { return Item.first.Id == Id; });
}

void Rules::beforeRegister(State &S, const CallExpr *Call,
                           const Value &Subject) {
  Object *O = objectOf(S, Subject, Event::Registered);
  if (!O)
    return;
  EntityId Id = Subject.Id;
  if (useAfterEnd(S, *O, Id, Call))
    return;
  if (misuse(Op::Register, S, *O, Id, Call))
    return;
  if (isOurs(*O) && allocatorOf(*O)->Kind != Role::AllocDevice &&
      !O->at(Event::Initialised) &&
      (Model.Gen == Generation::CoreFrees || // has no such function
       llvm::all_of(O->Outside, [](const CallExpr *Given) {
         const FunctionDecl *F = Given->getDirectCallee();
         return F && OutsideKnowledge::isOfTheKernel(F) &&
                llvm::none_of(F->parameters(), [](const auto *P) {
                  return isVfioDevice(pointeeRecord(P->getType()));
                });
       }))) {
    Finding F = make(Model.Gen >= Generation::DriverFrees
                         ? FindingKind::HandAllocatedInNewModel
                         : FindingKind::RegisterUninitialised,
                     *O, Id, Call);
    note(F, *O, Event::Allocated, FindingNote::AllocatedHere);
    report(*O, std::move(F));
  }
}

void Rules::initDevice(State &S, const CallExpr *Call, const Value &Subject) {
  Object *O = objectOf(S, Subject, Event::Initialised);
  if (!O)
    return;
  if (useAfterEnd(S, *O, Subject.Id, Call))
    return;
  if (isOurs(*O) && allocatorOf(*O)->Kind == Role::DevmAllocate) {
    Finding F = make(FindingKind::DevmInModel, *O, Subject.Id, Call);
    F.Detail = asWritten(allocatorOf(*O)->Name).str();
    note(F, *O, Event::Allocated, FindingNote::AllocatedHere);
    report(*O, std::move(F));
  }
  O->set(Life::InitDevice);
  O->happen(Event::Initialised, Call);
}

//===-- Resources ---------------------------------------------------------===//

void Rules::take(State &S, const CallExpr *Call, const ResourceRow &Row,
                 Place Key) {
  S.Resources[{Row.Group, Key}] = {&Row, Call};
  S.GivenBack.erase({Row.Group, Key});
}

void Rules::give(State &S, const CallExpr *Call, const ResourceRow &Row,
                 Place Key) {
  if (S.Resources.find({Row.Group, Key})) {
    S.Resources.erase({Row.Group, Key});
  } else {
    S.GivenBack[{Row.Group, Key}] = {&Row, Call};
    // A member that another file's function may have written: it still is what
    // was taken, most likely.
    if (Entities[Key.Id].K != Entity::Fresh)
      return;
    S.Resources.eraseIf([&](const auto &Item) {
      const ResourceRow &Taken = rowOf(Item.second);
      return Item.first.first == Row.Group &&
             Taken.Key < 0;
    });
  }
  if (At.P == Part::Init)
    CountersReturned.insert({At.F->getCanonicalDecl(), Row.Group});
}

} // namespace vfio::flow
