//===- CommaOperand.cpp - A call between commas ---------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/render/CommaOperand.h"
#include "clang/AST/ParentMapContext.h"

using namespace clang;

namespace vfio::rewriter {

bool removeOperand(EditSet &Edits, const Unit &U, const Expr *E) {
  const Stmt *At = E;
  const BinaryOperator *Comma = nullptr;
  while (!Comma) {
    auto Parents = U.Model->Ctx.getParents(*At);
    const auto *Up = Parents.empty() ? nullptr : Parents[0].get<Expr>();
    Comma = dyn_cast_or_null<BinaryOperator>(Up);
    if (!Comma && !isa_and_nonnull<ParenExpr, CastExpr>(Up))
      return false;
    At = Comma ? At : Up;
  }
  if (Comma->getOpcode() != BO_Comma)
    return false;
  bool IsValue = Comma->getRHS() == At;
  FileRange Left = U.range(Comma->getLHS()->getSourceRange());
  FileRange Right = U.range(Comma->getRHS()->getSourceRange());
  // What is left gives the value: nothing, as the call did.
  if (!Left || !Right || Left.File != Right.File ||
      (IsValue && !Comma->getLHS()->getType()->isVoidType()) ||
      !Edits.addFile(Left, U.sources()))
    return false;
  Edits.replace(IsValue ? FileRange{Left.File, Left.End, Right.End}
                        : FileRange{Left.File, Left.Begin, Right.Begin},
                "");
  return true;
}

} // namespace vfio::rewriter
