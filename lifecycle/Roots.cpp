//===- Roots.cpp - Where stories start ------------------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/Roots.h"
#include "lifecycle/Owners.h"

using namespace clang;

namespace vfio::flow {

/// The probe function of the driver whose remove function \p F is; null where
/// drivers with different ones share it.
static const FunctionDecl *probeOf(const TUModel &Model,
                                   const FunctionDecl *F) {
  const FunctionDecl *Probe = nullptr;
  for (const BusDriver &B : Model.BusDrivers) {
    if (!B.Remove || B.Remove->getCanonicalDecl() != F->getCanonicalDecl())
      continue;
    if (!B.Probe || (Probe && Probe != B.Probe->getCanonicalDecl()))
      return nullptr;
    Probe = B.Probe->getCanonicalDecl();
  }
  return Probe;
}

/// The first parameter of a callback is the device: its own in @init and
/// @release, one that is registered in all others.
static void startFromDevice(const FunctionDecl *F, const TUModel &Model,
                            EntityTable &Entities, Rules &R, State &S) {
  bool Own = R.At.P != Part::Callback;
  if (Own ? F->getNumParams() != 1 : F->getNumParams() == 0)
    return;
  const ParmVarDecl *Param = F->getParamDecl(0);
  if (!Param->getType()->isPointerType())
    return;
  EntityId Device = Entities.loaded({Entities.variable(Param), 0},
                                    Param->getType()->getPointeeType());
  S.Store[{Entities.variable(Param), 0}] = Value::ref(Device);
  S.Known[Device] = Positive;
  S.Objects[Device].set(Own ? Life::Self : Life::Assumed);
  if (!Own)
    return;
  R.At.Self = Device;
  Owners Known = ownersOfParam(Model, F, Param);
  if (Known.List.size() == 1)
    R.At.SelfRecord = Known.List.front().Record.Record;
}

/// Notes the device of which the caller of \p F holds a reference.
static void startFromHeld(const FunctionDecl *F, EntityTable &Entities,
                          Rules &R, State &S) {
  const ParmVarDecl *Held = R.lastPut().heldIn(F);
  if (!Held || !Held->getType()->isPointerType())
    return;
  EntityId Device = Entities.loaded({Entities.variable(Held), 0},
                                    Held->getType()->getPointeeType());
  S.Store[{Entities.variable(Held), 0}] = Value::ref(Device);
  S.Objects[Device] = {};
  R.reference(S, Value::ref(Device));
}

Exceeded walkRoot(const FunctionDecl *F, const TUModel &Model,
                  const FlowGraphs &Graphs, Rules &R, Calls &C) {
  Walker &W = C.walker();
  W.begin();
  R.At = Root();
  R.At.F = F;
  R.At.P = Graphs.partOf(F);
  State S;
  if (R.At.P == Part::Init || R.At.P == Part::Release ||
      R.At.P == Part::Callback)
    startFromDevice(F, Model, C.entities(), R, S);
  startFromHeld(F, C.entities(), R, S);
  if (R.At.P == Part::Remove)
    if (const FunctionDecl *Probe = probeOf(Model, F)) {
      auto It = R.Probes.find(Probe);
      if (It != R.Probes.end())
        R.At.Probe = &It->second;
    }
  for (State &End : W.walk(F, std::move(S)))
    R.atExit(End);
  R.finishRoot(W.complete());
  return W.exceeded();
}

} // namespace vfio::flow
