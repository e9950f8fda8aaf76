//===- HoldCalls.cpp - Calls that take and give back ----------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "contracts/Carriers.h"
#include "contracts/KernelTable.h"
#include "lifecycle/Answers.h"
#include "lifecycle/Calls.h"
#include "lifecycle/HoldCalls.h"
#include "lifecycle/LoneStatements.h"
#include "llvm/ADT/Hashing.h"

using namespace clang;
using namespace engine;

namespace vfio {

bool HoldCalls::isLocal(EntityId Id) const {
  const VarDecl *Var = Entities.variableOf(Id);
  return Var && !Var->hasGlobalStorage();
}

bool HoldCalls::isDiscarded(const CallExpr *Call) {
  if (!std::exchange(LookedForDiscarded, true)) {
    LoneStatements Lone;
    for (const FunctionDecl *F : Model.Functions)
      Lone.TraverseStmt(F->getBody());
    for (const Stmt *S : Lone.All)
      if (const auto *E = dyn_cast<Expr>(S))
        Discarded.insert(E->IgnoreParenCasts());
  }
  return Discarded.contains(Call);
}

/// What \p Id is may be kept by somebody, who gives it back.
void HoldCalls::escape(State &S, EntityId Id) {
  S.Resources.eraseIf([&](const auto &Item) {
    const ResourceRow *Row = rowOf(Item.second);
    return Item.first.second.Id == Id &&
           (!Row ||
            // Functions of the kernel take these over from a caller.
            (Row->Kind == ResourceKind::Reference &&
             Row->Of != GroupOf::Process) ||
            Row->Kind == ResourceKind::Page ||
            Row->Kind == ResourceKind::Mapping);
  });
}

/// Somebody else has \p Array now, and what is in it.
void HoldCalls::handOver(State &S, const Value &Array) {
  if (!Array.isRef())
    return;
  for (const auto &[P, V] : std::as_const(S.Store))
    if (P.Id == Array.Id && V.isRef())
      escape(S, V.Id);
  escape(S, Array.Id);
}

/// `kfree(free_irq(irq, x))`: what gives something back returns what that kept.
/// Which memory that is, is not known.
void HoldCalls::freeReturned(State &S, const Value &Freed) {
  if (!Freed.isRef() || Entities[Freed.Id].K != Entity::Result)
    return;
  const auto *Call = dyn_cast_or_null<CallExpr>(
      static_cast<const Stmt *>(Entities[Freed.Id].Origin));
  const FunctionDecl *F = Call ? Call->getDirectCallee() : nullptr;
  const ResourceRow *Row =
      F && F->getIdentifier() ? findHolding(F->getName()) : nullptr;
  if (Row && Row->Gives)
    S.Resources.eraseIf(
        [](const auto &Item) { return Item.first.first == MemoryGroup; });
}

void HoldCalls::stored(State &S, Place P, const Value &V) {
  forgetAnswers(S, Value::ref(P.Id, P.Offset));
  if (!V.isRef() || isLocal(P.Id) || (S.Elsewhere & Uncertain))
    return;
  // A member of the structure that the callback is about keeps it; anything
  // else may belong to somebody who gives it back.
  EntityId Base = P.Id;
  // An element that the index does not tell is its array's.
  while (Entities[Base].K == Entity::Derived && !Entities[Base].Parts.empty())
    Base = Entities[Base].Parts.front();
  const Entity &E = Entities[Base];
  bool Global = Entities.variableOf(Base) != nullptr;
  bool OfParam = E.K == Entity::Loaded && Entities.variableOf(E.From.Id);
  bool Made = E.K == Entity::Result;
  // Something that outlives the function has it, under a name that may be lost.
  const auto &Taken = std::as_const(S.Resources);
  bool Own = Made && Base == P.Id && Taken.find({MemoryGroup, Place{Base, 0}});
  if (!Own && llvm::any_of(Taken, [&](const auto &Item) {
        return Item.first.second.Id == V.Id;
      }))
    S.Objects[V.Id].set(Object::Escaped);
  const RecordDecl *Of = E.Type.isNull() ? nullptr : E.Type->getAsRecordDecl();
  if (!P.Id || (Of && Of->getIdentifier() && isCarrier(Of->getName())) ||
      (Global && When != Stage::ModuleInit && When != Stage::ModuleExit) ||
      !(Global || OfParam || Made))
    escape(S, V.Id);
}

/// What \p Arg is, for a question; a text is what it says.
static Value askedOf(const Expr *Arg, Evaluator &Eval, State &S) {
  if (const auto *Text = dyn_cast<StringLiteral>(Arg->IgnoreParenImpCasts()))
    return Value::number(int64_t(llvm::hash_value(Text->getBytes())));
  return Eval.eval(Arg, S);
}

/// The answer of \p Call, a question of the kernel, where the same question
/// has the same one until something is written there; nothing for other calls.
std::optional<Value> HoldCalls::answer(const CallExpr *Call, State &S) {
  const FunctionDecl *F = Call->getDirectCallee();
  if (!F || !F->getIdentifier() || !isKernelFunction(F) || !isQuestion(F) ||
      !Call->getNumArgs())
    return std::nullopt;
  // What was put into a list here is in it.
  if (kernelDeed(F->getName()) == KernelDeed::AsksEmpty)
    if (Value V = Eval.eval(Call->getArg(0), S);
        V.isRef() && llvm::any_of(std::as_const(S.Resources), [&](auto &Item) {
          return rowOf(Item.second) &&
                 rowOf(Item.second)->Kind == ResourceKind::Entry &&
                 Item.first.second == Place{V.Id, V.Num};
        }))
      return Value::number(0);
  llvm::SmallVector<Value, 4> Args;
  for (const Expr *Arg : Call->arguments()) {
    Args.push_back(askedOf(Arg, Eval, S));
    if (Args.back().isUnknown())
      return std::nullopt;
  }
  EntityId Id = Entities.pure(F, Args);
  for (const Value &V : Args)
    if (V.isRef())
      if (auto &Known = Answers[{V.Id, V.Num}]; !llvm::is_contained(Known, Id))
        Known.push_back(Id);
  return Value::ref(Id);
}

/// What stands where \p Written points to may be something else now. Of a
/// whole object, what is asked are things that seldom change.
void HoldCalls::forgetAnswers(State &S, const Value &Written) {
  if (!Written.isRef() || Answers.empty() ||
      (Written.Num == 0 && !Entities.variableOf(Written.Id)))
    return;
  if (auto It = Answers.find({Written.Id, Written.Num}); It != Answers.end())
    S.retire(It->second, Entities);
}

/// True where \p Id is made of what the driver keeps in its structures, and by
/// what this walk has no way to compute.
bool HoldCalls::isLostBook(EntityId Id) const {
  auto IsKept = [&](const Entity &E) {
    return (E.K == Entity::Fresh || E.K == Entity::Loaded) && E.From.Id &&
           E.From.isMemory() && !isLocal(E.From.Id);
  };
  bool Kept = false, Lost = false, Returned = false;
  auto Look = [&](EntityId Part) {
    const Entity &E = Entities[Part];
    Kept |= IsKept(E);
    Returned |= E.K == Entity::Result;
    Lost |=
        IsKept(E) && ((E.K == Entity::Fresh && E.By == Entity::Form::Other) ||
                      Entities[E.From.Id].K == Entity::Derived);
    Lost |= E.K == Entity::Derived && E.By == Entity::Form::Other;
  };
  Look(Id);
  for (EntityId Part : Entities[Id].Parts)
    Look(Part);
  return Kept && Lost && !Returned;
}

/// True where \p Item is a share of what turned out to be nothing.
bool HoldCalls::isOfNull(
    const State &S,
    const std::pair<std::pair<unsigned, Place>, Held> &Item) const {
  const ResourceRow *Row = rowOf(Item.second);
  return Row && Row->Kind == ResourceKind::Reference && Row->Key >= 0 &&
         S.signs(Item.first.second.Id, Entities) == Zero;
}

/// `if (ret) { kfree(p); return ret; }` and `if (ret < 0) return ret;`: what
/// the kernel's function answers is 0 or an error, and there is no way past
/// both.
void HoldCalls::distrustPositive(State &S) const {
  auto IsMark = [](const auto &Item) { return isUntouched(Item.first.first); };
  if (llvm::none_of(std::as_const(S.GivenBack), IsMark))
    return;
  for (const auto &[Id, Can] : std::as_const(S.Known)) {
    const Entity &E = Entities[Id];
    bool IsAnswer = (E.K == Entity::Result || E.K == Entity::Fresh) && !E.Made;
    if (Can == Positive && IsAnswer &&
        (E.Type.isNull() || E.Type->isSignedIntegerType())) {
      S.GivenBack.eraseIf(IsMark);
      return;
    }
  }
}

void HoldCalls::guessed(State &S, const Value &V, const Expr *Condition) {
  if (S.Elsewhere & Uncertain)
    return;
  // `x->dev = get_device(dev); if (!x->dev)`: that took nothing.
  if (llvm::any_of(std::as_const(S.Resources),
                   [&](const auto &Item) { return isOfNull(S, Item); }))
    S.Resources.eraseIf([&](const auto &Item) { return isOfNull(S, Item); });
  distrustPositive(S);
  if (V.Id && !S.Resources.empty() && isLostBook(V.Id))
    S.Guesses[Condition] = {};
  auto IsRead = [&](EntityId Id) {
    return Entities[Id].K == Entity::Loaded && !isLocal(Entities[Id].From.Id);
  };
  // The driver keeps books in what it reads there: `if (x->up & IRQ_UP)`.
  if (!V.Id || !(IsRead(V.Id) || (Entities[V.Id].K == Entity::Derived &&
                                  llvm::any_of(Entities[V.Id].Parts, IsRead))))
    return;
  // They may say that what was given back before is not to be again.
  S.GivenBack.eraseIf(
      [](const auto &Item) { return isUntouched(Item.first.first); });
  if (When == Stage::Open || When == Stage::Probe || When == Stage::Init ||
      When == Stage::ModuleInit)
    S.Elsewhere |= Guessed;
}

/// The member that is the lock which \p Call has taken.
static const FieldDecl *lockedMember(const CallExpr *Call,
                                     const ResourceRow &Row) {
  const Expr *Arg = strip(Call->getArg(Row.Key));
  if (const auto *Check = dyn_cast<CallExpr>(Arg); Check && Check->getNumArgs())
    Arg = strip(Check->getArg(0));
  const auto *UO = dyn_cast<UnaryOperator>(Arg);
  const auto *M =
      UO ? dyn_cast<MemberExpr>(UO->getSubExpr()->IgnoreParens()) : nullptr;
  const auto *Field = M ? dyn_cast<FieldDecl>(M->getMemberDecl()) : nullptr;
  return Field ? Field->getCanonicalDecl() : nullptr;
}

static bool isIn(SourceLocation Where, const FunctionDecl *F,
                 const SourceManager &SM) {
  Where = SM.getExpansionLoc(Where);
  return !SM.isBeforeInTranslationUnit(Where, F->getBeginLoc()) &&
         !SM.isBeforeInTranslationUnit(F->getEndLoc(), Where);
}

void HoldCalls::returning(State &S, const FunctionDecl *F) {
  bool Holds = false;
  for (const auto &[Key, H] : std::as_const(S.Resources)) {
    const ResourceRow *Row = rowOf(H);
    if (!Key.second.Id || !Row || Row->Kind != ResourceKind::Lock ||
        Row->Scoped ||
        !isIn(H.At->getExprLoc(), F, Model.Ctx.getSourceManager()))
      continue;
    Holds = true;
    HoldFacts::LockedReturn Now{F, cast<CallExpr>(H.At), S.ReturnedAt,
                                returnsError(S, F, Entities)};
    if (llvm::none_of(
            Facts.LockedReturns, [&](const HoldFacts::LockedReturn &Old) {
              return Old.Lock == Now.Lock && Old.Return == Now.Return &&
                     Old.Fails == Now.Fails;
            }))
      Facts.LockedReturns.push_back(Now);
  }
  if (!Holds)
    Facts.FreeReturns.insert({F, S.ReturnedAt});
}

void HoldCalls::accessed(State &S, EntityId Id, const Expr *At) {
  // What was followed is a pointer to something.
  S.restrict(Id, Positive, Entities);
  S.GivenBack.eraseIf([&](const auto &Item) {
    return isUntouched(Item.first.first) && Item.first.second.Id == Id;
  });
  const auto *M = dyn_cast<MemberExpr>(At->IgnoreParens());
  const auto *Field = M ? dyn_cast<FieldDecl>(M->getMemberDecl()) : nullptr;
  // Of a structure that was made here, nobody else knows; and a function of
  // another file may have taken or given back any lock.
  if (!Field || !Model.isDriverFile(Field->getLocation()) ||
      Entities[Id].K == Entity::Result ||
      (S.Elsewhere & (Uncertain | LocksUncertain)))
    return;
  HoldFacts::Access A{
      M, Root, When, {}, Eval.Context, Stack.empty() ? nullptr : Stack.front()};
  for (const auto &[Key, H] : S.Resources)
    if (rowOf(H) && rowOf(H)->Kind == ResourceKind::Lock && Key.second.Id == Id)
      if (const FieldDecl *Lock = lockedMember(cast<CallExpr>(H.At), *rowOf(H)))
        A.Locks.push_back(Lock);
  llvm::sort(A.Locks);
  const FieldDecl *First = A.Locks.empty() ? nullptr : A.Locks.front();
  if (Noted.insert({M, Root, First, Eval.Context}).second)
    Facts.Accesses.push_back(std::move(A));
}

//===-- What works on memory as a whole -----------------------------------===//

/// A driver may ask its parent's driver data, and ask it again.
States HoldCalls::execDrvdata(const CallExpr *Call, const ApiFunction &Api,
                              const Value &Subject, State S) {
  std::optional<Place> P =
      flow::drvdataPlace(Call->getArg(Api.Device), Eval, Model.Ctx, S);
  if (!P || (Api.Kind == Role::SetDrvdata && Subject.isUnknown()))
    return execUnknown(Call, std::move(S));
  if (Api.Kind == Role::GetDrvdata) {
    Value V = Eval.load(*P, Call->getType(), S);
    S.Values[Call] = V;
    return flow::one(std::move(S));
  }
  if (Subject.isRef())
    escape(S, Subject.Id);
  Eval.store(*P, Subject, S);
  return flow::one(std::move(S));
}

/// memcpy() and the like of a whole structure are an assignment of it.
void HoldCalls::execMemory(const CallExpr *Call, const MemoryRow &Row,
                           State &S) {
  const Expr *Arg = Call->getArg(0)->IgnoreParenCasts();
  Value To = Eval.eval(Arg, S), Size = Eval.eval(Call->getArg(Row.Size), S);
  if (!To.isRef() || !Size.isNumber() || Size.Num < 0 || Size.Num > 1 << 20)
    return;
  QualType Type = Arg->getType()->getPointeeType();
  Place P{To.Id, To.Num};
  if (Row.From < 0)
    return Eval.clearMemory(P, Size.Num * 8, Type, S);
  Value From = Eval.eval(Call->getArg(Row.From), S);
  if (Row.Copies && From.isRef())
    Eval.copyMemory({From.Id, From.Num}, P, Size.Num * 8, Type, S);
  else if (!Row.Copies && From == Value::number(0))
    Eval.clearMemory(P, Size.Num * 8, Type, S);
}

/// The place of the member \p Name of the \p R at \p Base; none where it has no
/// such.
static std::optional<Place> memberPlace(const Value &Base, const RecordDecl *R,
                                        StringRef Name, const ASTContext &Ctx) {
  R = R ? R->getDefinition() : nullptr;
  if (R && Base.isRef())
    for (const FieldDecl *Field : R->fields())
      if (Field->getName() == Name)
        return Place{Base.Id, Base.Num + int64_t(Ctx.getFieldOffset(Field))};
  return std::nullopt;
}

/// vfio_info_cap_add() and the like.
States HoldCalls::execBuffer(const CallExpr *Call, const BufferRow &Row,
                             State S) {
  const Expr *Arg = Call->getArg(Row.Argument);
  const RecordDecl *R = pointeeRecord(Arg->IgnoreParenImpCasts()->getType());
  Value Of = Eval.eval(Arg, S);
  std::optional<Place> Buffer = memberPlace(Of, R, Row.Buffer, Model.Ctx);
  std::optional<Place> Size = memberPlace(Of, R, Row.Size, Model.Ctx);
  if (!Buffer || (!Size && !Row.Size.empty()))
    return execUnknown(Call, std::move(S));
  for (const Expr *Other : Call->arguments())
    Eval.eval(Other, S);
  if (!Size)
    return flow::one(std::move(S));
  if (const Value *Old = S.Store.find(*Buffer); Old && Old->isRef())
    S.Resources.erase({MemoryGroup, Place{Old->Id, 0}});
  States Out = execSplit(Call, Row.When == Taken::ZeroResult ? Zero : Positive,
                         Negative, std::move(S));
  for (State &Way : Out) {
    bool Works = &Way == &Out.front();
    for (const Place &P : {*Buffer, *Size}) {
      Value V = Works ? Eval.fresh(Call, P, Way) : Value::number(0);
      if (Works)
        Way.Known[V.Id] = Positive;
      Eval.store(P, V, Way);
    }
  }
  Value More = *std::as_const(Out.front().Store).find(*Buffer);
  Entities.noteMade(More.Id);
  Out.front().Resources[{MemoryGroup, Place{More.Id, 0}}] = {nullptr, Call};
  return Out;
}

States HoldCalls::execBuiltin(const CallExpr *Call, State S) {
  for (const Expr *Arg : Call->arguments())
    Eval.eval(Arg, S);
  std::optional<int64_t> Known = flow::valueOfBuiltin(Call, Model.Ctx);
  S.Values[Call] = Known ? Value::number(*Known) : Value();
  return flow::one(std::move(S));
}

} // namespace vfio
