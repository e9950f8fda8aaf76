//===- OutsideCalls.cpp - Calls of what is not shown here -----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "contracts/Heaps.h"
#include "contracts/KernelTable.h"
#include "lifecycle/ASTVisitor.h"
#include "lifecycle/Answers.h"
#include "lifecycle/Calls.h"

using namespace clang;

namespace vfio::flow {

//===-- References to a part of a structure
//--------------------------------===//

const FunctionDecl *OutsideKnowledge::endOf(const Expr *Part,
                                            const RecordDecl *Whole,
                                            int64_t Offset) {
  const FunctionDecl *Found = nullptr;
  for (const FunctionDecl *End : Targets.in(lastPutMembers())) {
    const FunctionDecl *Def = Model.definition(End);
    if (!Def || Def->getNumParams() != 1 ||
        pointeeRecord(Def->getParamDecl(0)->getType()) !=
            pointeeRecord(Part->IgnoreParenImpCasts()->getType()))
      continue;
    bool Others = false;
    for (const ContainerSite &C : Model.Containers) {
      if (C.In != Def)
        continue;
      if (Whole && C.Of.Offset * 8 == Offset &&
          C.Of.Record->getCanonicalDecl() == Whole->getCanonicalDecl())
        return Def;
      Others = true;
    }
    if (Others)
      continue;
    // Which of two it is, is not known.
    if (Found)
      return nullptr;
    Found = Def;
  }
  return Found;
}

//===-- Functions of other files ------------------------------------------===//

namespace {
/// The variables that an expression mentions.
struct MentionedVars : ASTVisitor<MentionedVars> {
  llvm::SmallVector<const VarDecl *, 4> Vars;
  bool VisitDeclRefExpr(DeclRefExpr *Ref) ENGINE_OVERRIDE {
    if (const auto *Var = dyn_cast<VarDecl>(Ref->getDecl()))
      Vars.push_back(Var);
    return true;
  }
};
} // namespace

void Calls::giveToOutside(const CallExpr *Call, const Expr *Arg, const Value &V,
                          State &S) {
  const FunctionDecl *F = Call->getDirectCallee();
  unsigned Index = llvm::find(Call->arguments(), Arg) - Call->arg_begin();
  bool Looks = R.outside().onlyLooks(Call, Index);
  bool IsNamed = F && Index < F->getNumParams() &&
                 F->getParamDecl(Index)->getType()->isPointerType();
  if (V.isUnknown()) {
    // A compound literal and the like: whatever it is made of goes along.
    MentionedVars M;
    M.TraverseStmt(const_cast<Expr *>(Arg));
    for (const VarDecl *Var : M.Vars)
      if (const Value *Inner = S.Store.find({Entities.variable(Var), 0}))
        R.passedOutside(S, Call, Value(*Inner), Looks);
    return;
  }
  if (!V.isRef())
    return;
  bool Local = Entities.variableOf(V.Id) != nullptr;
  if (!Local)
    R.passedOutside(S, Call, V, Looks, IsNamed);
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

/// What the contracts say of \p F; none for a function of the driver.
static std::optional<KernelDeed> deedOf(const FunctionDecl *F) {
  if (!F || !F->getIdentifier() || !OutsideKnowledge::isOfTheKernel(F))
    return std::nullopt;
  return kernelDeed(F->getName());
}

/// What led to the structure that \p Item points into leads elsewhere now.
void Calls::unlink(const CallExpr *Call, const Value &Item, State &S) {
  if (!Item.isRef() || Entities[Item.Id].K != Entity::Loaded)
    return;
  Place From = Entities[Item.Id].From;
  // A pointer variable goes on pointing there; a list's head does not.
  const VarDecl *Variable = Entities.variableOf(From.Id);
  if ((Variable && !Variable->getType()->isRecordType()) || !From.isMemory())
    return;
  S.Store[From] = Eval.fresh(Call, From, S);
}

/// True for `refcount_dec_and_test(&x->users)` and its like: where that was not
/// the last share, another holder of x ends it.
static bool countsHolders(const FunctionDecl *F) {
  return deedOf(F) == KernelDeed::LastShare;
}

/// True for functions that tell what they find in their arguments, though they
/// may change it as well: test_and_clear_bit, atomic_read, and any number from
/// what nobody has read.
static bool looksUp(const FunctionDecl *F) {
  return F->getReturnType()->isBooleanType() ||
         deedOf(F) == KernelDeed::Counts || deedOf(F) == KernelDeed::Asks ||
         countsHolders(F) ||
         (F->getReturnType()->isIntegerType() &&
          !OutsideKnowledge::isOfTheKernel(F));
}

/// \p Id tells of what \p Args point to.
static void noteSubjects(EntityId Id, llvm::ArrayRef<Value> Args,
                         EntityTable &Entities) {
  for (const Value &Arg : Args)
    if (Arg.isRef())
      Entities.noteSubject(Id, Arg.Id);
}

/// What a small function that is not shown here returns, where its types leave
/// no doubt: the structure around a vfio_device.
std::optional<Value> Calls::accessorResult(const CallExpr *Call,
                                           llvm::ArrayRef<Value> Args) {
  const FunctionDecl *F = Call->getDirectCallee();
  if (!F || !F->getIdentifier() || Args.size() != 1 || !Args[0].isRef())
    return std::nullopt;
  const RecordDecl *From = pointeeRecord(Call->getArg(0)->getType());
  const RecordDecl *To = pointeeRecord(F->getReturnType());
  if (!From || !To || From->isInvalidDecl() || To->isInvalidDecl())
    return std::nullopt;
  if (isVfioDevice(From))
    if (DeviceRecord R = findDeviceRecord(To, Model.Ctx);
        R && !R.Several && !R.Path.empty())
      return Value::ref(Args[0].Id, Args[0].Num - R.Offset * 8);
  if (deedOf(F) != KernelDeed::Member)
    return std::nullopt;
  if (From->getIdentifier() && From->getName() == "device")
    if (std::optional<int64_t> Offset = offsetOfDevice(To, Model.Ctx))
      return Value::ref(Args[0].Id, Args[0].Num - *Offset);
  if (To->getIdentifier() && To->getName() == "device")
    if (std::optional<int64_t> Offset = offsetOfDevice(From, Model.Ctx))
      return Value::ref(Args[0].Id, Args[0].Num + *Offset);
  return std::nullopt;
}

States Calls::execUnknown(const CallExpr *Call, State S) {
  const FunctionDecl *F = Call->getDirectCallee();
  llvm::SmallVector<Value, 4> Args;
  bool AllKnown = true;
  for (const Expr *Arg : Call->arguments()) {
    Args.push_back(Eval.eval(Arg, S));
    AllKnown &= !Args.back().isUnknown();
  }
  if (F && F->getBuiltinID()) {
    std::optional<int64_t> Known = valueOfBuiltin(Call, Model.Ctx);
    S.Values[Call] = Known ? Value::number(*Known) : Value();
    return one(std::move(S));
  }
  if (std::optional<Value> V = accessorResult(Call, Args)) {
    S.Values[Call] = *V;
    return one(std::move(S));
  }
  if (F && F->getIdentifier() && countsHolders(F) && !Args.empty() &&
      Args.front().isRef() && S.Objects.find(Args.front().Id)) {
    EntityId Last = Entities.result(Call, Eval.Context, QualType());
    States Out = W.split(std::move(S), Call, Last, Positive, Zero);
    if (Object *O = Out.back().Objects.find(Args.front().Id))
      O->set(Life::Kept);
    return Out;
  }
  for (unsigned I = 0; I < Args.size(); ++I)
    giveToOutside(Call, Call->getArg(I), Args[I], S);
  if (deedOf(F) == KernelDeed::Unlinks)
    for (const Value &Arg : Args)
      unlink(Call, Arg, S);
  R.calledOutside(Call);
  if (F && F->getIdentifier() && AllKnown && !deedOf(F) && isQuestion(F)) {
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

void Calls::freeThroughCleanup(const VarDecl *Var, llvm::StringRef Name,
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
void Calls::keepThroughCleanup(const VarDecl *Var, State &S) {
  const Value *Held = S.Store.find({Entities.variable(Var), 0});
  if (Object *O = Held && Held->isRef() ? S.Objects.find(Held->Id) : nullptr)
    O->set(Life::Kept);
}

States Calls::leaveScope(Walker &, const VarDecl *Var, const FunctionDecl *F,
                         State S) {
  bool Kernels = F && F->getIdentifier() && OutsideKnowledge::isOfTheKernel(F);
  if (llvm::StringRef Free = Kernels ? freeBehind(F->getName()) : "";
      !Free.empty()) {
    freeThroughCleanup(Var, Free, S);
    return one(std::move(S));
  }
  const FunctionDecl *Definition = F ? Graphs.definition(F) : nullptr;
  if (Definition && isWorthInlining(Definition)) {
    const VarDecl *Around = std::exchange(R.Cleanup, Var);
    States Out =
        W.inlineCall(nullptr, Definition, {Value::ref(Entities.variable(Var))},
                     std::move(S));
    R.Cleanup = Around;
    return Out;
  }
  keepThroughCleanup(Var, S);
  return one(std::move(S));
}

} // namespace vfio::flow
