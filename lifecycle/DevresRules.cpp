//===- DevresRules.cpp - What goes with the bus device --------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a driver takes by devm_*() is given back when its bus device goes: after
// remove, and by nobody else.
//
//===----------------------------------------------------------------------===//

#include "lifecycle/OtherLives.h"

using namespace clang;

namespace vfio {

//===-- An interrupt of the bus device's ----------------------------------===//

/// True where \p Told only takes the device away: nothing in it can keep the
/// hardware quiet.
static bool onlyPuts(const Story &Told) {
  bool Puts = false;
  for (const StoryStep &S : Told.steps()) {
    if (S.What != StoryStep::Call)
      continue;
    Puts |= S.role() == Role::PutDevice;
    if (!isUnregister(S.role()) && S.role() != Role::PutDevice &&
        S.role() != Role::GetDrvdata)
      return false;
  }
  return Puts && Told.isWhole();
}

/// An interrupt that is freed with the bus device, after remove has put the
/// structure that its handler uses.
static void judgeIrq(const Lives &L, const Stages::Root &Probe, Remarks &Out) {
  const FunctionDecl *Remove = nullptr;
  for (const BusDriver &B : L.Model.BusDrivers)
    if (L.Model.definition(B.Probe) == Probe.F)
      Remove = L.Model.definition(B.Remove);
  if (!Remove || !onlyPuts(L.Known.story(Remove)))
    return;
  const Story &Told = L.Known.story(Probe.F);
  for (const StoryStep &S : Told.steps()) {
    if (!S.tells(Tell::LeavesInterrupt))
      continue;
    const FunctionDecl *Handler = nullptr;
    for (const Expr *Arg : S.call()->arguments())
      if (const FunctionDecl *F = namedFunction(Arg); F && !Handler)
        Handler = L.Model.definition(F);
    if (!Handler || llvm::none_of(L.Known.story(Handler).steps(),
                                  [&](const StoryStep &Use) {
                                    return Use.Field &&
                                           isOfDevice(L.Model, Use.Field);
                                  }))
      continue;
    Out.push_back(
        {RemarkKind::IrqOutlives,
         S.At->getExprLoc(),
         nullptr,
         nullptr,
         Handler,
         S.At,
         {{RemarkNote::PutHere,
           L.Known.story(Remove).find(Role::PutDevice)->At->getExprLoc()}}});
  }
}

//===-- A function that is called then ------------------------------------===//

bool isTooLate(const Lives &L, const Stages::Root &R) {
  if (R.When != Stage::Later)
    return false;
  bool ByAction = false;
  for (const Stages::Root &Other : L.Known.roots())
    for (const StoryStep &S : L.Known.story(Other.F).steps()) {
      if (S.What != StoryStep::Call)
        continue;
      bool Given = llvm::any_of(S.call()->arguments(), [&](const Expr *Arg) {
        return L.Model.definition(namedFunction(Arg)) == R.F;
      });
      bool Action =
          S.role() == Role::DevmAction || S.role() == Role::DevmActionOrReset;
      // It is called, or given to somebody else, as well.
      if ((Given && !Action) ||
          (S.Callee && !S.Later && L.Model.definition(S.Callee) == R.F))
        return false;
      ByAction |= Given;
    }
  return ByAction && llvm::any_of(L.Model.BusDrivers, [&](const BusDriver &B) {
           const FunctionDecl *Remove = L.Model.definition(B.Remove);
           return Remove && L.Known.story(Remove).find(Role::PutDevice) &&
                  L.Known.mayMeet(R.F, Remove);
         });
}

void judgeDevres(const Lives &L, Remarks &Out) {
  for (const Stages::Root &R : L.Known.roots())
    if (R.When == Stage::Probe)
      judgeIrq(L, R, Out);
}

} // namespace vfio
