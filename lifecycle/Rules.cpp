//===- Rules.cpp - The life of a device as a state machine ----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/Rules.h"
#include "contracts/Contract.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;

namespace vfio::flow {

Rules::Rules(const TUModel &Model, EntityTable &Entities)
    : Model(Model), Entities(Entities), Outside(Model),
      Last(Model, Outside.targets()) {}

//===-- What is known of an object ----------------------------------------===//

const RecordDecl *Rules::recordOf(EntityId Id) const {
  QualType T = Entities[Id].Type;
  const RecordDecl *R = T.isNull() ? nullptr : T->getAsRecordDecl();
  return R && R->getDefinition() ? R->getDefinition() : R;
}

const RecordDecl *Rules::recordOf(const Object &O, EntityId Id) const {
  if (isSelf(Id) && At.SelfRecord)
    return At.SelfRecord;
  if (O.at(Event::Allocated) && allocatorOf(O) && allocatorOf(O)->Size >= 0)
    if (const auto *Call = dyn_cast<CallExpr>(O.at(Event::Allocated));
        Call && allocatorOf(O)->Size < int(Call->getNumArgs()))
      if (const RecordDecl *R =
              recordOfSize(Call->getArg(allocatorOf(O)->Size)))
        return R;
  return recordOf(Id);
}

bool Rules::isDevice(const Object &O, EntityId Id) const {
  if (O.has(Life::Self | Life::Assumed | Life::OldModel | Life::InitDevice))
    return true;
  if (allocatorOf(O) && makesDevice(allocatorOf(O)->Kind))
    return true;
  return bool(findDeviceRecord(recordOf(O, Id), Model.Ctx));
}

/// True where the structure was made by vfio_alloc_device: seen on this path,
/// by the probe function, or because this TU makes no other ones.
bool Rules::allocatedByCore(const Object &O, EntityId Id) const {
  if (allocatorOf(O))
    return makesDevice(allocatorOf(O)->Kind);
  if (O.has(Life::Assumed) && At.Probe && At.Probe->Allocator)
    return makesDevice(At.Probe->Allocator->Kind);
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

/// True where \p O, which is put, may be gone.
bool Rules::mayBeLastPut(const Object &O, EntityId Id) const {
  if (outlivesDevice(O, Id) || !Last.frees(recordOf(O, Id)))
    return false;
  // Where drivers take references, the one that was dropped is any of them.
  return !contractAtHand().Counted || isOurs(O) ||
         (O.at(Event::Unregistered) && !Last.isCounted(recordOf(O, Id)));
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
  C.Told = O.Told;
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
  if (C.Because)
    return C.Because;
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
  // Which of a structure's devices it is about, an object does not say.
  if (findDeviceRecord(Known ? recordOf(*Known, V.Id) : recordOf(V.Id),
                       Model.Ctx)
          .Several) {
    S.Elsewhere |= bitOf(E);
    if (Known)
      Known->set(Life::Kept | Life::Reported);
    return nullptr;
  }
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
  if (E.K == Entity::Loaded &&
      (isSelf(E.From.Id) ||
       (S.Objects.find(E.From.Id) && mayBeDevice(S, E.From.Id))))
    return false;
  if (E.Type.isNull() || E.Type->isVoidType())
    return true;
  const RecordDecl *R = E.Type->getAsRecordDecl();
  return R && (!R->getDefinition() || findDeviceRecord(R, Model.Ctx));
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
  if (Names > 1 || !makesDevice(allocatorOf(*O)->Kind) ||
      isInOtherHands(S, Id, Doubts))
    return;
  Finding F = make(FindingKind::Leak, *O, Id, Call);
  F.Of = Finding::Case::Again;
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
  if (isOurs(*O) && !makesDevice(allocatorOf(*O)->Kind) &&
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

void Rules::adopt(State &S, const CallExpr *Call, const ApiFunction &Api,
                  const Value &Subject) {
  Object *O = objectOf(S, Subject, Event::Initialised);
  if (!O || useAfterEnd(S, *O, Subject.Id, Call))
    return;
  if (isOurs(*O) && allocatorOf(*O)->Kind == Role::Allocate)
    O->Contract = &Api;
  O->happen(Event::Initialised, Call);
}

void Rules::reference(State &S, const Value &Subject) {
  // How many there are is not counted: the rest is unknown.
  if (Object *O = Subject.isRef() ? S.Objects.find(Subject.Id) : nullptr)
    O->set(Life::Kept | Life::Reported);
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
  S.MayBeGiven.erase({Row.Group, Key});
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
             (Taken.Key < 0 || Taken.Kind == ResourceKind::Reference);
    });
  }
  if (At.P == Part::Init)
    CountersReturned.insert({At.F->getCanonicalDecl(), Row.Group});
}

} // namespace vfio::flow
