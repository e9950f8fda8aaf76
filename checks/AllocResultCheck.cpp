//===- AllocResultCheck.cpp - The result of vfio_alloc_device -------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/AllocResultCheck.h"
#include "checks/Fixes.h"
#include "checks/SourceText.h"

using namespace clang;

namespace vfio::checks {

/// The test for NULL as a test for an error, where it is a plain one.
static void askForError(const Finding &F, const TUModel &Model, Wording &W) {
  const auto *Test = dyn_cast_or_null<Expr>(F.At);
  if (!Test)
    return;
  const Expr *Asked = Test->IgnoreParenImpCasts();
  const Expr *Pointer = nullptr;
  bool WhenNull = true;
  if (const auto *Not = dyn_cast<UnaryOperator>(Asked);
      Not && Not->getOpcode() == UO_LNot)
    Pointer = Not->getSubExpr();
  else if (const auto *BO = dyn_cast<BinaryOperator>(Asked);
           BO && BO->isEqualityOp()) {
    Pointer = BO->getLHS();
    WhenNull = BO->getOpcode() == BO_EQ;
  } else if (isa<DeclRefExpr>(Asked)) {
    Pointer = Asked;
    WhenNull = false;
  }
  // `if (!x) return -ENOMEM;` reports the wrong error as well.
  std::string Text =
      Pointer ? textOf(Pointer->getSourceRange(), Model.Ctx) : "";
  SourceRange Whole = Asked->getSourceRange();
  // `x == NULL` ends in a macro of the kernel.
  if (const auto *BO = dyn_cast<BinaryOperator>(Asked))
    Whole.setEnd(Model.Ctx.getSourceManager()
                     .getExpansionRange(BO->getEndLoc())
                     .getEnd());
  if (Text.empty() || !isEditable(Whole, Model.Ctx))
    return;
  W.Fixes.push_back(FixItHint::CreateReplacement(
      Whole, (WhenNull ? "IS_ERR(" : "!IS_ERR(") + Text + ")"));
  if (const ReturnStmt *Return = returnGuardedBy(Test, F.In)) {
    CharSourceRange Value = Model.Ctx.getSourceManager().getExpansionRange(
        Return->getRetValue()->getSourceRange());
    if (Value.getBegin().isFileID())
      W.Fixes.push_back(
          FixItHint::CreateReplacement(Value, "PTR_ERR(" + Text + ")"));
  }
}

static void returnTheError(const Finding &F, const TUModel &Model, Wording &W) {
  const auto *Return = dyn_cast_or_null<ReturnStmt>(F.At);
  if (!Return || !Return->getRetValue() || F.Variable.empty())
    return;
  // Only a constant that stands in the return itself is surely this error's.
  if (!Return->getRetValue()->isIntegerConstantExpr(Model.Ctx))
    return;
  CharSourceRange Value = Model.Ctx.getSourceManager().getExpansionRange(
      Return->getRetValue()->getSourceRange());
  if (Value.getBegin().isFileID())
    W.Fixes.push_back(
        FixItHint::CreateReplacement(Value, "PTR_ERR(" + F.Variable + ")"));
}

/// Asks the pointer that has the error, where it has a name.
static void askTheOther(const Finding &F, const TUModel &Model, Wording &W) {
  const auto *Call = cast<CallExpr>(F.At);
  CharSourceRange Asked = Model.Ctx.getSourceManager().getExpansionRange(
      Call->getArg(0)->getSourceRange());
  if (!F.Variable.empty() && Asked.getBegin().isFileID())
    W.Fixes.push_back(FixItHint::CreateReplacement(Asked, F.Variable));
}

std::optional<Wording> AllocResultCheck::wordFinding(const Finding &F,
                                                     const TUModel &Model) {
  Wording W;
  switch (F.Kind) {
  case FindingKind::AllocNullTest:
    W.Message = "the result of 'vfio_alloc_device' is tested against NULL, but "
                "it is an error pointer when it fails: test it with 'IS_ERR'";
    askForError(F, Model, W);
    return W;
  case FindingKind::AllocUntested:
    W.Message = "the result of 'vfio_alloc_device' is used before it is tested "
                "with 'IS_ERR': it is an error pointer when it fails";
    return W;
  case FindingKind::AllocErrorUsed:
    W.Message = "'vfio_alloc_device' has failed on this path: this takes its "
                "error for a device";
    return W;
  case FindingKind::AllocErrorLost:
    W.Message = "'vfio_alloc_device' has failed on this path, but success is "
                "returned; return the error by 'PTR_ERR'";
    returnTheError(F, Model, W);
    return W;
  case FindingKind::AllocErrorReplaced:
    W.Message = "the error of 'vfio_alloc_device' is replaced by another; "
                "return it by 'PTR_ERR'";
    returnTheError(F, Model, W);
    return W;
  case FindingKind::AllocErrorOfOther:
    W.Message = "'vfio_alloc_device' has failed on this path, but the error of "
                "another pointer is asked for, which is none";
    askTheOther(F, Model, W);
    return W;
  default:
    return std::nullopt;
  }
}

} // namespace vfio::checks
