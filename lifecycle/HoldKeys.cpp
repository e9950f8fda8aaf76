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
  bool IsId = Row.Kind == ResourceKind::Id;
  if (!IsId && !Row.Fills)
    return P;
  // `xa_alloc(&x->ids, &id, ...)`: the id is what it leaves there.
  if (Row.Key >= 0) {
    Value Left = Eval.fresh(Call, P, S);
    S.Known[Left.Id] = IsId ? NotNegative : Positive;
    Eval.store(P, Left, S);
    return {Left.Id, 0};
  }
  std::optional<Value> Only = onlyId(Call, Row, S);
  if (!Only) {
    // It is not before the first one that was asked for.
    if (Row.First >= 0 && Row.First < int(Call->getNumArgs()))
      if (Value First = Eval.eval(Call->getArg(Row.First), S);
          First.isNumber() && First.Num > 0)
        S.restrict(P.Id, Positive, Entities);
    return P;
  }
  S.Values[Call] = *Only;
  return Only->isRef() ? Place{Only->Id, 0} : P;
}

/// True where what \p Call takes ends with what it is put into: the directory
/// of an object that was made here, or that a pointer to it was kept of.
bool HoldCalls::goesWithOther(const CallExpr *Call, const ResourceRow &Row,
                              State &S) {
  if (Row.Within < 0 || Row.Within >= int(Call->getNumArgs()))
    return false;
  Value In = Eval.eval(Call->getArg(Row.Within), S);
  if (!In.isRef())
    return false;
  Entity::Kind K = Entities[In.Id].K;
  return K == Entity::Result ||
         (Row.WithinKept && K == Entity::Loaded && In.Num == 0);
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

//===-- What is given back ------------------------------------------------===//

/// True where \p E is what the call that it is the result of has taken. What
/// another returns may be anything.
static bool isTaken(const Entity &E) {
  const auto *Call = dyn_cast<CallExpr>(static_cast<const Stmt *>(E.Origin));
  const FunctionDecl *F = Call ? Call->getDirectCallee() : nullptr;
  const ResourceRow *Row =
      F && F->getIdentifier() ? findHolding(F->getName()) : nullptr;
  return E.Made || (Row && Row->Takes && Row->Key < 0);
}

/// The structure that the key of \p Row in \p Call is a pointer to.
static const RecordDecl *keyRecord(const Expr *Call, const ResourceRow *Row) {
  const auto *C = dyn_cast_or_null<CallExpr>(Call);
  return C && Row && Row->Key >= 0 && Row->Key < int(C->getNumArgs())
             ? pointeeRecord(C->getArg(Row->Key)->getType())
             : nullptr;
}

/// `get_device(&x->dev)` and `pci_dev_put(x)`: one reference, by two types.
static bool isSameByOtherType(const Held &Taken, const Expr *Call,
                              const ResourceRow *Row) {
  const RecordDecl *A = keyRecord(Taken.At, rowOf(Taken));
  const RecordDecl *B = keyRecord(Call, Row);
  return A && B && A->getCanonicalDecl() != B->getCanonicalDecl();
}

/// True where \p A and \p B cannot stand for the same thing: two members of one
/// structure, two variables.
static bool areDistinct(Place A, Place B, const EntityTable &T) {
  if (A.Id == B.Id)
    return A.Id && A.Offset != B.Offset;
  const Entity &EA = T[A.Id], &EB = T[B.Id];
  if (EA.K == Entity::Loaded && EB.K == Entity::Loaded)
    return EA.From.Id == EB.From.Id && EA.From.Offset != EB.From.Offset;
  return EA.K == Entity::Result && EB.K == Entity::Result &&
         EA.Origin != EB.Origin && isTaken(EA) && isTaken(EB);
}

/// Of \p Group, there is one share of each thing.
static bool isOfOne(unsigned Group, const ResourceRow *Row) {
  return isOnesOwn({Group, Row ? Row->Kind : ResourceKind::Memory, nullptr});
}

/// \p Call is given something that may have been given back: it is in use.
void HoldCalls::touch(State &S, const CallExpr *Call) {
  if (llvm::none_of(std::as_const(S.GivenBack), [](const auto &Item) {
        return isUntouched(Item.first.first);
      }))
    return;
  for (const Expr *Arg : Call->arguments())
    if (Value V = Eval.eval(Arg, S); V.isRef())
      S.GivenBack.eraseIf([&](const auto &Item) {
        return isUntouched(Item.first.first) && Item.first.second.Id == V.Id;
      });
}

/// \p Call gives back \p P. Where it was given back before, and by another
/// call, that is once too often.
void HoldCalls::noteAgain(State &S, const CallExpr *Call, unsigned Group,
                          const ResourceRow *Row, Place P) {
  const Held *Before = std::as_const(S.GivenBack).find({Group | Untouched, P});
  if (!Before || Before->At == Call || (S.Elsewhere & Uncertain) ||
      !S.Guesses.empty() || S.signs(P.Id, Entities) != Positive ||
      !Said.insert({unsigned(RemarkKind::GivenAgain), Call}).second)
    return;
  Remark R{RemarkKind::GivenAgain,
           Call->getExprLoc(),
           nullptr,
           nullptr,
           Root,
           Call,
           {}};
  R.Resource = Row ? Row->Kind : ResourceKind::Memory;
  R.Notes.push_back({RemarkNote::GivenHere, Before->At->getExprLoc()});
  Facts.Again.push_back(R);
}

/// \p Free is given \p Freed, which may be another allocator's.
void HoldCalls::noteHeap(const CallExpr *Free, const Value &Freed) {
  if (!Freed.isRef() || Freed.Num || Entities[Freed.Id].K != Entity::Result)
    return;
  const auto *Take = dyn_cast_or_null<CallExpr>(
      static_cast<const Stmt *>(Entities[Freed.Id].Origin));
  if (!Take || roleOf(*Take) != Role::Allocate || !isForOtherHeap(Free, Take) ||
      !Said.insert({unsigned(RemarkKind::WrongHeap), Free}).second)
    return;
  Remark R{RemarkKind::WrongHeap,
           Free->getExprLoc(),
           nullptr,
           nullptr,
           Root,
           Free,
           {{RemarkNote::TakenHere, Take->getExprLoc()}}};
  R.TakenBy = Take;
  Facts.Heaps.push_back(R);
}

/// Gives back what the other function that \p Call stands for, too, would have;
/// by a member of that, where \p Call is given one. False where nothing was.
bool HoldCalls::giveOther(State &S, const CallExpr *Call,
                          const ResourceRow &Row, const ResourceRow &Also,
                          const Value &Key) {
  size_t Before = S.Resources.size();
  // Without CONFIG_OF, `of_fwnode_handle(np)` is NULL.
  bool Any =
      Key.isUnknown() || Call->getArg(Row.Key)->isNullPointerConstant(
                             Model.Ctx, Expr::NPC_ValueDependentIsNotNull);
  S.Resources.eraseIf([&](const auto &Item) {
    Place P = Item.first.second;
    return Item.first.first == Also.Group &&
           (Any || (Key.isRef() && P.Id == Key.Id &&
                    (P.Offset == Key.Num ||
                     isSameByOtherType(Item.second, Call, &Row))));
  });
  return S.Resources.size() != Before;
}

/// Gives back what this way has taken of \p P, the last of it first; false
/// where it has taken none.
bool HoldCalls::giveShare(State &S, const CallExpr *Call, unsigned Group,
                          const ResourceRow *Row, Place P) {
  if (!std::as_const(S.Resources).find({Group, P}))
    return false;
  unsigned Last = Group;
  while (std::as_const(S.Resources).find({Last + NextShare, P}))
    Last += NextShare;
  S.Resources.erase({Last, P});
  // What was taken here and given back may still be pointed to.
  if (Last == Group && (!Row || Row->Kind != ResourceKind::Lock))
    S.GivenBack[{Group, P}] = {Row, Call};
  if (isOfOne(Group, Row) && P.Offset == 0 &&
      Entities[P.Id].K == Entity::Result && isTaken(Entities[P.Id]))
    S.GivenBack[{Group | Untouched, P}] = {Row, Call};
  return true;
}

void HoldCalls::give(State &S, const CallExpr *Call, unsigned Group,
                     const ResourceRow *Row, const Value &Key) {
  if (!Key.isRef()) {
    // Something of this group; what, is not known. A NULL is nothing.
    if (Key.isUnknown() || (Row && Row->Kind == ResourceKind::Id))
      S.Resources.eraseIf(
          [&](const auto &Item) { return groupIn(Item.first.first) == Group; });
    return;
  }
  Place P{Key.Id, Row || Key.Num ? Key.Num : 0};
  if (giveShare(S, Call, Group, Row, P))
    return;
  noteAgain(S, Call, Group, Row, P);
  // Which of several locks that was is not known; but of this one, another
  // variant's unlock leaves it free as well.
  if (Row && Row->Kind == ResourceKind::Lock) {
    S.Elsewhere |= LocksUncertain;
    S.Resources.eraseIf([&](const auto &Item) {
      const ResourceRow *Held = rowOf(Item.second);
      return Held && Held->Kind == ResourceKind::Lock && Item.first.second == P;
    });
  }
  // `old = x->m; x->m = taken; give(old);`
  auto WasReplaced = [&](EntityId By) {
    const Entity &E = Entities[P.Id];
    const Value *Now = E.K == Entity::Loaded ? S.Store.find(E.From) : nullptr;
    return Now && Now->isRef() && Now->Id == By;
  };
  // A pointer that was made here and stored nowhere is in no member.
  bool Found =
      Entities[P.Id].K == Entity::Loaded && !isLocal(Entities[P.Id].From.Id);
  auto IsNew = [&](EntityId Id, const Held &H) {
    const Object *O = std::as_const(S.Objects).find(Id);
    return Found && Entities[Id].K == Entity::Result &&
           (!rowOf(H) || rowOf(H)->Key < 0) && !(O && O->has(Object::Escaped));
  };
  size_t Before = S.Resources.size();
  S.Resources.eraseIf([&](const auto &Item) {
    EntityId Id = Item.first.second.Id;
    if (groupIn(Item.first.first) != Group)
      return false;
    if (Id == P.Id && isSameByOtherType(Item.second, Call, Row))
      return true;
    return !areDistinct(Item.first.second, P, Entities) && !WasReplaced(Id) &&
           !IsNew(Id, Item.second);
  });
  if (!(S.signs(Key, Entities) & ~Zero) ||
      (Row && Row->Kind == ResourceKind::Lock))
    return;
  S.GivenBack[{Group, P}] = {Row, Call};
  if (Before == S.Resources.size() && !(S.Elsewhere & Guessed))
    S.GivenBack[{Group | NotTaken, P}] = {Row, Call};
}

} // namespace vfio
