//===- HoldKeys.cpp - By what it is known that something was taken --------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/Calls.h"
#include "lifecycle/HoldCalls.h"
#include "lifecycle/OtherLives.h"

using namespace clang;
using namespace engine;

namespace vfio {

bool givesAsWritten(const ResourceRow &Row, const CallExpr *Call) {
  if (Row.OnlyNull < 0)
    return true;
  if (Row.OnlyNull >= int(Call->getNumArgs()))
    return false;
  ASTContext &Ctx = Call->getDirectCallee()->getASTContext();
  return Call->getArg(Row.OnlyNull)
      ->isNullPointerConstant(Ctx, Expr::NPC_ValueDependentIsNotNull);
}

//===-- Results -----------------------------------------------------------===//

/// PTR_ERR_OR_ZERO: the error, or 0; so what is returned tells what was taken.
States HoldCalls::execErrorOrZero(const CallExpr *Call, const Value &Subject,
                                  State S) {
  if (!Subject.isRef()) {
    S.Values[Call] =
        Subject.isNumber() && Subject.Num >= 0 ? Value::number(0) : Subject;
    return flow::one(std::move(S));
  }
  States Out;
  for (bool Error : {true, false}) {
    State Way = S;
    if (!Way.restrict(Subject.Id, Error ? Negative : NotNegative, Entities))
      continue;
    Way.Values[Call] = Error ? Value::ref(Subject.Id) : Value::number(0);
    Out.push_back(std::move(Way));
  }
  return Out;
}

//===-- Ids ---------------------------------------------------------------===//

/// The id that \p Call asks for, where it takes that one or none.
std::optional<Value> HoldCalls::onlyId(const CallExpr *Call,
                                       const ResourceRow &Row, State &S) {
  if (Row.First < 0 || Row.Last >= int(Call->getNumArgs()))
    return std::nullopt;
  Value First = Eval.eval(Call->getArg(Row.First), S);
  Value Last = Eval.eval(Call->getArg(Row.Last), S);
  if (First.isNumber() && Last.isNumber())
    return Last.Num - Row.Past == First.Num ? std::optional<Value>(First)
                                            : std::nullopt;
  if (!First.isRef() || First.Num != 0 || !Last.isRef())
    return std::nullopt;
  auto ByOne = [&](BinaryOperatorKind Op, const Value &V) {
    return Value::ref(Entities.derived(Op, V, Value::number(1)));
  };
  Value Next = ByOne(BO_Add, First);
  // `ida_simple_get(ida, id, id + 1)` is a macro that subtracts the 1 again.
  bool Only =
      Row.Past ? Last == Next : Last == First || Last == ByOne(BO_Sub, Next);
  if (!Only || !S.restrict(First.Id, NotNegative, Entities))
    return std::nullopt;
  return First;
}

/// What stands for what \p Call has taken by \p Key.
Place HoldCalls::keyOfTaken(const CallExpr *Call, const ResourceRow &Row,
                            const Value &Key, State &S) {
  Place P{Key.Id, Key.Num};
  if (Row.Kind != ResourceKind::Id)
    return P;
  // `xa_alloc(&x->ids, &id, ...)`: the id is what it leaves there.
  if (Row.Key >= 0) {
    Value Id = Eval.fresh(Call, P, S);
    S.Known[Id.Id] = NotNegative;
    Eval.store(P, Id, S);
    return {Id.Id, 0};
  }
  std::optional<Value> Only = onlyId(Call, Row, S);
  if (!Only)
    return P;
  S.Values[Call] = *Only;
  return Only->isRef() ? Place{Only->Id, 0} : P;
}

//===-- Counts ------------------------------------------------------------===//

/// The group under which \p S has what \p Call takes now: of what is counted,
/// one may have several shares. How often one call takes, no path tells.
unsigned HoldCalls::nextShare(State &S, const CallExpr *Call,
                              const ResourceRow &Row, Place Key) const {
  constexpr unsigned Most = 3 * NextShare;
  if (Row.Key < 0 ||
      (Row.Kind != ResourceKind::Reference && Row.Kind != ResourceKind::Power &&
       Row.Kind != ResourceKind::Device))
    return Row.Group;
  unsigned Share = 0;
  for (;; Share += NextShare) {
    const Held *H = std::as_const(S.Resources).find({Row.Group + Share, Key});
    if (!H)
      break;
    if (H->At != Call && Share < Most)
      continue;
    S.Elsewhere |= Guessed;
    break;
  }
  return Row.Group + Share;
}

} // namespace vfio
