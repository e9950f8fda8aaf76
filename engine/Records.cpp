//===- Records.cpp - Structures that are assigned as a whole --------------===//
//
// Part of the life-cycle tools, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/Evaluator.h"
#include "clang/AST/Decl.h"
#include <map>

using namespace clang;

namespace engine {

/// How many members of a structure are looked through.
static constexpr unsigned MostMembers = 32;

namespace {
/// The pointers and numbers in a structure, by their bits from its beginning.
using Members = llvm::SmallVector<std::pair<int64_t, QualType>, 8>;
/// What they are.
using Contents = std::map<int64_t, Value>;
} // namespace

/// Adds the pointers in a structure of type \p T that begins at \p At.
static void addPointers(QualType T, int64_t At, const ASTContext &Ctx,
                        Members &Out) {
  const RecordDecl *R = T.isNull() ? nullptr : T->getAsRecordDecl();
  R = R ? R->getDefinition() : nullptr;
  if (!R || R->isInvalidDecl())
    return;
  for (const FieldDecl *F : R->fields()) {
    int64_t Where = At + int64_t(Ctx.getFieldOffset(F));
    if (F->getType()->isPointerType() && Out.size() < MostMembers)
      Out.push_back({Where, F->getType()});
    else if (!F->isBitField())
      addPointers(F->getType(), Where, Ctx, Out);
  }
}

static Members pointersIn(QualType T, const ASTContext &Ctx) {
  Members Out;
  addPointers(T, 0, Ctx, Out);
  return Out;
}

/// What \p S has within \p Bits of \p P, by its bits from there.
static Contents storedIn(const State &S, Place P, int64_t Bits) {
  Contents Out;
  for (const auto &[At, V] : S.Store)
    if (At.Id == P.Id && At.In == P.In && At.Offset >= P.Offset &&
        At.Offset - P.Offset < Bits)
      Out[At.Offset - P.Offset] = V;
  return Out;
}

void Evaluator::copyMemory(Place From, Place To, int64_t Bits, QualType Type,
                           State &S) {
  Contents Now = storedIn(S, From, Bits);
  for (const auto &[At, T] : pointersIn(Type, Ctx))
    if (At < Bits && !Now.count(At))
      Now[At] = load({From.Id, From.Offset + At, From.In}, T, S);
  // What was there and is not known of the other is what that had.
  for (const auto &[At, Old] : storedIn(S, To, Bits))
    if (!Now.count(At))
      Now[At] = Value::ref(
          Entities.loaded({From.Id, From.Offset + At, From.In}, QualType()));
  for (const auto &[At, V] : Now)
    store({To.Id, To.Offset + At, To.In}, V, S);
}

void Evaluator::clearMemory(Place To, int64_t Bits, QualType Type, State &S) {
  Contents Now = storedIn(S, To, Bits);
  for (const auto &[At, T] : pointersIn(Type, Ctx))
    if (At < Bits)
      Now[At] = Value();
  for (const auto &[At, Old] : Now)
    store({To.Id, To.Offset + At, To.In}, Value::number(0), S);
}

/// The expression that \p E, a structure, is read from.
static const Expr *sourceOf(const Expr *E) {
  for (;;) {
    E = E->IgnoreParens();
    if (const auto *C = dyn_cast<CastExpr>(E))
      E = C->getSubExpr();
    else if (const auto *L = dyn_cast<CompoundLiteralExpr>(E))
      E = L->getInitializer();
    else
      return E;
  }
}

void Evaluator::assignList(const InitListExpr *List, Place To, State &S) {
  const RecordDecl *R = List->getType()->getAsRecordDecl();
  if (!R || R->isUnion() || R->isInvalidDecl())
    return;
  unsigned I = 0;
  for (const FieldDecl *F : R->fields()) {
    if (F->isUnnamedBitField())
      continue;
    const Expr *Init = I < List->getNumInits() ? List->getInit(I++) : nullptr;
    Place P{To.Id, To.Offset + int64_t(Ctx.getFieldOffset(F)), To.In};
    if (!Init || isa<ImplicitValueInitExpr>(Init))
      continue;
    if (const auto *Inner = dyn_cast<InitListExpr>(Init))
      assignList(Inner, P, S);
    else if (F->getType()->isScalarType())
      if (Value V = eval(Init, S); !V.isUnknown())
        store(P, V, S);
  }
}

void Evaluator::assignRecord(const Expr *E, std::optional<Place> To, bool IsNew,
                             State &S) {
  QualType Type = E->getType();
  if (Type->isIncompleteType() || Type->isDependentType())
    return;
  int64_t Bits = int64_t(Ctx.getTypeSize(Type));
  const Expr *Source = sourceOf(E);
  const auto *List = dyn_cast<InitListExpr>(Source);
  std::optional<Place> From =
      List || !Source->isLValue() ? std::nullopt : place(Source, S);
  // Of what a function returns, the memory is gone with the assignment.
  Value Returned = isa<CallExpr>(Source) ? eval(Source, S) : Value();
  if (Returned.isRef() && To) {
    copyMemory({Returned.Id, 0}, *To, Bits, Type, S);
    S.Store.eraseIf(
        [&](const auto &Item) { return Item.first.Id == Returned.Id; });
    return;
  }
  if (!To) {
    // Somewhere: what it has is out of sight.
    if (From)
      for (const auto &[At, V] : storedIn(S, *From, Bits))
        Listener.stored(S, Place(), V);
    return;
  }
  if (From)
    return copyMemory(*From, *To, Bits, Type, S);
  if (List) {
    if (!IsNew)
      clearMemory(*To, Bits, Type, S);
    return assignList(List, *To, S);
  }
  for (const auto &[At, Old] : storedIn(S, *To, Bits)) {
    Place P{To->Id, To->Offset + At, To->In};
    store(P, fresh(E, P, S), S);
  }
}

} // namespace engine
