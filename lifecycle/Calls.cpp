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
// walked with the caller's state. Any other may do what its name suggests.
//
//===----------------------------------------------------------------------===//

#include "lifecycle/ASTVisitor.h"
#include "lifecycle/Walker.h"
#include "clang/Basic/Builtins.h"

using namespace clang;

namespace vfio::flow {

static States one(State S) {
  States Out;
  Out.push_back(std::move(S));
  return Out;
}

/// One path on which \p Result has a sign of \p Success, and one of \p Failure;
/// in this order.
States Walker::split(State S, const CallExpr *Call, EntityId Result,
                     Signs Success, Signs Failure) {
  S.retire(Result, Entities);
  S.Values[Call] = Value::ref(Result);
  States Out;
  for (Signs Way : {Success, Failure}) {
    Out.push_back(S);
    Out.back().Known[Result] = Way;
  }
  return Out;
}

unsigned Walker::contextOf(const CallExpr *Call) {
  unsigned Next = Contexts.size() + 1;
  return Contexts.try_emplace({Eval.Context, Call}, Next).first->second;
}

/// True for functions whose value is that of their first argument.
static bool returnsItsArgument(const FunctionDecl *F) {
  unsigned Builtin = F->getBuiltinID();
  return Builtin == Builtin::BI__builtin_expect ||
         Builtin == Builtin::BI__builtin_expect_with_probability ||
         Builtin == Builtin::BI__builtin_assume_aligned ||
         F->getName() == "__must_check_fn" || F->getName() == "spinlock_check";
}

/// `return dev_err_probe(dev, ret, "...")` says something, and returns ret.
static bool returnsItsError(const FunctionDecl *F) {
  return F->getName() == "dev_err_probe" || F->getName() == "dev_warn_probe";
}

/// Reads the arguments other than the one at \p Index: `f(x->size, &counter)`
/// is a use of x.
void Walker::readOthers(const CallExpr *Call, int Index, State &S) {
  for (unsigned I = 0; I < Call->getNumArgs(); ++I)
    if (int(I) != Index)
      Eval.eval(Call->getArg(I), S);
}

States Walker::execCall(const CallExpr *Call, State S) {
  const FunctionDecl *F = Call->getDirectCallee();
  if (!F) {
    // Through a pointer that is known to hold a function of ours.
    Value Callee = Eval.eval(Call->getCallee(), S);
    F = Callee.isRef() ? Entities.functionOf(Callee.Id) : nullptr;
  }
  if (!F || !F->getIdentifier())
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
  if (!Definition && (R.At.P == Part::Init || R.At.P == Part::Release))
    if (const ResourceRow *Row = R.Own.find(F))
      return execOwn(Call, *Row, std::move(S));
  if (!Definition || !isWorthInlining(Definition))
    return execUnknown(Call, std::move(S));
  llvm::SmallVector<Value, 4> Args;
  for (const Expr *Arg : Call->arguments())
    Args.push_back(Eval.eval(Arg, S));
  return execInline(Call, Definition, Args, std::move(S));
}

//===-- Functions with a role ---------------------------------------------===//

/// \p V as a condition on its sign.
static Value askSign(const Value &V, Signs True) {
  if (V.isNumber())
    return Value::number((signOf(V.Num) & True) != 0);
  if (V.isRef())
    return Value::condition(V.Id, True, AnySign & ~True);
  return {};
}

States Walker::execApi(const CallExpr *Call, const ApiFunction &Api, State S) {
  Value Subject =
      Api.Subject >= 0 ? Eval.eval(Call->getArg(Api.Subject), S) : Value();
  switch (Api.Kind) {
  case Role::AllocDevice:
  case Role::Allocate:
  case Role::DevmAllocate:
    return execAllocation(Call, Api, std::move(S));
  case Role::Register:
  case Role::PciRegister:
    return execRegister(Call, Subject, std::move(S));
  case Role::InitDevice: {
    EntityId Result = Entities.result(Call, Eval.Context, QualType());
    States Out = split(std::move(S), Call, Result, Zero, Negative);
    R.initDevice(Out.front(), Call, Subject);
    return Out;
  }
  case Role::InitGroupDev:
  case Role::PciInitDevice:
    R.oldInit(S, Call, Subject);
    break;
  case Role::UninitGroupDev:
  case Role::PciUninitDevice:
    R.oldUninit(S, Call, Subject);
    break;
  case Role::PutDevice:
    R.put(S, Call, Subject);
    break;
  case Role::FreeDevice:
    R.freeByCore(S, Call, Subject);
    break;
  case Role::PciReleaseDev:
    R.releasePci(S, Call, Subject);
    break;
  case Role::PciInitDev: {
    if (Object *O = Subject.isRef() ? S.Objects.find(Subject.Id) : nullptr)
      O->happen(Event::Initialised, Call);
    EntityId Result = Entities.result(Call, Eval.Context, QualType());
    S.retire(Result, Entities);
    S.Known[Result] = Negative | Zero;
    S.Values[Call] = Value::ref(Result);
    break;
  }
  case Role::Unregister:
  case Role::PciUnregister:
    R.unregister(S, Call, Subject);
    // What was unregistered is there: a later test against NULL is idle.
    if (Object *O = Subject.isRef() ? S.Objects.find(Subject.Id) : nullptr;
        O && !O->has(Object::Failed) && S.signs(Subject, Entities) & Positive)
      S.restrict(Subject.Id, Positive, Entities);
    break;
  case Role::Free:
  case Role::DevmFree:
    R.freeMemory(S, Call, Api, Subject);
    break;
  case Role::GetDrvdata: {
    Value V = fetchDrvdata(Call, Call->getArg(Api.Device), S);
    S.Values[Call] = V;
    break;
  }
  case Role::SetDrvdata:
    if (std::optional<Place> P = drvdataPlace(Call->getArg(Api.Device), S))
      Eval.store(*P, Subject, S);
    break;
  case Role::IsErr:
    S.Values[Call] = askSign(Subject, Negative);
    break;
  case Role::IsErrOrNull:
    S.Values[Call] = askSign(Subject, Negative | Zero);
    break;
  case Role::PtrErr:
    R.askedForError(S, Call, Subject);
    [[fallthrough]];
  case Role::ErrPtr:
  case Role::ErrCast:
    S.Values[Call] = Subject.isRef() ? Value::ref(Subject.Id) : Subject;
    break;
  case Role::PtrErrOrZero: {
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
  return one(std::move(S));
}

States Walker::execAllocation(const CallExpr *Call, const ApiFunction &Api,
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
      split(std::move(S), Call, Id, Positive, ErrorPtr ? Negative : Zero);
  R.allocated(Out[0], Call, Api, Id, true);
  R.allocated(Out[1], Call, Api, Id, false);
  return Out;
}

States Walker::execRegister(const CallExpr *Call, const Value &Subject,
                            State S) {
  R.beforeRegister(S, Call, Subject);
  EntityId Result = Entities.result(Call, Eval.Context, QualType());
  States Out = split(std::move(S), Call, Result, Zero, Negative);
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

States Walker::execResource(const CallExpr *Call, const ResourceRow &Row,
                            State S) {
  EntityId Result = Entities.result(Call, Eval.Context, QualType());
  Value Key =
      Row.Key < 0 ? Value::ref(Result) : Eval.eval(Call->getArg(Row.Key), S);
  S.Values[Call] = Row.Key == 0 && Call->getType()->isPointerType()
                       ? Key
                       : Value::ref(Result);
  S.retire(Result, Entities);
  if (Key.isRef())
    Entities.noteSubject(Result, Key.Id);
  if (Row.Key >= 0 && Row.Kind == ResourceKind::Reference &&
      isCoreReference(Call->getArg(Row.Key))) {
    // Core's own count. Taking a reference leaves the rest unknown.
    if (Row.Gives)
      R.put(S, Call, Value::ref(Key.Id));
    else if (Object *O = S.Objects.find(Key.Id))
      O->set(Object::Kept | Object::Reported);
    return one(std::move(S));
  }
  if (!Key.isRef())
    return one(std::move(S));
  R.accessed(S, Key.Id, Call);
  // The last share of a structure with a kref of its own may end what is in it.
  if (Row.Gives && Call->getNumArgs() > 1 &&
      Row.Kind == ResourceKind::Reference)
    R.passedOutside(S, Call, Key);
  Place P{Key.Id, Key.Num};
  if (Row.Gives && (!Row.Takes || S.Resources.find({Row.Group, P}))) {
    R.give(S, Call, Row, P);
    return one(std::move(S));
  }
  return takeBy(Call, Row, Result, P, std::move(S));
}

/// A function of the driver's own pairs: it may do anything besides.
States Walker::execOwn(const CallExpr *Call, const ResourceRow &Row, State S) {
  Value Key = Row.Key < 0 ? Value() : Eval.eval(Call->getArg(Row.Key), S);
  if (Row.Gives) {
    if (Key.isRef())
      R.give(S, Call, Row, {Key.Id, Key.Num});
    return execUnknown(Call, std::move(S));
  }
  States Out;
  for (State &After : execUnknown(Call, std::move(S))) {
    Value Result = After.Values[Call];
    Value Stands = Row.Key < 0 ? Result : Key;
    if (Result.isRef() && Stands.isRef())
      for (State &Way : takeBy(Call, Row, Result.Id, {Stands.Id, Stands.Num},
                               std::move(After)))
        Out.push_back(std::move(Way));
    else
      Out.push_back(std::move(After));
  }
  return Out;
}

/// The ways in which \p Call, whose result is \p Result, takes what \p P
/// stands for, and does not.
States Walker::takeBy(const CallExpr *Call, const ResourceRow &Row,
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
  States Out = split(std::move(S), Call, Result, Success, Failure);
  R.take(Out.front(), Call, Row, P);
  return Out;
}

//===-- drvdata -----------------------------------------------------------===//

/// Bits from the start of a \p R to its `struct device dev`.
static std::optional<int64_t> offsetOfDevice(const RecordDecl *R,
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

std::optional<Place> Walker::drvdataPlace(const Expr *Device, State &S) {
  Value V = Eval.eval(Device, S);
  std::optional<int64_t> Offset =
      offsetOfDevice(pointeeRecord(Device->getType()), Model.Ctx);
  if (!V.isRef() || !Offset)
    return std::nullopt;
  return Place{V.Id, V.Num + *Offset + DrvdataSlot};
}

Value Walker::fetchDrvdata(const CallExpr *Call, const Expr *Device, State &S) {
  std::optional<Place> P = drvdataPlace(Device, S);
  if (!P)
    return Value::ref(Entities.result(Call, Eval.Context, QualType()));
  if (const Value *V = S.Store.find(*P))
    return *V;
  EntityId Id = Entities.loaded(*P, Call->getType()->getPointeeType());
  // Of the bus device that the root function was called for.
  const Entity &Bus = Entities[P->Id];
  const VarDecl *Param =
      Bus.K == Entity::Loaded ? Entities.variableOf(Bus.From.Id) : nullptr;
  if (Param && isa<ParmVarDecl>(Param) && Param->getDeclContext() == R.At.F &&
      Bus.From.Offset == 0)
    R.fetched(S, Id);
  return Value::ref(Id);
}

/// Notes in \p S what the devm action \p F, which \p Call has added, will do to
/// the device at \p Data: that it surely puts it, that it may unregister it.
void Walker::noteDeedsOfAction(const CallExpr *Call, const FunctionDecl *F,
                               const Value &Data, State &S) {
  if (!isWorthInlining(F) || R.Trying)
    return;
  unsigned GivenOut = R.GivenOut;
  R.Trying = true;
  States Ends = execInline(Call, F, {Data}, S);
  R.Trying = false;
  Object &O = *S.Objects.find(Data.Id);
  // What a function of another file does there is not known.
  bool Puts = !Ends.empty(), Unregisters = R.GivenOut != GivenOut;
  for (const State &End : Ends) {
    const Object *Then = End.Objects.find(Data.Id);
    Puts &= Then && Then->at(Event::Put) && !O.at(Event::Put);
    Unregisters |= !Then ||
                   Then->at(Event::Unregistered) != O.at(Event::Unregistered) ||
                   (End.Elsewhere & 1u << unsigned(Event::Unregistered));
  }
  if (Puts)
    O.happen(Event::PutByAction, Call);
  if (Unregisters)
    O.happen(Event::UnregisteredByAction, Call);
}

States Walker::execDevmAction(const CallExpr *Call, const ApiFunction &Api,
                              State S) {
  Value Data = Eval.eval(Call->getArg(Api.Subject), S);
  Value Callback =
      Call->getNumArgs() > 1 ? Eval.eval(Call->getArg(1), S) : Value();
  const FunctionDecl *F =
      Callback.isRef() ? Graphs.definition(Entities.functionOf(Callback.Id))
                       : nullptr;
  EntityId Result = Entities.result(Call, Eval.Context, QualType());
  States Out = split(std::move(S), Call, Result, Zero, Negative);
  if (Object *O = Data.isRef() ? Out[0].Objects.find(Data.Id) : nullptr)
    if (!F || Graphs.matters(F)) {
      bool Device = R.isDevice(*O, Data.Id);
      O->set(Device ? Object::DevmOwned : Object::Kept);
      if (F && Device)
        noteDeedsOfAction(Call, F, Data, Out[0]);
    }
  if (Api.Kind != Role::DevmActionOrReset || !F || !isWorthInlining(F)) {
    if (Api.Kind == Role::DevmActionOrReset)
      if (Object *O = Data.isRef() ? Out[1].Objects.find(Data.Id) : nullptr)
        O->set(Object::Kept);
    return Out;
  }
  State Failed = std::move(Out.back());
  Out.pop_back();
  Value Error = Value::ref(Result);
  for (State &After : execInline(Call, F, {Data}, std::move(Failed))) {
    After.Values[Call] = Error;
    Out.push_back(std::move(After));
  }
  return Out;
}

//===-- Functions of this TU ----------------------------------------------===//

bool Walker::isWorthInlining(const FunctionDecl *F) {
  if (Active.size() >= Limits.Depth ||
      llvm::is_contained(Active, F->getCanonicalDecl()) || F->isVariadic())
    return false;
  if (Graphs.matters(F->getCanonicalDecl()))
    return true;
  const FlowGraph *G = Graphs.graph(F);
  return G && G->Order.size() <= 40;
}

States Walker::execInline(const CallExpr *Call, const FunctionDecl *F,
                          llvm::ArrayRef<Value> Args, State S) {
  unsigned Outer = Eval.Context;
  unsigned Inner = contextOf(Call);
  for (unsigned I = 0; I < F->getNumParams(); ++I) {
    const ParmVarDecl *Param = F->getParamDecl(I);
    Place P{Entities.variable(Param), 0};
    Value V = I < Args.size() ? Args[I] : Value();
    if (V.isUnknown())
      V = Value::ref(Entities.fresh(Param, Inner, P));
    S.Store[P] = V;
  }
  auto Values = std::move(S.Values);
  auto Choices = std::move(S.Choices);
  S.Values.clear();
  S.Choices.clear();
  Value Return = S.Return;
  const ReturnStmt *ReturnedAt = S.ReturnedAt;
  S.Return = Value();
  S.ReturnedAt = nullptr;

  Eval.Context = Inner;
  R.Stack.push_back(Call);
  States Out = walk(F, std::move(S));
  R.Stack.pop_back();
  Eval.Context = Outer;

  for (State &End : Out) {
    Value V = End.Return;
    if (V.isUnknown() && Call && !Call->getType()->isVoidType())
      V = Value::ref(Entities.result(Call, Outer, QualType()));
    End.Store.eraseIf([&](const auto &Item) {
      const VarDecl *Var = Entities.variableOf(Item.first.Id);
      return Var && Var->getDeclContext() == F && !Var->hasGlobalStorage();
    });
    R.leftHelper(End, F);
    End.Values = Values;
    End.Choices = Choices;
    End.Return = Return;
    End.ReturnedAt = ReturnedAt;
    if (Call)
      End.Values[Call] = V;
  }
  return Out;
}

//===-- Functions of other files ------------------------------------------===//

namespace {
/// The variables that an expression mentions.
struct MentionedVars : ASTVisitor<MentionedVars> {
  llvm::SmallVector<const VarDecl *, 4> Vars;
  bool VisitDeclRefExpr(DeclRefExpr *Ref) {
    if (const auto *Var = dyn_cast<VarDecl>(Ref->getDecl()))
      Vars.push_back(Var);
    return true;
  }
};
} // namespace

void Walker::giveToOutside(const CallExpr *Call, const Expr *Arg,
                           const Value &V, State &S) {
  const FunctionDecl *F = Call->getDirectCallee();
  bool Looks = F && OutsideKnowledge::onlyLooks(F);
  if (V.isUnknown()) {
    // A compound literal and the like: whatever it is made of goes along.
    MentionedVars M;
    M.TraverseStmt(const_cast<Expr *>(Arg));
    for (const VarDecl *Var : M.Vars)
      if (const Value *Inner = S.Store.find({Entities.variable(Var), 0}))
        R.passedOutside(S, Call, Value(*Inner));
    return;
  }
  if (!V.isRef())
    return;
  bool Local = Entities.variableOf(V.Id) != nullptr;
  if (!Local)
    R.passedOutside(S, Call, V);
  if (Looks)
    return;
  if (!F || !F->isVariadic())
    R.consulted(S, V);
  llvm::SmallVector<std::pair<Place, Value>, 8> Inside;
  for (const auto &[P, Stored] : S.Store)
    if (P.Id == V.Id)
      Inside.push_back({P, Stored});
  for (const auto &[P, Old] : Inside) {
    R.consulted(S, Old);
    bool Tracked = Old.isRef() && S.Objects.find(Old.Id);
    if (Local && Tracked)
      R.passedOutside(S, Call, Old);
    // An out-parameter: read, and written over.
    if (!Local && Tracked)
      continue;
    S.Store[P] = Eval.fresh(Call, P, S);
  }
}

/// True for functions that take something out of a list, or move it.
static bool changesLists(const FunctionDecl *F) {
  llvm::StringRef Name = F->getName();
  return Name.starts_with("list_") || Name.starts_with("__list_") ||
         Name.starts_with("hlist_") || Name.starts_with("rb_erase");
}

/// What led to the structure that \p Item points into leads elsewhere now.
void Walker::unlink(const CallExpr *Call, const Value &Item, State &S) {
  if (!Item.isRef() || Entities[Item.Id].K != Entity::Loaded)
    return;
  Place From = Entities[Item.Id].From;
  if (Entities.variableOf(From.Id) || From.Offset >= DrvdataSlot / 2)
    return;
  S.Store[From] = Eval.fresh(Call, From, S);
}

/// True for functions that ask a question and change nothing.
static bool isQuestion(const FunctionDecl *F) {
  if (F->getReturnType()->isVoidType() || F->getReturnType()->isPointerType())
    return false;
  if (F->getReturnType()->isBooleanType())
    return !F->getName().contains("try") && !F->getName().contains("cmpxchg") &&
           !F->getName().contains("_and_");
  llvm::StringRef Name = F->getName();
  return Name.starts_with("is_") || Name.contains("_is_") ||
         Name.starts_with("has_") || Name.contains("_has_") ||
         Name.contains("_supports") || Name.contains("_enabled");
}

/// True for functions that tell what they find in their arguments, though they
/// may change it as well: test_and_clear_bit, atomic_read.
static bool looksUp(const FunctionDecl *F) {
  llvm::StringRef Name = F->getName();
  return F->getReturnType()->isBooleanType() || Name.starts_with("test_") ||
         Name.starts_with("atomic") || Name.starts_with("refcount") ||
         Name.starts_with("arch_test_") || Name.contains("cmpxchg");
}

/// \p Id tells of what \p Args point to.
static void noteSubjects(EntityId Id, llvm::ArrayRef<Value> Args,
                         EntityTable &Entities) {
  for (const Value &Arg : Args)
    if (Arg.isRef())
      Entities.noteSubject(Id, Arg.Id);
}

/// What a small function that is not shown here returns, where its signature
/// leaves no doubt: `to_foo(vdev)`, `foo_dev(x)`, `foo_drvdata(pdev)`.
std::optional<Value> Walker::accessorResult(const CallExpr *Call,
                                            llvm::ArrayRef<Value> Args) {
  const FunctionDecl *F = Call->getDirectCallee();
  if (!F || !F->getIdentifier() || Args.size() != 1 || !Args[0].isRef())
    return std::nullopt;
  const RecordDecl *From = pointeeRecord(Call->getArg(0)->getType());
  const RecordDecl *To = pointeeRecord(F->getReturnType());
  if (!From || !To || From->isInvalidDecl() || To->isInvalidDecl())
    return std::nullopt;
  llvm::StringRef Name = F->getName();
  if (isVfioDevice(From))
    if (DeviceRecord R = findDeviceRecord(To, Model.Ctx);
        R && !R.Several && !R.Path.empty())
      return Value::ref(Args[0].Id, Args[0].Num - R.Offset * 8);
  bool FromDevice = From->getIdentifier() && From->getName() == "device";
  bool ToDevice = To->getIdentifier() && To->getName() == "device";
  if (FromDevice && (Name.starts_with("to_") || Name.contains("_to_")))
    if (std::optional<int64_t> Offset = offsetOfDevice(To, Model.Ctx))
      return Value::ref(Args[0].Id, Args[0].Num - *Offset);
  if (ToDevice && (Name.ends_with("_dev") || Name.ends_with("_to_device")))
    if (std::optional<int64_t> Offset = offsetOfDevice(From, Model.Ctx))
      return Value::ref(Args[0].Id, Args[0].Num + *Offset);
  return std::nullopt;
}

States Walker::execUnknown(const CallExpr *Call, State S) {
  const FunctionDecl *F = Call->getDirectCallee();
  llvm::SmallVector<Value, 4> Args;
  bool AllKnown = true;
  for (const Expr *Arg : Call->arguments()) {
    Args.push_back(Eval.eval(Arg, S));
    AllKnown &= !Args.back().isUnknown();
  }
  if (F && F->getBuiltinID()) {
    Expr::EvalResult Constant;
    S.Values[Call] = Call->EvaluateAsInt(Constant, Model.Ctx)
                         ? Value::number(Constant.Val.getInt().getExtValue())
                         : Value();
    return one(std::move(S));
  }
  // A driver's own accessor in another file.
  if (F && F->getIdentifier() && F->getName().contains("drvdata") &&
      Call->getNumArgs() == 1 && Call->getType()->isPointerType()) {
    Value V = fetchDrvdata(Call, Call->getArg(0), S);
    S.Values[Call] = V;
    return one(std::move(S));
  }
  if (std::optional<Value> V = accessorResult(Call, Args)) {
    S.Values[Call] = *V;
    return one(std::move(S));
  }
  for (unsigned I = 0; I < Args.size(); ++I)
    giveToOutside(Call, Call->getArg(I), Args[I], S);
  if (F && F->getIdentifier() && changesLists(F))
    for (const Value &Arg : Args)
      unlink(Call, Arg, S);
  R.calledOutside(Call);
  if (F && F->getIdentifier() && AllKnown && isQuestion(F)) {
    EntityId Answer = Entities.pure(F, Args);
    noteSubjects(Answer, Args, Entities);
    S.Values[Call] = Value::ref(Answer);
    return one(std::move(S));
  }
  QualType Pointee = Call->getType()->isPointerType()
                         ? Call->getType()->getPointeeType()
                         : QualType();
  EntityId Result = Entities.result(Call, Eval.Context, Pointee);
  S.retire(Result, Entities);
  if (F && F->getIdentifier() && looksUp(F))
    noteSubjects(Result, Args, Entities);
  S.Values[Call] = Value::ref(Result);
  return one(std::move(S));
}

//===-- Scope-based cleanup -----------------------------------------------===//

void Walker::freeThroughCleanup(const VarDecl *Var, llvm::StringRef Name,
                                State &S) {
  const ApiFunction *Api = findApi(Name);
  const Value *Held = S.Store.find({Entities.variable(Var), 0});
  if (!Api || !isFree(Api->Kind) || !Held || !Var->getInit())
    return;
  Value V = *Held;
  // These look whether there is something to free.
  if (!(S.signs(V, Entities) & Positive))
    return;
  R.freeMemory(S, Var->getInit(), *Api, V);
}

/// What \p Var points to is in the hands of a function that is not shown.
void Walker::keepThroughCleanup(const VarDecl *Var, State &S) {
  const Value *Held = S.Store.find({Entities.variable(Var), 0});
  if (Object *O = Held && Held->isRef() ? S.Objects.find(Held->Id) : nullptr)
    O->set(Object::Kept);
}

States Walker::execCleanup(const VarDecl *Var, const FunctionDecl *F, State S) {
  llvm::StringRef Name = F && F->getIdentifier() ? F->getName() : "";
  Name.consume_front("__free_");
  if (const ApiFunction *Api = findApi(Name); Api && isFree(Api->Kind)) {
    freeThroughCleanup(Var, Name, S);
    return one(std::move(S));
  }
  const FunctionDecl *Definition = F ? Graphs.definition(F) : nullptr;
  if (Definition && isWorthInlining(Definition))
    return execInline(nullptr, Definition, {Value::ref(Entities.variable(Var))},
                      std::move(S));
  keepThroughCleanup(Var, S);
  return one(std::move(S));
}

} // namespace vfio::flow
