//===- HoldCells.cpp - Words of memory by which a driver keeps books ------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/Calls.h"
#include "lifecycle/HoldCalls.h"

using namespace clang;
using namespace engine;

namespace vfio {

using flow::one;

/// \p V, as a number where a branch has said which it is.
static Value settled(const Value &V, const State &S, const EntityTable &T) {
  if (!V.isRef() || V.Num != 0)
    return V;
  if (S.signs(V, T) == Zero)
    return Value::number(0);
  for (EntityId Asked : T[V.Id].Asked)
    if (T[Asked].By == Entity::Form::Compared && S.signs(Asked, T) == Zero)
      return Value::number(T[Asked].Num);
  return V;
}

/// Adds the calls below \p Tree that stand in a loop.
static void addLooped(const Stmt *Tree, bool Inside,
                      llvm::DenseSet<const Stmt *> &Out) {
  if (!Tree)
    return;
  if (Inside && isa<CallExpr>(Tree))
    Out.insert(Tree);
  const auto *Do = dyn_cast<DoStmt>(Tree);
  bool Once = Do && isa<IntegerLiteral>(Do->getCond()->IgnoreParenCasts());
  Inside |= isa<ForStmt, WhileStmt, DoStmt>(Tree) && !Once;
  for (const Stmt *Child : Tree->children())
    addLooped(Child, Inside, Out);
}

/// Who asks in a loop may wait for somebody else to change it.
bool HoldCalls::isInLoop(const CallExpr *Call) {
  if (!std::exchange(LookedForLoops, true))
    for (const FunctionDecl *F : Model.Functions)
      addLooped(F->getBody(), false, Looped);
  return Looped.contains(Call);
}

//===-- Words -------------------------------------------------------------===//

/// `atomic_cmpxchg(&x->on, 1, 0)`: one way on which it did, and one on which it
/// did not.
States HoldCalls::putWhereSame(const CallExpr *Call, Place P, const Value &Old,
                               const Value &Wanted, const Value &New, State S) {
  Value Same = Eval.compare(BO_EQ, Old, Wanted, false, S);
  States Out;
  for (bool Truth : {true, false}) {
    State Way = S;
    if (!Eval.assume(Same, Truth, Way))
      continue;
    if (!Old.isUnknown())
      Way.Values[Call] = Old;
    if (Truth)
      Eval.store(P, New.isUnknown() ? Eval.fresh(Call, P, Way) : New, Way);
    Out.push_back(std::move(Way));
  }
  return Out;
}

/// Adds \p By to \p Old, which \p P holds, or subtracts it.
void HoldCalls::count(const CallExpr *Call, const CellRow &Row, Place P,
                      const Value &Old, const Value &By, State &S) {
  bool Adds = Row.Change == CellChange::Add;
  Value New;
  if (Old.isNumber() && By.isNumber())
    New = combine(Adds ? BO_Add : BO_Sub, Old.Num, By.Num, Width());
  // It is 0 where it was just what was taken away.
  if (Row.Answer == CellAnswer::IsZero) {
    Value IsZero =
        New.isNumber() ? Value::number(New.Num == 0)
        : By.isNumber()
            ? Eval.compare(BO_EQ, Old, Value::number(Adds ? -By.Num : By.Num),
                           false, S)
            : Value();
    if (!IsZero.isUnknown())
      S.Values[Call] = IsZero;
  }
  if (!New.isNumber())
    New = Eval.fresh(Call, P, S);
  if (Row.Answer == CellAnswer::New)
    S.Values[Call] = New;
  Eval.store(P, New, S);
}

States HoldCalls::execCell(const CallExpr *Call, const CellRow &Row, State S) {
  EntityId Result = Entities.result(Call, Eval.Context, QualType());
  S.retire(Result, Entities);
  llvm::SmallVector<Value, 3> Args;
  for (const Expr *Arg : Call->arguments())
    Args.push_back(Eval.eval(Arg, S));
  S.Values[Call] = Value::ref(Result);
  const Value &Where = Args[Row.Cell];
  if (!Where.isRef())
    return one(std::move(S));
  if (Row.Change >= CellChange::KeepBit) {
    CellChange Change = Row.Change;
    if (Change == CellChange::PutBit) {
      Value To = Eval.truth(Args.back(), false);
      Signs Can = S.signs(To, Entities);
      if (Can == Zero)
        Change = CellChange::ClearBit;
      else if (!(Can & Zero))
        Change = CellChange::SetBit;
    }
    execBit(Call, Change, Row.Answer, Where, Args[Row.Operand], S);
    return one(std::move(S));
  }
  Place P{Where.Id, Where.Num};
  Value Old = settled(Eval.load(P, Model.Ctx.LongTy, S), S, Entities);
  Value By = Row.Operand < 0 ? Value::number(1) : Args[Row.Operand];
  if (Row.Change == CellChange::PutIf && Row.Operand + 1 < int(Args.size()))
    return putWhereSame(Call, P, Old, By, Args[Row.Operand + 1], std::move(S));
  bool Waits =
      Row.Change == CellChange::Keep && Old.isNumber() && isInLoop(Call);
  if (Row.Answer == CellAnswer::Old && !Old.isUnknown() && !Waits)
    S.Values[Call] = Old;
  switch (Row.Change) {
  case CellChange::Keep:
    break;
  case CellChange::Put:
    Eval.store(P, By.isUnknown() ? Eval.fresh(Call, P, S) : By, S);
    break;
  case CellChange::Add:
  case CellChange::Subtract:
    count(Call, Row, P, Old, By, S);
    break;
  default:
    Eval.store(P, Eval.fresh(Call, P, S), S);
    break;
  }
  return one(std::move(S));
}

//===-- Bits --------------------------------------------------------------===//

/// The word \p Old with the bit \p Mask set, cleared or turned round; unknown
/// where it is not known which bit that is, or what becomes of it.
static Value withBit(CellChange Change, const Value &Old, uint64_t Mask,
                     EntityTable &T) {
  if (!Mask || Old.isUnknown() || Change == CellChange::PutBit)
    return {};
  if (Old.isNumber()) {
    uint64_t Now = Old.Num;
    Now = Change == CellChange::SetBit     ? Now | Mask
          : Change == CellChange::ClearBit ? Now & ~Mask
                                           : Now ^ Mask;
    return Value::number(int64_t(Now));
  }
  if (Change == CellChange::FlipBit)
    return {};
  return Change == CellChange::SetBit
             ? Value::ref(
                   T.derived(BO_OrAssign, Old, Value::number(int64_t(Mask))))
             : Value::ref(
                   T.derived(BO_AndAssign, Old, Value::number(~int64_t(Mask))));
}

void HoldCalls::execBit(const CallExpr *Call, CellChange Change,
                        CellAnswer Answer, const Value &Map,
                        const Value &Number, State &S) {
  const int64_t Bits = Model.Ctx.getTypeSize(Model.Ctx.LongTy);
  Place P{Map.Id, Map.Num};
  uint64_t Mask = 0;
  if (Number.isNumber() && Number.Num >= 0 && Number.Num < (1 << 20)) {
    P.Offset += Number.Num / Bits * Bits;
    Mask = uint64_t(1) << (Number.Num % Bits);
  }
  Value Old = Eval.load(P, Model.Ctx.UnsignedLongTy, S);
  // The answer for a bit that only its number's value tells.
  auto BitOf = [&](const Value &Word) {
    return Value::ref(Entities.derived(BO_PtrMemI, Word, Number));
  };
  Value Was;
  if (Mask && Old.isNumber())
    Was = Value::number((uint64_t(Old.Num) & Mask) != 0);
  else if (Mask && Old.isRef())
    Was = Eval.truth(Eval.masked(Old, int64_t(Mask), S), false);
  else if (Number.isRef() && !Old.isUnknown())
    Was = Eval.truth(BitOf(Old), false);
  bool Keeps = Change == CellChange::KeepBit;
  bool Waits = Keeps && Was.isNumber() && isInLoop(Call);
  if (Answer == CellAnswer::Old && !Was.isUnknown() && !Waits)
    S.Values[Call] = Was;
  if (Keeps)
    return;
  forgetAnswers(S, Map); // of all the bits, that is
  Value New = withBit(Change, Old, Mask, Entities);
  if (New.isUnknown()) {
    New = Eval.fresh(Call, P, S);
    if (Number.isRef() && Change == CellChange::SetBit)
      S.Known[BitOf(New).Id] = NonZero;
    else if (Number.isRef() && Change == CellChange::ClearBit)
      S.Known[BitOf(New).Id] = Zero;
  }
  Eval.store(P, New, S);
}

} // namespace vfio
