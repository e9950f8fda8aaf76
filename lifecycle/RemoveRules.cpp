//===- RemoveRules.cpp - What remove has to do ----------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "contracts/KernelTable.h"
#include "contracts/Waits.h"
#include "lifecycle/Rules.h"
#include "lifecycle/Stages.h"

using namespace clang;

namespace vfio::flow {

/// What may put the device where remove has only said that it can go: another
/// structure's work, a thread of the driver's.
std::optional<Doubt> Rules::putLater() const {
  auto Starts = [](const CallExpr *Call) {
    const FunctionDecl *F = Call->getDirectCallee();
    const ResourceRow *Row =
        F && F->getIdentifier() ? findHolding(F->getName()) : nullptr;
    return F && F->getIdentifier() &&
           (kernelDeed(F->getName()) == KernelDeed::Defers ||
            (Row && Row->Takes && Row->Kind == ResourceKind::Work) ||
            waitOf(asWritten(F->getName())) ||
            llvm::any_of(Call->arguments(), [](const Expr *Arg) {
              return namedFunction(Arg) != nullptr;
            }));
  };
  if (llvm::none_of(RootOutside, Starts))
    return std::nullopt;
  Stages Known(Model);
  for (const Stages::Root &R : Known.roots())
    if (R.When == Stage::Later && Known.story(R.F).find(Role::PutDevice))
      return Doubt{Doubt::Later, R.F};
  // What has an error in it may be just that.
  if (!Model.Damaged.empty())
    return Doubt{Doubt::Later, Model.Damaged.front()};
  return std::nullopt;
}

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
  if (Old)
    F.Of = Finding::Case::OldModel;
  addWayOut(F, S);
  llvm::SmallVector<const CallExpr *, 2> Doubts = O.Outside;
  addUnread(Doubts);
  // That it is used where the function has said so does not tell what the
  // function did where it said otherwise.
  bool Unread = llvm::any_of(Doubts, [&](auto *Call) {
    return isUnread(Call) || OutsideKnowledge::links(Call);
  });
  if (std::optional<Doubt> Because = putLater()) {
    O.set(Life::Reported);
    return add({std::move(F), Doubts, Deed::Put, O.Guesses, O.Told, Because});
  }
  report(O, std::move(F), Doubts, Unread ? Deed::Keep : Deed::Put);
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

} // namespace vfio::flow
