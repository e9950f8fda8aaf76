//===- HoldCalls.cpp - Calls that take and give back ----------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/HoldCalls.h"
#include "contracts/Heaps.h"
#include "contracts/KernelTable.h"
#include "lifecycle/CallTargets.h"
#include "lifecycle/Calls.h"
#include "lifecycle/OtherLives.h"

using namespace clang;
using namespace engine;

namespace vfio {

using flow::askSign;
using flow::one;
using flow::returnsItsArgument;

HoldCalls::HoldCalls(const TUModel &Model, const Reach &Can,
                     EntityTable &Entities, HoldFacts &Facts)
    : Model(Model), Can(Can), Entities(Entities), Facts(Facts),
      W(Model.Ctx, Entities, *this, *this, Most), Eval(W.eval()) {
  Entities.RemembersTaken = true;
}

void HoldCalls::begin(const Stages::Root &R, const CallExpr *Handler) {
  Root = R.F;
  When = R.When;
  // What opens and closes is judged by what it holds; of others, it is asked
  // what they lose, and their locks.
  Most.Coarse = When == Stage::Later;
  HandlerOf = Handler;
  Entities.clear();
  Answers.clear();
  W.begin();
}

//===-- Which call it is --------------------------------------------------===//

States HoldCalls::exec(const CallExpr *Call, State S) {
  const FunctionDecl *F = Call->getDirectCallee();
  if (!F) {
    Value Callee = Eval.eval(Call->getCallee(), S);
    F = Callee.isRef() ? Entities.functionOf(Callee.Id) : nullptr;
    const CallTargets::Set &May = Model.targets().ofThisSource(Call);
    if (!F && May.Complete && May.Functions.size() == 1)
      F = May.Functions.front();
  }
  if (!F || !F->getIdentifier())
    return execUnknown(Call, std::move(S));
  if (returnsItsArgument(F) && Call->getNumArgs()) {
    Value V = Eval.eval(Call->getArg(0), S);
    S.Values[Call] = V;
    return one(std::move(S));
  }
  noteSleep(S, Call);
  // `return dev_err_probe(dev, ret, "...")`
  if (kernelDeed(F->getName()) == KernelDeed::PassesError &&
      Call->getNumArgs() > 1) {
    Value Error = Eval.eval(Call->getArg(1), S);
    S.Values[Call] = Error;
    return one(std::move(S));
  }
  if (const MemoryRow *Row = findMemory(F->getName());
      Row && std::max(Row->From, Row->Size) < int(Call->getNumArgs()))
    execMemory(Call, *Row, S);
  if (const CellRow *Cell = findCell(F->getName());
      Cell && std::max(Cell->Cell, Cell->Operand) < int(Call->getNumArgs())) {
    touch(S, Call);
    return execCell(Call, *Cell, std::move(S));
  }
  if (const ApiFunction *Api = findApi(F->getName());
      Api && Api->Subject < int(Call->getNumArgs()) &&
      Api->Device < int(Call->getNumArgs()))
    return execApi(Call, *Api, std::move(S));
  const ResourceRow *Row = findHolding(F->getName());
  if (Row && Row->Key < int(Call->getNumArgs()) &&
      Row->Kind != ResourceKind::Counter && givesAsWritten(*Row, Call))
    return execTake(Call, *Row, std::move(S));
  if (const BufferRow *Buffer = findBuffer(F->getName());
      Buffer && Buffer->Argument < Call->getNumArgs())
    return execBuffer(Call, *Buffer, std::move(S));
  if (const KeeperRow *Keeper = findKeeper(F->getName());
      Keeper && Keeper->Argument < Call->getNumArgs())
    return execKeep(Call, *Keeper, std::move(S));
  const FunctionDecl *Def = Model.definition(F);
  if (!Def || !W.canEnter(Def))
    return execUnknown(Call, std::move(S));
  if ((S.Elsewhere & Uncertain) && (!mayHold(Def, S) || isBalanced(Def, S)))
    return execAside(Call, std::move(S));
  return execFollowed(Call, Def, std::move(S));
}

States HoldCalls::execSplit(const CallExpr *Call, Signs Success, Signs Failure,
                            State S) {
  EntityId Result = Entities.result(Call, Eval.Context, QualType());
  return W.split(std::move(S), Call, Result, Success, Failure);
}

States HoldCalls::execApi(const CallExpr *Call, const ApiFunction &Api,
                          State S) {
  Value Subject;
  for (unsigned I = 0; I < Call->getNumArgs(); ++I) {
    Value V = Eval.eval(Call->getArg(I), S);
    if (int(I) == Api.Subject)
      Subject = V;
  }
  switch (Api.Kind) {
  case Role::Allocate: {
    States Out = execSplit(Call, Positive,
                           Api.Result == Outcome::ErrorPtr ? Negative : Zero,
                           std::move(S));
    Value V = Out[0].Values[Call];
    Out[0].Resources[{MemoryGroup, Place{V.Id, 0}}] = {nullptr, Call};
    Entities.noteMade(V.Id);
    return Out;
  }
  case Role::DevmAllocate:
    return execSplit(Call, Positive, Zero, std::move(S));
  case Role::AllocDevice:
    return execSplit(Call, Positive, Negative, std::move(S));
  case Role::Register:
  case Role::PciRegister:
  case Role::InitDevice:
  case Role::PciInitDev:
    return execSplit(Call, Zero, Negative, std::move(S));
  case Role::PutDevice:
    if (Subject.isRef())
      S.GivenBack[{PutGroup, Place{Subject.Id, 0}}] = {nullptr, Call};
    return one(std::move(S));
  case Role::Free:
  case Role::DevmFree:
    freeReturned(S, Subject);
    noteHeap(Call, Subject);
    give(S, Call, MemoryGroup, nullptr, Subject);
    return one(std::move(S));
  case Role::IsErr:
    S.Values[Call] = askSign(Subject, Negative);
    return one(std::move(S));
  case Role::IsErrOrNull:
    S.Values[Call] = askSign(Subject, Negative | Zero);
    return one(std::move(S));
  case Role::PtrErr:
  case Role::ErrPtr:
  case Role::ErrCast:
    S.Values[Call] = Subject.isRef() ? Value::ref(Subject.Id) : Subject;
    return one(std::move(S));
  case Role::PtrErrOrZero:
    return execErrorOrZero(Call, Subject, std::move(S));
  case Role::GetDrvdata:
  case Role::SetDrvdata:
    return execDrvdata(Call, Api, Subject, std::move(S));
  default:
    break;
  }
  // The caller of `devm_add_action` and its like leaves all to the action.
  if (Api.Kind >= Role::DevmAction)
    S.Resources.clear();
  return execUnknown(Call, std::move(S));
}

//===-- Taking and giving -------------------------------------------------===//

static std::pair<Signs, Signs> signsOf(Taken When) {
  switch (When) {
  case Taken::Always:
    return {AnySign, 0};
  case Taken::ZeroResult:
    return {Zero, Negative};
  case Taken::NotNegative:
    return {NotNegative, Negative};
  case Taken::TrueResult:
    return {NonZero, Zero};
  case Taken::NotNull:
    return {Positive, Zero};
  case Taken::CountResult:
  case Taken::NotError:
    return {Positive, Negative};
  case Taken::NotErrorOrNull:
    return {Positive, Negative | Zero};
  }
  return {AnySign, 0};
}

/// What was kept somebody else gives back; where it was not, the caller does.
States HoldCalls::execKeep(const CallExpr *Call, const KeeperRow &Row,
                           State S) {
  Value Kept;
  touch(S, Call);
  for (unsigned I = 0; I < Call->getNumArgs(); ++I) {
    Value V = Eval.eval(Call->getArg(I), S);
    forgetAnswers(S, V);
    if (I == Row.Argument)
      Kept = V;
  }
  auto [Success, Failure] = signsOf(Row.When);
  // Where nobody looks at the result, it is taken to have worked.
  States Out = execSplit(Call, Success, Failure, std::move(S));
  if (isDiscarded(Call))
    Out.resize(1);
  if (Kept.isRef())
    escape(Out.front(), Kept.Id);
  return Out;
}

/// True where what takes something of \p Kind keeps what else it is given:
/// the pointer that an id stands for, the data of a thread or a file.
static bool keepsArguments(ResourceKind Kind) {
  return Kind == ResourceKind::Id || isOwnObject(Kind) ||
         Kind == ResourceKind::File || Kind == ResourceKind::Work;
}

/// True where \p Call, by its flags, takes an argument over.
static bool takesOver(const CallExpr *Call, const ResourceRow &Row,
                      const ASTContext &Ctx) {
  Expr::EvalResult Flags;
  return Row.Over >= 0 &&
         std::max(Row.Over, Row.Flags) < int(Call->getNumArgs()) &&
         Call->getArg(Row.Flags)->EvaluateAsInt(Flags, Ctx) &&
         (Flags.Val.getInt().getZExtValue() & Row.Bit);
}

States HoldCalls::execGive(const CallExpr *Call, const ResourceRow &Row,
                           const Value &Key, State S) {
  EntityId Result = Entities.result(Call, Eval.Context, QualType());
  const ResourceRow *Also = Row.Also.empty() ? nullptr : findHolding(Row.Also);
  Place P{Key.Id, Key.Num};
  bool Other = Also && giveOther(S, Call, Row, *Also, Key);
  if (!Other || std::as_const(S.Resources).find({Row.Group, P}))
    give(S, Call, Row.Group, &Row, Key);
  // `kref_put(&x->ref, free_x)`: the last one gives back what x has.
  if (llvm::any_of(Call->arguments(), [](const Expr *Arg) {
        return namedFunction(Arg) != nullptr;
      }))
    S.Resources.eraseIf([&](const auto &Item) {
      const ResourceRow *Held = rowOf(Item.second);
      return !Held || Held->Kind != ResourceKind::Lock;
    });
  S.retire(Result, Entities);
  S.Values[Call] = Value::ref(Result);
  return one(std::move(S));
}

States HoldCalls::execTake(const CallExpr *Call, const ResourceRow &Row,
                           State S) {
  Value Key;
  llvm::SmallVector<EntityId, 2> Kept, Named;
  for (unsigned I = 0; I < Call->getNumArgs(); ++I) {
    Value V = Eval.eval(Call->getArg(I), S);
    forgetAnswers(S, V);
    if (int(I) == Row.Key)
      Key = V;
    else if (V.isRef() && keepsArguments(Row.Kind))
      Kept.push_back(V.Id);
    else if (V.isRef() && Row.Kind == ResourceKind::Interrupt)
      Named.push_back(V.Id);
  }
  // `mmgrab(current->mm)`: a reference to something, whatever it is.
  if (Key.isUnknown() && Row.Key >= 0 && Row.Takes &&
      Row.Kind == ResourceKind::Reference)
    Key = Eval.fresh(Call, {}, S);
  EntityId Result = Entities.result(Call, Eval.Context, QualType());
  if (Row.From >= 0 && Row.From < int(Call->getNumArgs())) {
    Value Last = Eval.eval(Call->getArg(Row.From), S);
    if (Last.isRef())
      give(S, Call, Row.Group, &Row, Last);
  }
  if (Row.Gives) {
    for (EntityId Id : Kept)
      escape(S, Id);
    return execGive(Call, Row, Key, std::move(S));
  }
  // An element that is not known may be anything that was taken.
  if (Row.Kind == ResourceKind::Entry && Key.isUnknown())
    S.Elsewhere |= Strayed;
  // Where it fails, it keeps nothing.
  bool Over = takesOver(Call, Row, Model.Ctx);
  auto Taking = [&](State &In, const Value &Of) {
    for (EntityId Id : Kept)
      escape(In, Id);
    // Its name is not lost: what gives it back returns that.
    for (EntityId Id : Named)
      In.Objects[Id].set(Object::Escaped);
    if (Over)
      handOver(In, Eval.eval(Call->getArg(Row.Over), In));
    else if (Of.isRef() && !goesWithOther(Call, Row, In))
      take(In, Call, Row, keyOfTaken(Call, Row, Of, In));
  };
  auto [Success, Failure] = signsOf(Row.When);
  // Where nobody looks at the result, it is taken to have worked.
  if (!Failure || (Row.Key >= 0 && isDiscarded(Call))) {
    S.retire(Result, Entities);
    S.Values[Call] = Row.Key == 0 && Call->getType()->isPointerType()
                         ? Key
                         : Value::ref(Result);
    Taking(S, Key);
    return one(std::move(S));
  }
  States Out = W.split(std::move(S), Call, Result, Success, Failure);
  Taking(Out.front(), Row.Key < 0 ? Value::ref(Result) : Key);
  return Out;
}

void HoldCalls::take(State &S, const CallExpr *Call, const ResourceRow &Row,
                     Place Key) {
  if (Row.Kind == ResourceKind::Lock)
    for (const auto &[Other, H] : S.Resources)
      if (rowOf(H) && rowOf(H)->Kind == ResourceKind::Lock &&
          Other.second == Key && !(Row.Shared && rowOf(H)->Shared) &&
          Row.When == Taken::Always)
        remarkLock(RemarkKind::LockTwice, Call, H.At);
  // What is in a list may be given back by whoever walks the list, and what has
  // a work by that.
  if (Row.Kind == ResourceKind::Entry || Row.Kind == ResourceKind::Work ||
      Row.Around)
    escape(S, Key.Id);
  // No device has the interrupt 0.
  if (Row.Kind == ResourceKind::Interrupt && Key.Offset == 0)
    S.restrict(Key.Id, Positive, Entities);
  S.Resources[{nextShare(S, Call, Row, Key), Key}] = {
      &Row, Call, Row.Kind == ResourceKind::Lock};
  S.GivenBack.erase({Row.Group, Key});
  S.GivenBack.erase({Row.Group | Untouched, Key});
  S.MayBeGiven.erase({Row.Group, Key});
}

//===-- Locks -------------------------------------------------------------===//

void HoldCalls::remarkLock(RemarkKind Kind, const Expr *At, const Expr *Taken) {
  if (!Said.insert({unsigned(Kind), At}).second)
    return;
  Remark R{Kind, At->getExprLoc(), nullptr, nullptr, Root, At, {}};
  if (Taken && Taken != At)
    R.Notes.push_back({Kind == RemarkKind::SleepsInHandler
                           ? RemarkNote::SetHere
                           : RemarkNote::TakenHere,
                       Taken->getExprLoc()});
  Facts.Locks.push_back(R);
}

/// The bit of gfp_t that lets an allocation sleep (__GFP_DIRECT_RECLAIM).
static constexpr uint64_t DirectReclaim = 0x400;

/// True where an allocation with \p Flags may sleep, whichever they are.
static bool letSleep(const Expr *Flags, const ASTContext &Ctx) {
  Flags = Flags->IgnoreParenImpCasts();
  if (const auto *Choice = dyn_cast<ConditionalOperator>(Flags))
    return letSleep(Choice->getTrueExpr(), Ctx) &&
           letSleep(Choice->getFalseExpr(), Ctx);
  Expr::EvalResult R;
  return Flags->EvaluateAsInt(R, Ctx) &&
         (R.Val.getInt().getZExtValue() & DirectReclaim);
}

void HoldCalls::noteSleep(State &S, const CallExpr *Call) {
  const FunctionDecl *F = Call->getDirectCallee();
  Sleeps How = F ? mayItSleep(F->getName()) : Sleeps::No;
  if (How == Sleeps::No)
    return;
  if (How == Sleeps::ByFlags) {
    const Expr *Flags =
        Call->getNumArgs() ? Call->getArg(Call->getNumArgs() - 1) : nullptr;
    if (!Flags || !letSleep(Flags, Model.Ctx))
      return;
  }
  bool Spins = false;
  for (const auto &[Key, H] : S.Resources)
    if (Key.second.Id && rowOf(H) && rowOf(H)->Spins) {
      remarkLock(RemarkKind::SleepsLocked, Call, H.At);
      Spins = true;
    }
  if (HandlerOf && !Spins && How != Sleeps::InProcess)
    remarkLock(RemarkKind::SleepsInHandler, Call, HandlerOf);
}

//===-- What is not shown -------------------------------------------------===//

/// True for a parameter that points to what the function may write to.
static bool isWritable(const ParmVarDecl *P) {
  return P->getType()->isPointerType() &&
         !P->getType()->getPointeeType().isConstQualified();
}

/// \p Out may be an out-parameter of \p Call.
void HoldCalls::writeOut(State &S, const CallExpr *Call, const Value &Out) {
  llvm::SmallVector<Place, 4> Inside;
  for (const auto &[P, Old] : S.Store)
    if (P.Id == Out.Id && (isLocal(Out.Id) || P.Offset == Out.Num))
      Inside.push_back(P);
  for (Place P : Inside)
    if (const Value *Old = S.Store.find(P); Old && Old->isRef())
      escape(S, EntityId(Old->Id));
  for (Place P : Inside)
    S.Store[P] = Eval.fresh(Call, P, S);
}

States HoldCalls::execUnknown(const CallExpr *Call, State S) {
  const FunctionDecl *F = Call->getDirectCallee();
  if (F && F->getBuiltinID())
    return execBuiltin(Call, std::move(S));
  touch(S, Call);
  bool Kernel = F && isKernelFunction(F);
  // What it writes to, it keeps no pointer to; but in something else.
  bool Leaves = Kernel && F->getIdentifier() &&
                kernelDeed(F->getName()) == KernelDeed::Looks &&
                llvm::count_if(F->parameters(), isWritable) < 2;
  for (unsigned I = 0; I < Call->getNumArgs(); ++I) {
    const Expr *Arg = Call->getArg(I);
    Value V = Eval.eval(Arg, S);
    if (V.isUnknown() && Arg->getType()->isPointerType())
      S.Elsewhere |= Strayed;
    if (!V.isRef())
      continue;
    bool Looks =
        F &&
        (I >= F->getNumParams() ||
         (Arg->getType()->isPointerType() &&
          F->getParamDecl(I)->getType()->isPointerType() &&
          F->getParamDecl(I)->getType()->getPointeeType().isConstQualified()));
    if (!Looks)
      forgetAnswers(S, V);
    if (!Looks && !Leaves)
      escape(S, V.Id);
    if (!Looks)
      writeOut(S, Call, V);
  }
  // A function of another file may give back whatever there is.
  if (!Kernel) {
    S.Resources.clear();
    S.GivenBack.clear();
    S.MayBeGiven.clear();
    S.Elsewhere |= Uncertain;
  }
  if (std::optional<Value> Answer = answer(Call, S)) {
    S.Values[Call] = *Answer;
    return one(std::move(S));
  }
  QualType Pointee = Call->getType()->isPointerType()
                         ? Call->getType()->getPointeeType()
                         : QualType();
  EntityId Result = Entities.result(Call, Eval.Context, Pointee);
  S.retire(Result, Entities);
  S.Values[Call] = Value::ref(Result);
  return one(std::move(S));
}

/// Adds to \p Out what members of \p Id point to, and members of that.
static void addReached(const State &S, EntityId Id,
                       llvm::DenseSet<EntityId> &Out) {
  for (const auto &[P, V] : S.Store)
    if (P.Id == Id && V.isRef() && V.Num == 0 && Out.insert(V.Id).second)
      addReached(S, V.Id, Out);
}

/// What is cleaned up at the end of a scope is not followed: it may be
/// anything that the scope has taken. A guard gives back what it took.
States HoldCalls::leaveScope(Walker &, const VarDecl *Var,
                             const FunctionDecl *Cleanup, State S) {
  const auto *By = dyn_cast_or_null<CallExpr>(
      Var->hasInit() ? Var->getInit()->IgnoreParenImpCasts() : nullptr);
  const FunctionDecl *F = By ? By->getDirectCallee() : nullptr;
  const ResourceRow *Row =
      F && F->getIdentifier() ? findHolding(F->getName()) : nullptr;
  if (Row && Row->Scoped) {
    S.Resources.eraseIf([&](const auto &Item) { return Item.second.At == By; });
    return one(std::move(S));
  }
  if (const Value *V = S.Store.find({Entities.variable(Var), 0});
      V && V->isRef()) {
    EntityId Id = V->Id;
    // `__free(kfree)`: what else points to it points to nothing from here on.
    bool Frees = Cleanup && Cleanup->getIdentifier() &&
                 givesAtScopeEnd(Cleanup->getName()) &&
                 S.signs(Id, Entities) == Positive;
    // A function of the driver's may give back what is in it, too.
    llvm::DenseSet<EntityId> Within;
    if (!Frees)
      addReached(S, Id, Within);
    llvm::SmallVector<std::pair<std::pair<unsigned, Place>, Held>, 1> Ended;
    S.Resources.eraseIf([&](const auto &Item) {
      if (Item.first.second.Id != Id)
        return Within.contains(Item.first.second.Id);
      if (Frees)
        Ended.push_back(Item);
      return true;
    });
    for (const auto &[Key, H] : Ended)
      S.GivenBack[Key] = H;
  }
  return one(std::move(S));
}

} // namespace vfio
