//===- Answers.cpp - Calls that answer what can be known ------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/Answers.h"
#include "contracts/KernelTable.h"
#include "lifecycle/Outside.h"

using namespace clang;

namespace vfio {

/// True where what \p F is given it cannot write to.
static bool onlyReads(const FunctionDecl *F) {
  return !F->isVariadic() &&
         llvm::all_of(F->parameters(), [](const ParmVarDecl *P) {
           QualType T = P->getType();
           return !T->isPointerType() || T->getPointeeType().isConstQualified();
         });
}

bool isQuestion(const FunctionDecl *F) {
  QualType T = F->getReturnType();
  if (F->getIdentifier() && flow::OutsideKnowledge::isOfTheKernel(F))
    if (std::optional<KernelDeed> Row = kernelDeed(F->getName()))
      return Row == KernelDeed::Asks || Row == KernelDeed::AsksEmpty;
  return T->isBooleanType() ||
         (T->isIntegralOrEnumerationType() && onlyReads(F));
}

} // namespace vfio
