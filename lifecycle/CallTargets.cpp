//===- CallTargets.cpp - What a call through a pointer can mean -----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/CallTargets.h"
#include "engine/EvaluatedVisitor.h"

using namespace clang;

namespace vfio {

namespace {

/// The values that members with functions, and arrays of functions, are given.
class ValueFinder : public engine::EvaluatedVisitor<ValueFinder> {
public:
  using Visit = llvm::function_ref<void(const ValueDecl *, const Expr *)>;
  explicit ValueFinder(Visit Found) : Found(Found) {}

  void readList(const ValueDecl *Of, const InitListExpr *List) {
    if (const InitListExpr *Semantic = List->getSemanticForm())
      List = Semantic;
    const RecordDecl *R = List->getType()->getAsRecordDecl();
    if (R && R->isUnion()) {
      if (const FieldDecl *F = List->getInitializedFieldInUnion();
          F && List->getNumInits())
        readValue(F, List->getInit(0));
      return;
    }
    if (!R) {
      for (const Expr *E : List->inits())
        readValue(Of, E);
      return;
    }
    unsigned I = 0;
    for (const FieldDecl *F : R->fields())
      if (!F->isUnnamedBitField() && I < List->getNumInits())
        readValue(F, List->getInit(I++));
  }
  void readValue(const ValueDecl *Of, const Expr *E) {
    if (const auto *List = dyn_cast_or_null<InitListExpr>(E))
      readList(Of, List);
    else if (Of->getType()->isFunctionPointerType() ||
             Of->getType()->isArrayType())
      Found(Of, E);
  }

  bool VisitVarDecl(VarDecl *V) ENGINE_OVERRIDE {
    if (const auto *List = dyn_cast_or_null<InitListExpr>(V->getInit()))
      readList(V, List);
    return true;
  }
  bool VisitBinaryOperator(BinaryOperator *BO) ENGINE_OVERRIDE {
    const auto *M = BO->getOpcode() == BO_Assign
                        ? dyn_cast<MemberExpr>(BO->getLHS()->IgnoreParens())
                        : nullptr;
    if (M && M->getType()->isFunctionPointerType())
      Found(M->getMemberDecl(), BO->getRHS());
    return true;
  }

private:
  Visit Found;
};

} // namespace

void CallTargets::collect() {
  auto Add = [&](const ValueDecl *Of, const Expr *Value) {
    std::unique_ptr<Set> &S =
        Sets[cast<ValueDecl>(Of->getCanonicalDecl())];
    if (!S)
      S = std::make_unique<Set>();
    if (const FunctionDecl *F = Value ? namedFunction(Value) : nullptr) {
      if (!llvm::is_contained(S->Functions, F->getCanonicalDecl()))
        S->Functions.push_back(F->getCanonicalDecl());
      return;
    }
    // NULL is called by nobody.
    if (Value && !isa<ImplicitValueInitExpr>(Value) &&
        !Value->IgnoreParenImpCasts()->isNullPointerConstant(
            Model.Ctx, Expr::NPC_NeverValueDependent))
      S->Complete = false;
  };
  ValueFinder Finder(Add);
  for (const VarDecl *V : Model.Vars)
    Finder.VisitVarDecl(const_cast<VarDecl *>(V));
  for (const FunctionDecl *F : Model.Functions)
    Finder.TraverseStmt(F->getBody());
}

llvm::SmallVector<const FunctionDecl *, 2>
CallTargets::in(llvm::ArrayRef<CallbackMember> Members) {
  if (!std::exchange(Collected, true))
    collect();
  llvm::SmallVector<const FunctionDecl *, 2> Out;
  for (const auto &[Of, Values] : Sets) {
    const auto *Field = dyn_cast<FieldDecl>(Of);
    if (!Field || !Field->getParent()->getIdentifier() ||
        Model.isDriverFile(Field->getLocation()))
      continue;
    if (llvm::any_of(Members, [&](const CallbackMember &M) {
          return Field->getName() == M.Member &&
                 Field->getParent()->getName() == M.Structure;
        }))
      llvm::append_range(Out, Values->Functions);
  }
  return Out;
}

/// The pointer that \p Call calls through.
static const Expr *pointerOf(const CallExpr *Call) {
  const Expr *Callee = Call->getCallee()->IgnoreParenImpCasts();
  if (const auto *Star = dyn_cast<UnaryOperator>(Callee);
      Star && Star->getOpcode() == UO_Deref)
    Callee = Star->getSubExpr()->IgnoreParenImpCasts();
  return Callee;
}

/// The array of functions of file scope that \p Pointer is an element of; null
/// where it is none.
static const VarDecl *arrayOf(const Expr *Pointer) {
  const auto *At = dyn_cast<ArraySubscriptExpr>(Pointer);
  const auto *Ref =
      At ? dyn_cast<DeclRefExpr>(At->getBase()->IgnoreParenImpCasts())
         : nullptr;
  const auto *V = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
  return V && V->hasGlobalStorage() && V->getType()->isArrayType() ? V
                                                                   : nullptr;
}

const CallTargets::Set *CallTargets::ofConstant(const MemberExpr *M) {
  const auto *Ref =
      M->isArrow() ? nullptr
                   : dyn_cast<DeclRefExpr>(M->getBase()->IgnoreParenImpCasts());
  const auto *Var = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
  const auto *List =
      Var && Var->getType().isConstQualified()
          ? dyn_cast_or_null<InitListExpr>(Var->getAnyInitializer())
          : nullptr;
  if (!List)
    return nullptr;
  auto [It, New] = Constants.try_emplace(
      {Var->getCanonicalDecl(),
       cast<ValueDecl>(M->getMemberDecl()->getCanonicalDecl())});
  Set &Out = It->second;
  if (New) {
    auto Add = [&](const ValueDecl *Of, const Expr *Value) {
      if (Of->getCanonicalDecl() == M->getMemberDecl()->getCanonicalDecl())
        if (const FunctionDecl *F = Value ? namedFunction(Value) : nullptr)
          Out.Functions.push_back(F->getCanonicalDecl());
    };
    ValueFinder(Add).readList(Var, List);
    Out.Complete = Out.Functions.size() == 1;
  }
  return &Out;
}

const CallTargets::Set &CallTargets::ofThisSource(const CallExpr *Call) {
  const SourceManager &SM = Model.Ctx.getSourceManager();
  const Expr *Pointer = pointerOf(Call);
  if (const auto *M = dyn_cast<MemberExpr>(Pointer)) {
    if (const Set *Known = ofConstant(M))
      return *Known;
    if (!SM.isInMainFile(SM.getExpansionLoc(M->getMemberDecl()->getLocation())))
      return Unknown;
  } else if (const VarDecl *Array = arrayOf(Pointer);
             !Array ||
             !Model.Ctx.getBaseElementType(Array->getType())
                  .isConstQualified() ||
             !Array->hasInit()) {
    return Unknown;
  }
  return of(Call);
}

const CallTargets::Set &CallTargets::of(const CallExpr *Call) {
  if (!std::exchange(Collected, true))
    collect();
  const Expr *Callee = pointerOf(Call);
  const ValueDecl *From = nullptr;
  if (const auto *M = dyn_cast<MemberExpr>(Callee)) {
    From = M->getMemberDecl();
    // Whoever else fills in a structure of the kernel's is not seen here.
    if (!Model.isDriverFile(From->getLocation()))
      return Unknown;
  } else {
    From = arrayOf(Callee);
  }
  auto It = From ? Sets.find(cast<ValueDecl>(From->getCanonicalDecl()))
                 : Sets.end();
  return It == Sets.end() ? Unknown : *It->second;
}

} // namespace vfio
