//===- Moves.cpp - What goes from one member to another -------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/Moves.h"

using namespace clang;

namespace vfio {

/// The member or the variable of file scope that \p N names by its value; null
/// where it is neither.
static const ValueDecl *holderOf(const Named &N) {
  if (N.Field)
    return N.Field->getCanonicalDecl();
  return N.Root && N.Root->hasGlobalStorage() ? N.Root->getCanonicalDecl()
                                              : nullptr;
}

/// True where a value of \p A's is one of \p B's: two numbers, or two pointers.
static bool areAlike(QualType A, QualType B, const ASTContext &Ctx) {
  A = Ctx.getBaseElementType(A), B = Ctx.getBaseElementType(B);
  if (A->isIntegralOrEnumerationType())
    return B->isIntegralOrEnumerationType();
  return A->isPointerType() && B->isPointerType() &&
         (A->isVoidPointerType() || B->isVoidPointerType() ||
          Ctx.hasSameUnqualifiedType(A->getPointeeType(), B->getPointeeType()));
}

Moves::Moves(const Stages &Known) {
  for (const Stages::Root &R : Known.roots()) {
    const Story &Told = Known.story(R.F);
    for (const StoryStep &S : Told.steps()) {
      bool Writes =
          S.What == StoryStep::Write || S.What == StoryStep::WriteGlobal;
      if (!Writes || !S.Value)
        continue;
      Named From = Told.nameOf(S.Value, S.Frame);
      const ValueDecl *To = S.Field ? (const ValueDecl *)S.Field : S.Global;
      const ValueDecl *Source = From.Address ? nullptr : holderOf(From);
      if (Source &&
          areAlike(Source->getType(), To->getType(), R.F->getASTContext()))
        Of.unionSets(Source, cast<ValueDecl>(To->getCanonicalDecl()));
    }
  }
}

bool Moves::mayBe(const Named &A, const Named &B) const {
  if (A.mayBe(B))
    return true;
  const ValueDecl *HA = holderOf(A), *HB = holderOf(B);
  return HA && HB && Of.isEquivalent(HA, HB);
}

} // namespace vfio
