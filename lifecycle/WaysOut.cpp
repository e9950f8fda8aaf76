//===- WaysOut.cpp - What a way out of a callback leaves ------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/HoldCalls.h"

using namespace clang;
using namespace engine;

namespace vfio {

bool returnsError(const State &S, const FunctionDecl *F, const EntityTable &T) {
  QualType Type = F->getReturnType().getCanonicalType();
  if (!S.ReturnedAt || Type->isVoidType() || Type->isBooleanType())
    return false;
  Signs R = S.signs(S.Return, T);
  if (Type->isPointerType())
    return !(R & Positive);
  // `if (ret) return ret;` of a call that may fail: not zero is an error.
  return (R & Negative) && !(R & Zero);
}

static bool succeeds(const State &S, const FunctionDecl *F,
                     const EntityTable &T) {
  if (F->getReturnType()->isVoidType())
    return true;
  return S.ReturnedAt && !(S.signs(S.Return, T) & Negative);
}

static Holding holdingOf(const std::pair<std::pair<unsigned, Place>, Held> &H) {
  const ResourceRow *Row = rowOf(H.second);
  return {groupIn(H.first.first), Row ? Row->Kind : ResourceKind::Memory,
          dyn_cast<CallExpr>(H.second.At)};
}

/// True where \p P is in a structure that outlives the walk.
static bool outlives(const State &S, Place P, const EntityTable &T) {
  const VarDecl *Var = T.variableOf(P.Id);
  return P.Id && (!Var || Var->hasGlobalStorage()) &&
         !S.GivenBack.find({MemoryGroup, Place{P.Id, 0}});
}

/// True where the function has stored \p Id in such a member.
static bool isStored(const State &S, EntityId Id, const EntityTable &T) {
  return llvm::any_of(S.Store, [&](const auto &Item) {
    return Item.second.isRef() && Item.second.Id == Id &&
           outlives(S, Item.first, T);
  });
}

/// True where a member of a structure that outlives the walk still points to
/// \p Id when the function ends.
static bool isPointedTo(const State &S, EntityId Id, const EntityTable &T) {
  // It was read from a member that nothing was stored to since.
  const Entity &E = T[Id];
  return isStored(S, Id, T) ||
         (E.K == Entity::Loaded && outlives(S, E.From, T) &&
          !S.Store.find(E.From));
}

/// True where nothing that is left when the function ends points to \p Id, but
/// for what was given back itself.
static bool isLost(const State &S, EntityId Id, const EntityTable &T) {
  const Object *O = S.Objects.find(Id);
  // The buffer of a structure of the function's own goes with that.
  bool InOwn = T[Id].K == Entity::Fresh && T[Id].Made;
  if ((T[Id].K != Entity::Result && !InOwn) || S.signs(Id, T) != Positive ||
      (S.Elsewhere & Strayed) || (O && O->has(Object::Escaped)))
    return false;
  return llvm::none_of(S.Store, [&](const auto &Item) {
    const Place &P = Item.first;
    const VarDecl *Var = T.variableOf(P.Id);
    // `x->tag = (unsigned long)p | 1`
    if (!Item.second.isRef() || P.Id == Id ||
        (Item.second.Id != Id && !T.dependsOn(Item.second.Id, Id)))
      return false;
    // What is in a structure of the function's own may be copied.
    if (Var && !Var->hasGlobalStorage())
      return !InOwn && !Var->getType()->isPointerType();
    return !S.GivenBack.find({MemoryGroup, Place{P.Id, 0}});
  });
}

/// What \p E would be, had the call that it is the result of not failed;
/// nothing where that takes nothing.
static std::optional<Holding> triedBy(const Entity &E) {
  const auto *Call =
      dyn_cast_or_null<CallExpr>(static_cast<const Stmt *>(E.Origin));
  const FunctionDecl *F =
      Call && E.K == Entity::Result ? Call->getDirectCallee() : nullptr;
  if (!F || !F->getIdentifier())
    return std::nullopt;
  if (const ResourceRow *Row = findHolding(F->getName());
      Row && Row->Takes && Row->Key < 0)
    return Holding{Row->Group, Row->Kind, Call};
  if (roleOf(*Call) == Role::Allocate)
    return Holding{MemoryGroup, ResourceKind::Memory, Call};
  return std::nullopt;
}

bool isOnesOwn(const Holding &H) {
  return H.Group == MemoryGroup ||
         ((H.Kind == ResourceKind::Reference ||
           H.Kind == ResourceKind::Mapping || isOwnObject(H.Kind)) &&
          isTakenByResult(H.Group));
}

/// The members that are set at the end of a way.
static auto writtenAt(const State &S, const EntityTable &T) {
  decltype(WayOut::Written) Written;
  for (const auto &[P, V] : S.Store)
    if (const VarDecl *Var = T.variableOf(P.Id);
        !Var || Var->hasGlobalStorage())
      Written.push_back(P.Offset);
  // What was found to be 0 is as good as set to it.
  for (const auto &[Id, Can] : S.Known)
    if (const Entity &E = T[Id];
        Can == Zero && E.K == Entity::Loaded && E.From.isMemory() &&
        !T.variableOf(E.From.Id) && !S.Store.find(E.From))
      Written.push_back(E.From.Offset);
  return Written;
}

WayOut wayOut(const State &S, const FunctionDecl *F, const EntityTable &T) {
  WayOut Out;
  Out.Fails = returnsError(S, F, T);
  Out.Guessed = S.Elsewhere & Guessed;
  Out.Succeeds = succeeds(S, F, T);
  Out.Result = S.signs(S.Return, T);
  Out.Return = S.ReturnedAt;
  Out.Where = S.ReturnedAt ? S.ReturnedAt->getBeginLoc() : F->getBodyRBrace();
  for (const auto &Item : S.Resources) {
    // What is returned is the caller's; what turned out to be nothing is none.
    EntityId Id = Item.first.second.Id;
    Holding H = holdingOf(Item);
    // Which of several locks this is, is not known any more.
    if (!Id && H.Kind == ResourceKind::Lock)
      continue;
    bool Returned = S.Return.isRef() && S.Return.Id == Id &&
                    F->getReturnType()->isPointerType();
    // `get_device(NULL)` takes nothing.
    if (rowOf(Item.second) &&
        rowOf(Item.second)->Kind == ResourceKind::Reference &&
        S.signs(Id, T) == Zero)
      continue;
    // `x->file = get_file(file); return file;`
    bool Second = Returned && rowOf(Item.second) &&
                  rowOf(Item.second)->Key >= 0 && isPointedTo(S, Id, T);
    if ((Returned && !Second) || !(S.signs(Id, T) & (Positive | Zero)))
      continue;
    Out.Held.push_back(H);
    if (!Returned && isOnesOwn(H) && isLost(S, Id, T))
      Out.Lost.push_back(H);
    if (!isOnesOwn(H) && !isStored(S, Id, T) &&
        (H.Kind == ResourceKind::Reference || H.Kind == ResourceKind::Power))
      Out.Shares.push_back(H);
  }
  for (const auto &[By, Nothing] : S.Guesses)
    Out.Guesses.push_back(By);
  Out.Written = writtenAt(S, T);
  for (const auto &[P, V] : S.Store)
    if (V.isRef() && outlives(S, P, T) && S.signs(V.Id, T) == Negative)
      if (std::optional<Holding> H = triedBy(T[V.Id]))
        Out.Errors.push_back(*H);
  for (const auto &Item : S.GivenBack) {
    if (Item.first.first == PutGroup) {
      Out.Put = true;
      continue;
    }
    if (isUntouched(Item.first.first))
      continue;
    if (Item.first.first & NotTaken) {
      Out.NotTaken.push_back(holdingOf(Item));
      continue;
    }
    Holding H = holdingOf(Item);
    Out.Given.push_back(H);
    if ((isOnesOwn(H) || H.Kind == ResourceKind::Page) &&
        isPointedTo(S, Item.first.second.Id, T))
      Out.Stale.push_back(H);
  }
  for (const auto &Item : S.MayBeGiven)
    if (Item.first.first != PutGroup && !isUntouched(Item.first.first))
      Out.MayBeGiven.push_back(holdingOf(Item));
  return Out;
}

} // namespace vfio
