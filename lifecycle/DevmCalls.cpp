//===- DevmCalls.cpp - What a device keeps, and does when it goes ---------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/Calls.h"

using namespace clang;

namespace vfio::flow {

//===-- drvdata -----------------------------------------------------------===//

std::optional<int64_t> offsetOfDevice(const RecordDecl *R,
                                      const ASTContext &Ctx) {
  if (!R || !R->getIdentifier() || R->isInvalidDecl())
    return std::nullopt;
  if (R->getName() == "device")
    return 0;
  if (!R->isCompleteDefinition())
    return std::nullopt;
  for (const FieldDecl *F : R->fields()) {
    const RecordDecl *Inner = F->getType()->getAsRecordDecl();
    if (Inner && Inner->getIdentifier() && Inner->getName() == "device")
      return Ctx.getFieldOffset(F);
  }
  return std::nullopt;
}

std::optional<Place> drvdataPlace(const Expr *Device, Evaluator &Eval,
                                  const ASTContext &Ctx, State &S) {
  Value V = Eval.eval(Device, S);
  std::optional<int64_t> Offset =
      offsetOfDevice(pointeeRecord(Device->getType()), Ctx);
  if (!V.isRef() || !Offset)
    return std::nullopt;
  return Place{V.Id, V.Num + *Offset, Drvdata};
}

Value Calls::fetchDrvdata(const CallExpr *Call, const Expr *Device, State &S) {
  std::optional<Place> P = drvdataPlace(Device, Eval, Model.Ctx, S);
  if (!P)
    return Value::ref(Entities.result(Call, Eval.Context, QualType()));
  if (const Value *V = S.Store.find(*P))
    return *V;
  EntityId Id = Entities.loaded(*P, Call->getType()->getPointeeType());
  R.fetched(S, *P, Id);
  return Value::ref(Id);
}

/// The ways out of the devm action \p F, were it run in \p S. Nothing is said
/// of them.
States Calls::tryAction(const CallExpr *Call, const FunctionDecl *F,
                        const Value &Data, const State &S) {
  bool Outer = std::exchange(R.Trying, true);
  States Ends = W.inlineCall(Call, F, {Data}, S);
  R.Trying = Outer;
  return Ends;
}

/// Notes in \p S what the devm action \p F, which \p Call has added, will do to
/// the device at \p Data: that it surely puts it, that it may unregister it.
void Calls::noteDeedsOfAction(const CallExpr *Call, const FunctionDecl *F,
                              const Value &Data, State &S) {
  if (!isWorthInlining(F) || R.Trying)
    return;
  unsigned GivenOut = R.GivenOut;
  States Ends = tryAction(Call, F, Data, S);
  Object &O = *S.Objects.find(Data.Id);
  // What a function of another file does there is not known.
  bool Puts = !Ends.empty(), Unregisters = R.GivenOut != GivenOut;
  for (const State &End : Ends) {
    const Object *Then = End.Objects.find(Data.Id);
    Puts &= Then && Then->at(Event::Put) && !O.at(Event::Put);
    Unregisters |= !Then ||
                   Then->at(Event::Unregistered) != O.at(Event::Unregistered) ||
                   (End.Elsewhere & bitOf(Event::Unregistered));
  }
  if (Puts)
    O.happen(Event::PutByAction, Call);
  if (Unregisters)
    O.happen(Event::UnregisteredByAction, Call);
}

/// Forgets in \p S what the devm action \p F, which \p Call has added, will
/// give back: that goes with the bus device. One that is not shown may give
/// back anything.
void Calls::leaveToAction(const CallExpr *Call, const FunctionDecl *F,
                          const Value &Data, State &S) {
  if (!S.Resources.size())
    return;
  if (!F || !isWorthInlining(F))
    return S.Resources.clear();
  States Ends = tryAction(Call, F, Data, S);
  S.Resources.eraseIf([&](const auto &Item) {
    auto Has = [&](const State &End) {
      return End.Resources.find(Item.first) != nullptr;
    };
    return llvm::none_of(Ends, Has);
  });
}

States Calls::execDevmAction(const CallExpr *Call, const ApiFunction &Api,
                             State S) {
  Value Data = Eval.eval(Call->getArg(Api.Subject), S);
  Value Callback =
      Call->getNumArgs() > 1 ? Eval.eval(Call->getArg(1), S) : Value();
  const FunctionDecl *F =
      Callback.isRef() ? Graphs.definition(Entities.functionOf(Callback.Id))
                       : nullptr;
  EntityId Result = Entities.result(Call, Eval.Context, QualType());
  States Out = W.split(std::move(S), Call, Result, Zero, Negative);
  leaveToAction(Call, F, Data, Out[0]);
  if (Object *O = Data.isRef() ? Out[0].Objects.find(Data.Id) : nullptr)
    if (!F || Graphs.matters(F)) {
      bool Device = R.isDevice(*O, Data.Id);
      O->set(Device ? Life::DevmOwned : Life::Kept);
      if (F && Device)
        noteDeedsOfAction(Call, F, Data, Out[0]);
    }
  if (Api.Kind != Role::DevmActionOrReset || !F || !isWorthInlining(F)) {
    if (Api.Kind == Role::DevmActionOrReset) {
      leaveToAction(Call, nullptr, Data, Out[1]);
      if (Object *O = Data.isRef() ? Out[1].Objects.find(Data.Id) : nullptr)
        O->set(Life::Kept);
    }
    return Out;
  }
  State Failed = std::move(Out.back());
  Out.pop_back();
  Value Error = Value::ref(Result);
  for (State &After : W.inlineCall(Call, F, {Data}, std::move(Failed))) {
    After.Values[Call] = Error;
    Out.push_back(std::move(After));
  }
  return Out;
}

} // namespace vfio::flow
