//===- Entities.cpp - What has an identity on a path ----------------------===//
//
// Part of the life-cycle tools, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/Entities.h"
#include "clang/AST/Decl.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;

namespace engine {

static uint64_t word(const void *P) { return reinterpret_cast<uintptr_t>(P); }

/// As many as \c Parts names; what has more depends on everything.
static constexpr size_t MostParts = 48;

static llvm::StringRef bytesOf(llvm::ArrayRef<uint64_t> Key) {
  return {reinterpret_cast<const char *>(Key.data()), Key.size() * 8};
}

EntityId EntityTable::again(const Key &K) {
  EntityId Id = Known.lookup(bytesOf(K));
  Entities[Id].Met += Id != 0;
  return Id;
}

/// The signs that \p E can have when nothing was learnt.
static Signs initialOf(const Entity &E) {
  if (E.By == Entity::Form::BitsKept && E.Num >= 0)
    return NotNegative;
  return E.K == Entity::Variable || E.K == Entity::Function ? Positive
                                                            : AnySign;
}

void EntityTable::add(Entity E) {
  Briefs.push_back({E.By, initialOf(E), E.Parts.empty() ? 0 : E.Parts.front()});
  Entities.push_back(std::move(E));
}

EntityId EntityTable::intern(const Key &K, Entity E) {
  EntityId Id = Entities.size();
  auto [It, New] = Known.try_emplace(bytesOf(K), Id);
  if (New) {
    add(std::move(E));
    const Entity &Made = Entities.back();
    if (Made.Parts.size() > MostParts)
      OnEverything.push_back(Id);
    else
      for (EntityId Part : Made.Parts)
        Entities[Part].PartOf.push_back(Id);
    Entity::Form By = Made.By;
    if (By == Entity::Form::BitsKept || By == Entity::Form::Compared ||
        By == Entity::Form::Ordered)
      Entities[Made.Parts.front()].Asked.push_back(Id);
    if (By == Entity::Form::Ordered)
      Entities[Entities[Id].Num].Asked.push_back(Id);
  }
  ++Entities[It->second].Met;
  return It->second;
}

EntityId EntityTable::variable(const VarDecl *Var) {
  Var = Var->getCanonicalDecl();
  EntityId &Id = Variables[Var];
  if (!Id)
    return Id = intern({Entity::Variable, word(Var)},
                       {Entity::Variable, Var, {}, Var->getType(), {}, {}});
  ++Entities[Id].Met;
  return Id;
}

EntityId EntityTable::function(const FunctionDecl *F) {
  F = F->getCanonicalDecl();
  return intern({Entity::Function, word(F)},
                {Entity::Function, F, {}, QualType(), {}, {}});
}

EntityId EntityTable::loaded(Place P, QualType Type) {
  Key K = {Entity::Loaded, P.Id, uint64_t(P.In), uint64_t(P.Offset)};
  EntityId Id = again(K);
  if (!Id) {
    Entity E = {Entity::Loaded, nullptr, P, QualType(), {}, {}};
    addPart(E, P.Id);
    Id = intern(K, std::move(E));
  }
  noteType(Id, Type);
  return Id;
}

EntityId EntityTable::result(const Stmt *Call, unsigned Context,
                             QualType Type) {
  Key K = {Entity::Result, word(Call), Context};
  EntityId Id = again(K);
  if (!Id)
    Id = intern(K, {Entity::Result, Call, {}, QualType(), {}, {}});
  noteType(Id, Type);
  return Id;
}

static void append(llvm::SmallVector<uint64_t, 8> &Key, const Value &V) {
  Key.push_back((uint64_t(V.Asks) << 56) | (uint64_t(V.K) << 48) |
                (uint64_t(V.True) << 40) | (uint64_t(V.False) << 32) | V.Id);
  Key.push_back(uint64_t(V.Num));
}

EntityId EntityTable::pure(const FunctionDecl *F, llvm::ArrayRef<Value> Args) {
  Key K = {Entity::Pure, word(F->getCanonicalDecl())};
  for (const Value &V : Args)
    append(K, V);
  if (EntityId Id = again(K))
    return Id;
  Entity E = {Entity::Pure, F, {}, QualType(), {}, {}};
  for (const Value &V : Args)
    addPart(E, V.Id);
  return intern(K, std::move(E));
}

EntityId EntityTable::derived(unsigned Opcode, const Value &L, const Value &R) {
  Key K = {Entity::Derived, Opcode};
  append(K, L);
  append(K, R);
  if (EntityId Id = again(K))
    return Id;
  Entity E = {Entity::Derived, nullptr, {}, QualType(), {}, {}};
  addPart(E, L.Id);
  addPart(E, R.Id);
  if (L.isRef() && L.Num == 0 && R.isNumber()) {
    if (Opcode == BO_Or || Opcode == BO_OrAssign)
      E.By = Entity::Form::BitsSet;
    else if (Opcode == BO_And || Opcode == BO_AndAssign)
      E.By = Entity::Form::BitsKept;
    else if (Opcode == BO_Cmp)
      E.By = Entity::Form::Compared;
    E.Num = R.Num;
  } else if (Opcode == BO_Cmp && L.isRef() && R.isRef() && !L.Num && !R.Num) {
    E.By = Entity::Form::Ordered;
    E.Num = R.Id;
  }
  return intern(K, std::move(E));
}

EntityId EntityTable::mixed(const void *Where, Place P, EntityId Base,
                            int64_t Bits) {
  Entity E = {Entity::Fresh, Where, P, QualType(), {}, {}};
  addPart(E, Base);
  E.By = Entity::Form::BitsMixed;
  E.Num = Bits;
  return intern({Entity::Fresh, word(Where), 0, P.Id, uint64_t(P.In),
                 uint64_t(P.Offset), Base, uint64_t(Bits)},
                std::move(E));
}

/// How many changes of bits are looked through for what they began with.
static constexpr unsigned MostChanges = 16;

EntityId EntityTable::joined(const void *Where, Place P, const Value &A,
                             const Value &B) {
  // What each was before bits of it were changed, and which were.
  using Step = std::pair<EntityId, int64_t>;
  auto StepsOf = [&](const Value &V) {
    llvm::SmallVector<Step, 4> Out;
    if (!V.isRef() || V.Num != 0)
      return Out;
    Out.push_back({V.Id, 0});
    while (Out.size() < MostChanges) {
      const Entity &E = Entities[Out.back().first];
      if (E.By != Entity::Form::BitsSet && E.By != Entity::Form::BitsKept &&
          E.By != Entity::Form::BitsMixed)
        break;
      int64_t Bits = E.By == Entity::Form::BitsKept ? ~E.Num : E.Num;
      Out.push_back({E.Parts.front(), Out.back().second | Bits});
    }
    return Out;
  };
  llvm::SmallVector<Step, 4> OfA = StepsOf(A), OfB = StepsOf(B);
  // The first thing that both began with: so rounds of a loop come to an end.
  if (OfA.size() > 1 || OfB.size() > 1)
    for (const Step &SA : llvm::reverse(OfA))
      for (const Step &SB : llvm::reverse(OfB))
        if (SA.first == SB.first)
          return mixed(Where, P, SA.first, SA.second | SB.second);
  return fresh(Where, 0, P);
}

EntityId EntityTable::fresh(const void *Writer, unsigned Context, Place P) {
  Key K = {Entity::Fresh, word(Writer),   Context,
           P.Id,          uint64_t(P.In), uint64_t(P.Offset)};
  if (EntityId Id = again(K))
    return Id;
  return intern(K, {Entity::Fresh, Writer, P, QualType(), {}, {}});
}

/// How much one counter is taken to be compared with.
static constexpr size_t MostBounds = 4;

void EntityTable::noteBound(Place P, const Value &Bound) {
  auto &Of = Bounds[P];
  if (Of.size() < MostBounds && !llvm::is_contained(Of, Bound))
    Of.push_back(Bound);
}

llvm::ArrayRef<Value> EntityTable::boundsOf(Place P) const {
  auto Of = isCounter(P) ? Bounds.find(P) : Bounds.end();
  return Of == Bounds.end() ? llvm::ArrayRef<Value>()
                            : llvm::ArrayRef<Value>(Of->second);
}

void EntityTable::addPart(Entity &E, EntityId Part) const {
  auto Add = [&](EntityId Id) {
    if (Id && E.Parts.size() <= MostParts && !llvm::is_contained(E.Parts, Id))
      E.Parts.push_back(Id);
  };
  Add(Part);
  for (EntityId Id : Entities[Part].Parts)
    Add(Id);
}

void EntityTable::noteSubject(EntityId Id, EntityId Subject) {
  if (Id != Subject && !llvm::is_contained(Entities[Id].About, Subject))
    Entities[Id].About.push_back(Subject);
}

bool EntityTable::areDistinct(EntityId A, EntityId B) const {
  auto WasThere = [&](EntityId Id) {
    const Entity &E = Entities[Id];
    const VarDecl *Holder = E.K == Entity::Loaded && E.From.isMemory()
                                ? variableOf(E.From.Id)
                                : nullptr;
    return E.Made || E.K == Entity::Variable ||
           isa_and_nonnull<ParmVarDecl>(Holder);
  };
  return A != B && ((Entities[A].Made && WasThere(B)) ||
                    (Entities[B].Made && WasThere(A)));
}

bool EntityTable::dependsOn(EntityId Id, EntityId On) const {
  const Entity &E = Entities[Id];
  return E.Parts.size() > MostParts || llvm::is_contained(E.Parts, On);
}

std::vector<EntityId>
EntityTable::staleWith(llvm::ArrayRef<EntityId> Ids) const {
  std::vector<EntityId> Out;
  for (EntityId Id : Ids) {
    const Entity &E = Entities[Id];
    if (E.Met == 1)
      continue;
    Out.push_back(Id);
    Out.insert(Out.end(), E.PartOf.begin(), E.PartOf.end());
  }
  if (Out.empty())
    return Out;
  Out.insert(Out.end(), OnEverything.begin(), OnEverything.end());
  llvm::sort(Out);
  Out.erase(llvm::unique(Out), Out.end());
  return Out;
}

bool EntityTable::tellsOf(EntityId Id, EntityId From, int64_t Begin,
                          int64_t End) const {
  auto Within = [&](EntityId Part) {
    const Entity &E = Entities[Part];
    return (E.K == Entity::Loaded || E.K == Entity::Fresh) &&
           E.From.Id == From &&
           (!E.From.isMemory() || E.From.Offset < Begin ||
            E.From.Offset >= End);
  };
  auto Tells = [&](EntityId Part) {
    return Within(Part) || llvm::any_of(Entities[Part].Parts, Within);
  };
  return Tells(Id) || llvm::any_of(Entities[Id].About, [&](EntityId Subject) {
           return Subject == From || Tells(Subject);
         });
}

void EntityTable::noteType(EntityId Id, QualType Type) {
  if (Type.isNull() || Type->isVoidType())
    return;
  Entity &E = Entities[Id];
  if (E.Type.isNull() || E.Type->isVoidType())
    E.Type = Type;
}

const VarDecl *EntityTable::variableOf(EntityId Id) const {
  const Entity &E = Entities[Id];
  return E.K == Entity::Variable ? static_cast<const VarDecl *>(E.Origin)
                                 : nullptr;
}

const FunctionDecl *EntityTable::functionOf(EntityId Id) const {
  const Entity &E = Entities[Id];
  return E.K == Entity::Function ? static_cast<const FunctionDecl *>(E.Origin)
                                 : nullptr;
}

} // namespace engine
