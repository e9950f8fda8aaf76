//===- ReleaseRules.cpp - What @init takes and @release gives -------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a callback pair owes: a @release frees where core does not, an @init
// that fails undoes itself, and what one that succeeds holds, its @release
// gives back. Rules that need more than one function are judged when all have
// been walked.
//
//===----------------------------------------------------------------------===//

#include "lifecycle/OtherLives.h"
#include "lifecycle/Owners.h"
#include "lifecycle/Rules.h"

using namespace clang;

namespace vfio::flow {

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
  for (const auto *Given : {&S.GivenBack, &S.MayBeGiven})
    for (const auto &[Key, H] : *Given)
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
    // What only initialises one may be what has an error.
    Used |= !Known.List.empty() ||
            (Model.Gen == Generation::DriverFrees && Model.Damaged.empty());
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
/// its own: what else was found there may tell, under another name, that
/// nothing was taken on this way.
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

/// True where a structure with a life of its own has \p Id, and ends it.
bool Rules::isKeptByAnother(const State &S, EntityId Id) const {
  return llvm::any_of(S.Store, [&](const auto &Item) {
    return Item.second.isRef() && Item.second.Id == Id && Item.first.Id &&
           !isSelf(Item.first.Id) && !Entities.variableOf(Item.first.Id);
  });
}

/// True where the function gives something by \p Row back on one way of a
/// branch that the path came by, and what that asks is not known.
bool Rules::isGivenByGuess(const State &S, const ResourceRow &Row) const {
  if (S.Guesses.empty())
    return false;
  WayOut Way;
  for (const auto &[By, Nothing] : S.Guesses)
    Way.Guesses.push_back(By);
  return vfio::isGivenByGuess(Story(Model, At.F), Way,
                              {Row.Group, Row.Kind, nullptr}, Named());
}

void Rules::exitInit(State &S) {
  // `return vfio_pci_core_init_dev(vdev);` may succeed as well.
  if (!returnsFailure(S))
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
        isOfAList(Key.second.Id) || isKeptByAnother(S, Key.second.Id))
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
    if (isGivenByGuess(S, rowOf(H)))
      C.Because = Doubt{Doubt::Branch, nullptr};
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
  // By its place, or with all others.
  return llvm::any_of(std::array{Item.Where, Place()}, [&](Place P) {
    return llvm::is_contained(R.GivenBack, std::make_pair(Item.Row->Group, P));
  });
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

/// True where remove or another function that is called from outside,
/// but for the two callbacks themselves, gives back what \p Row took and
/// \p Field (null where that is not known) keeps.
static bool isGivenElsewhere(const TUModel &Model, const ResourceRow &Row,
                             const FieldDecl *Field) {
  Stages Known(Model);
  Named What;
  What.Field = Field;
  return llvm::any_of(Known.roots(), [&](const Stages::Root &R) {
    // Probe does so only where it fails.
    if (R.When == Stage::Init || R.When == Stage::Release ||
        R.When == Stage::Probe)
      return false;
    const Story &Told = Known.story(R.F);
    return llvm::any_of(Told.steps(), [&](const StoryStep &S) {
      // Remove may leave it to a function that was not read.
      if (R.When == Stage::Remove && S.What == StoryStep::Call && S.Callee &&
          !Model.definition(S.Callee) && !isKernelFunction(S.Callee))
        return true;
      std::optional<vfio::Deed> D = deedOf(Told, S);
      return D && D->Gives && D->Row && D->Row->Group == Row.Group &&
             D->What.mayBe(What);
    });
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
      const FieldDecl *Field = Known.List.empty()
                                   ? nullptr
                                   : fieldAt(Known.List.front().Record,
                                             Item.Where.Offset, Model.Ctx);
      if (!Item.Row) {
        if (!Field || isFreedSomewhere(Model, Field, Init->getCanonicalDecl()))
          continue;
        C.F.Detail = Field->getName().str();
      } else {
        C.F.Detail = asWritten(Item.Row->Function).str();
        if (isGivenElsewhere(Model, *Item.Row, Field))
          continue;
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
    C.F.Of = Finding::Case::Sometimes;
    C.F.At = R.SkipsCoreAt;
  }
  C.F.Where = C.F.At ? C.F.At->getBeginLoc() : endOf(Table, Release);
  C.F.Notes.push_back({FindingNote::TakenHere, Init->getLocation()});
  add(std::move(C));
}

//===-- A bus driver without @remove --------------------------------------===//

/// Nothing is called when the bus takes the device away, and nothing else in
/// this TU would unregister it.
void Rules::judgeMissingRemove(const BusDriver &B) {
  // What ends it may be what has an error.
  bool Lacks = B.LacksRemove && B.Probe && Model.Damaged.empty();
  auto P = Lacks ? Probes.find(B.Probe->getCanonicalDecl()) : Probes.end();
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

} // namespace vfio::flow
