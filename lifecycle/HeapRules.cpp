//===- HeapRules.cpp - Memory and the function that frees it --------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a member has by one allocator, and another's function frees; and what
// devres frees as well.
//
//===----------------------------------------------------------------------===//

#include "contracts/Heaps.h"
#include "lifecycle/OtherLives.h"

using namespace clang;

namespace vfio {

bool isForOtherHeap(const CallExpr *Free, const CallExpr *Take) {
  auto HeapOf = [](const CallExpr *Call) {
    const FunctionDecl *F = Call->getDirectCallee();
    return F && F->getIdentifier() ? heapOf(F->getName()).Of : Heap::Unknown;
  };
  Heap Given = HeapOf(Take);
  return Given != Heap::Unknown && !canFree(HeapOf(Free), Given);
}

/// The allocation that the member which \p S stores to is given; null where it
/// is given something else.
static const CallExpr *allocationIn(const Story &Told, const StoryStep &S) {
  Named N = S.Value ? Told.nameOf(S.Value, S.Frame) : Named();
  const FunctionDecl *F =
      N.RootCall && !N.Field ? N.RootCall->getDirectCallee() : nullptr;
  const ApiFunction *Api =
      F && F->getIdentifier() ? findApi(F->getName()) : nullptr;
  bool Allocates =
      Api && (Api->Kind == Role::DevmAllocate || Api->Kind == Role::Allocate);
  return Allocates ? N.RootCall : nullptr;
}

using Allocations = llvm::SmallVector<const CallExpr *, 2>;

/// The allocations by which alone \p Field is set, but to NULL; none where it
/// may have something else.
static Allocations allocationsOf(const Lives &L, const FieldDecl *Field) {
  Allocations Found;
  for (const Stages::Root &R : L.Known.roots()) {
    const Story &Told = L.Known.story(R.F);
    if (!Told.isWhole())
      return {};
    for (const StoryStep &S : Told.steps()) {
      if (!sameField(S.Field, Field))
        continue;
      if (S.What == StoryStep::Address)
        return {};
      if (S.What != StoryStep::Write ||
          (S.Value && S.Value->isNullPointerConstant(
                          L.Model.Ctx, Expr::NPC_ValueDependentIsNotNull)))
        continue;
      Found.push_back(allocationIn(Told, S));
      if (!Found.back())
        return {};
    }
  }
  return Found;
}

/// What is wrong where \p S frees what \p Takes have given; nothing where it is
/// right, or one of them is.
static std::optional<RemarkKind> wrongWith(const StoryStep &S,
                                           const Allocations &Takes) {
  auto All = [&](auto Is) { return !Takes.empty() && llvm::all_of(Takes, Is); };
  if (S.role() == Role::Free && All([](const CallExpr *Take) {
        return roleOf(*Take) == Role::DevmAllocate;
      }))
    return RemarkKind::DevresFrees;
  if (All([&](const CallExpr *Take) {
        return roleOf(*Take) == Role::Allocate &&
               isForOtherHeap(S.call(), Take);
      }))
    return RemarkKind::WrongHeap;
  return std::nullopt;
}

void judgeHeaps(const Lives &L, Remarks &Out) {
  llvm::SmallPtrSet<const Expr *, 4> Said;
  for (const Remark &R : L.Held.Heaps) {
    Said.insert(R.At);
    Out.push_back(R);
  }
  for (const Stages::Root &R : L.Known.roots()) {
    const Story &Told = L.Known.story(R.F);
    for (const StoryStep &S : Told.steps()) {
      std::optional<Deed> D = deedOf(Told, S);
      if (!D || !D->Gives || D->Row || !D->What.Field || D->What.Address ||
          Said.contains(S.At))
        continue;
      Allocations Takes = allocationsOf(L, D->What.Field);
      std::optional<RemarkKind> Wrong = wrongWith(S, Takes);
      if (!Wrong || !Said.insert(S.At).second)
        continue;
      Remark Found{*Wrong,
                   S.At->getExprLoc(),
                   nullptr,
                   D->What.Field,
                   R.F,
                   S.At,
                   {{RemarkNote::TakenHere, Takes.front()->getExprLoc()}}};
      Found.TakenBy = Takes.front();
      Out.push_back(Found);
    }
  }
}

} // namespace vfio
