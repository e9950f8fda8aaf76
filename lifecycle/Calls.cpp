//===- Calls.cpp - What a call does to a path -----------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A call with a role is an event; one that can fail splits the path in two, so
// that its result and what it did stay tied together. A function of this TU is
// walked with the caller's state. Of any other, the contracts tell, or nothing.
//
//===----------------------------------------------------------------------===//

#include "lifecycle/Calls.h"
#include "contracts/KernelTable.h"
#include "clang/Basic/Builtins.h"

using namespace clang;

namespace vfio::flow {

Calls::Calls(const TUModel &Model, FlowGraphs &Graphs, EntityTable &Entities,
             Rules &R, const PathLimits &Limits)
    : Model(Model), Graphs(Graphs), Entities(Entities), R(R),
      W(Model.Ctx, Entities, *this, R, Limits), Eval(W.eval()) {}

States one(State S) {
  States Out;
  Out.push_back(std::move(S));
  return Out;
}

bool returnsItsArgument(const FunctionDecl *F) {
  unsigned Builtin = F->getBuiltinID();
  return Builtin == Builtin::BI__builtin_expect ||
         Builtin == Builtin::BI__builtin_expect_with_probability ||
         Builtin == Builtin::BI__builtin_assume_aligned ||
         kernelDeed(F->getName()) == KernelDeed::Passes;
}

std::optional<int64_t> valueOfBuiltin(const CallExpr *Call,
                                      const ASTContext &Ctx) {
  Expr::EvalResult Constant;
  if (Call->EvaluateAsInt(Constant, Ctx))
    return Constant.Val.getInt().tryExtValue();
  if (Call->getBuiltinCallee() == Builtin::BI__builtin_constant_p)
    return 0;
  return std::nullopt;
}

/// `return dev_err_probe(dev, ret, "...")` says something, and returns ret.
static bool returnsItsError(const FunctionDecl *F) {
  return kernelDeed(F->getName()) == KernelDeed::PassesError;
}

/// Reads the arguments other than the one at \p Index: `f(x->size, &counter)`
/// is a use of x.
void Calls::readOthers(const CallExpr *Call, int Index, State &S) {
  for (unsigned I = 0; I < Call->getNumArgs(); ++I)
    if (int(I) != Index)
      Eval.eval(Call->getArg(I), S);
}

States Calls::call(Walker &, const CallExpr *Call, State S) {
  const FunctionDecl *F = Call->getDirectCallee();
  if (!F) {
    // Through a pointer that is known to hold a function of ours.
    Value Callee = Eval.eval(Call->getCallee(), S);
    F = Callee.isRef() ? Entities.functionOf(Callee.Id) : nullptr;
  }
  if (!F)
    return execThroughPointer(Call, std::move(S));
  if (!F->getIdentifier())
    return execUnknown(Call, std::move(S));
  if (returnsItsArgument(F) && Call->getNumArgs()) {
    Value V = Eval.eval(Call->getArg(0), S);
    S.Values[Call] = V;
    return one(std::move(S));
  }
  if (returnsItsError(F) && Call->getNumArgs() > 1) {
    States Out = execUnknown(Call, std::move(S));
    for (State &After : Out) {
      Value Error = Eval.eval(Call->getArg(1), After);
      After.Values[Call] = Error;
    }
    return Out;
  }
  if (const ApiFunction *Api = findApi(F->getName());
      Api && Api->Subject < int(Call->getNumArgs()) &&
      Api->Device < int(Call->getNumArgs())) {
    readOthers(Call, Api->Subject, S);
    return execApi(Call, *Api, std::move(S));
  }
  if (const ResourceRow *Row = findResource(F->getName());
      Row && Row->Key < int(Call->getNumArgs())) {
    readOthers(Call, Row->Key, S);
    return execResource(Call, *Row, std::move(S));
  }
  const FunctionDecl *Definition = Graphs.definition(F);
  if (!Definition || !isWorthInlining(Definition))
    return execUnknown(Call, std::move(S));
  llvm::SmallVector<Value, 4> Args;
  for (const Expr *Arg : Call->arguments())
    Args.push_back(Eval.eval(Arg, S));
  return W.inlineCall(Call, Definition, Args, std::move(S));
}

bool Calls::isWorthInlining(const FunctionDecl *F) {
  if (!W.canEnter(F))
    return false;
  if (Graphs.matters(F))
    return true;
  const FlowGraph *G = W.graph(F);
  return G && G->Order.size() <= 40;
}

//===-- Functions with a role ---------------------------------------------===//

Value askSign(const Value &V, Signs True) {
  if (V.isNumber())
    return Value::number((signOf(V.Num) & True) != 0);
  if (V.isRef())
    return Value::condition(V.Id, True, AnySign & ~True);
  return {};
}

/// Applies what \p Api does to the life of \p Subject and cannot fail at; false
/// where it is no such function.
bool Calls::applyEvent(const CallExpr *Call, const ApiFunction &Api,
                       const Value &Subject, State &S) {
  switch (Api.Kind) {
  case Role::InitGroupDev:
  case Role::PciInitDevice:
    R.oldInit(S, Call, Subject);
    return true;
  case Role::UninitGroupDev:
  case Role::PciUninitDevice:
    R.oldUninit(S, Call, Subject);
    return true;
  case Role::PutDevice:
    R.put(S, Call, Subject);
    return true;
  case Role::Adopt:
    R.adopt(S, Call, Api, Subject);
    return true;
  case Role::UnregisterPut:
    R.unregister(S, Call, Subject);
    R.put(S, Call, Subject);
    return true;
  case Role::FreeDevice:
    R.freeByCore(S, Call, Subject);
    return true;
  case Role::PciReleaseDev:
    R.releasePci(S, Call, Subject);
    return true;
  case Role::Unregister:
  case Role::PciUnregister:
    R.unregister(S, Call, Subject);
    // What was unregistered is there: a later test against NULL is idle.
    if (Object *O = Subject.isRef() ? S.Objects.find(Subject.Id) : nullptr;
        O && !O->has(Life::Failed) && S.signs(Subject, Entities) & Positive)
      S.restrict(Subject.Id, Positive, Entities);
    return true;
  case Role::Free:
  case Role::DevmFree:
    R.freeMemory(S, Call, Api, Subject);
    return true;
  case Role::SetDrvdata:
    if (std::optional<Place> P =
            drvdataPlace(Call->getArg(Api.Device), Eval, Model.Ctx, S))
      Eval.store(*P, Subject, S);
    return true;
  default:
    return false;
  }
}

/// Gives \p Call the value that \p Api makes of \p Subject; false where it
/// makes none.
bool Calls::giveValue(const CallExpr *Call, const ApiFunction &Api,
                      const Value &Subject, State &S) {
  switch (Api.Kind) {
  case Role::GetDrvdata: {
    Value V = fetchDrvdata(Call, Call->getArg(Api.Device), S);
    S.Values[Call] = V;
    return true;
  }
  case Role::GetDevice:
    R.reference(S, Subject);
    S.Values[Call] = Subject;
    return true;
  case Role::IsRegistered: {
    std::optional<bool> Is = R.tellsRegistered(S, Subject);
    if (Is)
      S.Values[Call] = Value::number(*Is);
    return Is.has_value();
  }
  case Role::IsErr:
    S.Values[Call] = askSign(Subject, Negative);
    return true;
  case Role::IsErrOrNull:
    S.Values[Call] = askSign(Subject, Negative | Zero);
    return true;
  case Role::PtrErr:
    R.askedForError(S, Call, Subject);
    [[fallthrough]];
  case Role::ErrPtr:
  case Role::ErrCast:
    S.Values[Call] = Subject.isRef() ? Value::ref(Subject.Id) : Subject;
    return true;
  case Role::PciInitDev: {
    if (Object *O = Subject.isRef() ? S.Objects.find(Subject.Id) : nullptr)
      O->happen(Event::Initialised, Call);
    EntityId Result = Entities.result(Call, Eval.Context, QualType());
    S.retire(Result, Entities);
    S.Known[Result] = Negative | Zero;
    S.Values[Call] = Value::ref(Result);
    return true;
  }
  default:
    return false;
  }
}

/// PTR_ERR_OR_ZERO: the error, or 0.
States Calls::execErrorOrZero(const CallExpr *Call, const Value &Subject,
                              State S) {
  if (!Subject.isRef())
    return execUnknown(Call, std::move(S));
  R.branched(S, askSign(Subject, Negative), Call);
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

States Calls::execApi(const CallExpr *Call, const ApiFunction &Api, State S) {
  Value Subject =
      Api.Subject >= 0 ? Eval.eval(Call->getArg(Api.Subject), S) : Value();
  if (applyEvent(Call, Api, Subject, S) || giveValue(Call, Api, Subject, S))
    return one(std::move(S));
  switch (Api.Kind) {
  case Role::AllocDevice:
  case Role::Allocate:
  case Role::DevmAllocate:
    return execAllocation(Call, Api, std::move(S));
  case Role::Register:
  case Role::PciRegister:
    return execRegister(Call, Subject, std::move(S));
  case Role::AdoptRegister:
    R.adopt(S, Call, Api, Subject);
    return execRegister(Call, Subject, std::move(S));
  case Role::InitDevice: {
    EntityId Result = Entities.result(Call, Eval.Context, QualType());
    States Out = W.split(std::move(S), Call, Result, Zero, Negative);
    R.initDevice(Out.front(), Call, Subject);
    return Out;
  }
  case Role::PtrErrOrZero:
    return execErrorOrZero(Call, Subject, std::move(S));
  case Role::DevmAction:
  case Role::DevmActionOrReset:
    return execDevmAction(Call, Api, std::move(S));
  case Role::DevmActionEnds:
    if (Object *O = Subject.isRef() ? S.Objects.find(Subject.Id) : nullptr)
      for (Event E : {Event::PutByAction, Event::UnregisteredByAction})
        O->happen(E, nullptr);
    return execUnknown(Call, std::move(S));
  default:
    return execUnknown(Call, std::move(S));
  }
}

States Calls::execAllocation(const CallExpr *Call, const ApiFunction &Api,
                             State S) {
  QualType Type = Call->getType()->isPointerType()
                      ? Call->getType()->getPointeeType()
                      : QualType();
  // A pointer to the vfio_device says less than the size that was asked for.
  if (Api.Kind == Role::AllocDevice)
    Type = QualType();
  EntityId Id = Entities.result(Call, Eval.Context, Type);
  R.beforeAllocation(S, Call, Id);
  bool ErrorPtr = Api.Result == Outcome::ErrorPtr;
  States Out =
      W.split(std::move(S), Call, Id, Positive, ErrorPtr ? Negative : Zero);
  R.allocated(Out[0], Call, Api, Id, true);
  R.allocated(Out[1], Call, Api, Id, false);
  return Out;
}

States Calls::execRegister(const CallExpr *Call, const Value &Subject,
                           State S) {
  R.beforeRegister(S, Call, Subject);
  EntityId Result = Entities.result(Call, Eval.Context, QualType());
  States Out = W.split(std::move(S), Call, Result, Zero, Negative);
  R.registered(Out[0], Call, Subject);
  R.registerFailed(Out[1], Call, Subject, Result);
  return Out;
}

/// True for `&v->device` of a vfio_device: the reference that vfio_put_device
/// drops.
static bool isCoreReference(const Expr *Arg) {
  const auto *Address = dyn_cast<UnaryOperator>(Arg->IgnoreParenImpCasts());
  const auto *M =
      Address && Address->getOpcode() == UO_AddrOf
          ? dyn_cast<MemberExpr>(Address->getSubExpr()->IgnoreParens())
          : nullptr;
  const auto *Field = M ? dyn_cast<FieldDecl>(M->getMemberDecl()) : nullptr;
  return Field && isVfioDevice(Field->getParent()) &&
         (Field->getName() == "device" || Field->getName() == "kref");
}

States Calls::execResource(const CallExpr *Call, const ResourceRow &Row,
                           State S) {
  EntityId Result = Entities.result(Call, Eval.Context, QualType());
  Value Key =
      Row.Key < 0 ? Value::ref(Result) : Eval.eval(Call->getArg(Row.Key), S);
  S.Values[Call] = Row.Key == 0 && Call->getType()->isPointerType()
                       ? Key
                       : Value::ref(Result);
  S.retire(Result, Entities);
  if (Row.Gives && Row.Key < 0) {
    // All of them, whichever they are.
    S.Resources.eraseIf(
        [&](const auto &Item) { return Item.first.first == Row.Group; });
    S.GivenBack[{Row.Group, Place()}] = {&Row, Call};
    return one(std::move(S));
  }
  if (Key.isRef())
    Entities.noteSubject(Result, Key.Id);
  if (Row.Key >= 0 && Row.Kind == ResourceKind::Reference &&
      isCoreReference(Call->getArg(Row.Key))) {
    // Core's own count. Taking a reference leaves the rest unknown.
    if (Row.Gives)
      R.put(S, Call, Value::ref(Key.Id));
    else if (Object *O = S.Objects.find(Key.Id))
      O->set(Life::Kept | Life::Reported);
    return one(std::move(S));
  }
  if (!Key.isRef())
    return one(std::move(S));
  R.accessed(S, Key.Id, Call);
  // The last share of a structure with a kref of its own may end what is in it.
  Place P{Key.Id, Key.Num};
  if (Row.Gives && Row.Kind == ResourceKind::Reference) {
    // What was taken on this path is not the last one.
    bool Mine = S.Resources.find({Row.Group, P});
    const FunctionDecl *Release = Mine ? nullptr : endOfShare(Call, Key, S);
    if (Release && isWorthInlining(Release)) {
      R.give(S, Call, Row, P);
      return execShare(Call, Release, Key, Result, std::move(S));
    }
    if (Call->getNumArgs() > 1)
      R.passedOutside(S, Call, Key);
  }
  if (Row.Gives && (!Row.Takes || S.Resources.find({Row.Group, P}))) {
    R.give(S, Call, Row, P);
    return one(std::move(S));
  }
  return takeBy(Call, Row, Result, P, std::move(S));
}

/// What runs when \p Call gives back the last reference to \p Share: what it is
/// given for that, or what the driver has given the kernel where this is a part
/// of a structure of its own. Null where that is not known.
const FunctionDecl *Calls::endOfShare(const CallExpr *Call, const Value &Share,
                                      State &S) {
  if (Call->getNumArgs() > 1)
    return Graphs.definition(namedFunction(Call->getArg(1)));
  Object *O = Share.Num ? S.Objects.find(Share.Id) : nullptr;
  if (!O)
    return nullptr;
  const FunctionDecl *End =
      R.outside().endOf(Call->getArg(0), R.recordOf(*O, Share.Id), Share.Num);
  if (!End)
    O->set(Life::Kept);
  return End;
}

/// \p Call gives back a share of the driver's own structure: where it is the
/// last, \p Release runs with it.
States Calls::execShare(const CallExpr *Call, const FunctionDecl *Release,
                        const Value &Share, EntityId Result, State S) {
  States Ways = W.split(std::move(S), Call, Result, Positive, Zero);
  // Somebody else has the last one, and with it what the structure leads to.
  State &Shared = Ways.back();
  if (Object *O = Shared.Objects.find(Share.Id))
    O->set(Life::Kept);
  for (const auto &[P, V] : Shared.Store)
    if (P.Id == Share.Id && V.isRef()) {
      if (Object *O = Shared.Objects.find(V.Id))
        O->set(Life::Kept);
      // A list may have written what it has.
      bool Lost = Entities[V.Id].K == Entity::Fresh;
      Shared.Resources.eraseIf([Lost, Of = V.Id](const auto &Item) {
        return Item.first.second.Id == Of ||
               (Lost && rowOf(Item.second).Kind == ResourceKind::Reference);
      });
    }
  States Out;
  Out.push_back(std::move(Ways.back()));
  for (State &After :
       W.inlineCall(Call, Release, {Share}, std::move(Ways.front()))) {
    After.Values[Call] = Value::ref(Result);
    Out.push_back(std::move(After));
  }
  return Out;
}

/// The ways in which \p Call, whose result is \p Result, takes what \p P
/// stands for, and does not.
States Calls::takeBy(const CallExpr *Call, const ResourceRow &Row,
                     EntityId Result, Place P, State S) {
  Signs Success = AnySign, Failure = 0;
  switch (Row.When) {
  case Taken::Always:
    break;
  case Taken::ZeroResult:
    Success = Zero, Failure = Negative;
    break;
  case Taken::NotNegative:
    Success = NotNegative, Failure = Negative;
    break;
  case Taken::TrueResult:
    Success = NonZero, Failure = Zero;
    break;
  case Taken::NotNull:
    Success = Positive, Failure = Zero;
    break;
  case Taken::CountResult:
  case Taken::NotError:
    Success = Positive, Failure = Negative;
    break;
  case Taken::NotErrorOrNull:
    Success = Positive, Failure = Negative | Zero;
    break;
  }
  if (!Failure) {
    R.take(S, Call, Row, P);
    return one(std::move(S));
  }
  States Out = W.split(std::move(S), Call, Result, Success, Failure);
  R.take(Out.front(), Call, Row, P);
  return Out;
}

} // namespace vfio::flow
