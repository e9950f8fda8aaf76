//===- ConvertJointTest.cpp - Two allocations under one test --------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `if (!x || !buf) { kfree(buf); kfree(x); return -ENOMEM; }`: an error pointer
// needs a way out of its own, in front of that, which gives back the others.
//
//===----------------------------------------------------------------------===//

#include "lifecycle/ASTVisitor.h"
#include "rewriter/Conversion.h"

using namespace clang;

namespace vfio::rewriter {

namespace {
/// Such a test, and what is done where it is true.
struct JointTest {
  const IfStmt *If = nullptr;
  /// The `||` one of whose sides asks for the structure, and that side.
  const BinaryOperator *Or = nullptr;
  const Expr *Side = nullptr;
  std::vector<const CallExpr *> Frees; ///< of others
  const CallExpr *Own = nullptr;       ///< the free of the structure
  const ReturnStmt *Return = nullptr;
};
} // namespace

/// The side of one of the `||` of \p E that asks whether \p X is NULL.
static void findSide(const Unit &U, const Expr *E, llvm::StringRef X,
                     JointTest &T) {
  const auto *Or = dyn_cast<BinaryOperator>(E->IgnoreParenImpCasts());
  if (!Or || Or->getOpcode() != BO_LOr)
    return;
  for (const Expr *Side : {Or->getLHS(), Or->getRHS()}) {
    if (NullTest N = nullTest(U, Side, X, nullptr); N && N.WhenNull) {
      T.Or = Or;
      T.Side = Side;
    }
    findSide(U, Side, X, T);
  }
}

/// Reads the branch of \p T: plain frees and a return; false for any other.
static bool readBranch(const VarDecl *X, JointTest &T) {
  const auto *Block = dyn_cast<CompoundStmt>(T.If->getThen());
  if (!Block || T.If->getElse())
    return false;
  for (const Stmt *S : Block->body()) {
    if ((T.Return = dyn_cast<ReturnStmt>(S)))
      return S == Block->body_back() && T.Own;
    const auto *Call = dyn_cast<CallExpr>(S);
    const ApiFunction *Api = Call ? findApi(*Call) : nullptr;
    const VarDecl *Freed =
        Api && Api->Kind == Role::Free
            ? dyn_cast_or_null<VarDecl>(namedVar(Call->getArg(Api->Subject)))
            : nullptr;
    if (!Freed || (Freed == X && T.Own))
      return false;
    if (Freed == X)
      T.Own = Call;
    else
      T.Frees.push_back(Call);
  }
  return false;
}

/// The joint test of \p X behind \p AllocStmt in its block, before which
/// nothing looks at it.
static JointTest findJointTest(const Unit &U, const Stmt *AllocStmt,
                               const VarDecl *X) {
  Spot At = spotOf(U.Model->Ctx, AllocStmt);
  const auto *Block = dyn_cast_or_null<CompoundStmt>(At.Parent);
  JointTest T;
  bool Behind = false;
  if (!Block)
    return T;
  for (const Stmt *S : Block->body()) {
    if (Behind && (mentions(S, X) || hasExit(S))) {
      T.If = dyn_cast<IfStmt>(S);
      break;
    }
    Behind |= S == AllocStmt;
  }
  if (T.If)
    findSide(U, T.If->getCond(), X->getName(), T);
  return T.Or && readBranch(X, T) ? T : JointTest();
}

bool Conversion::convertJointTest(const AllocSite &A, const Stmt *AllocStmt,
                                  const VarDecl *X) {
  const Unit &U = *A.U;
  JointTest T = X ? findJointTest(U, AllocStmt, X) : JointTest();
  const Expr *Value = T.If ? T.Return->getRetValue() : nullptr;
  Expr::EvalResult Code;
  if (!Value || !Value->getType()->isIntegerType() ||
      !Value->EvaluateAsInt(Code, U.Model->Ctx) ||
      !Code.Val.getInt().isNegative())
    return false;
  FileRange If = U.range(T.If->getSourceRange());
  FileRange Left = U.range(T.Or->getLHS()->getSourceRange());
  FileRange Right = U.range(T.Or->getRHS()->getSourceRange());
  if (!edit(U, If, T.If->getBeginLoc()) ||
      !edit(U, Left, T.Or->getBeginLoc()) ||
      !edit(U, Right, T.Or->getBeginLoc()))
    return true;
  std::string Indent = Edits.indentAt(If.File, If.Begin), Frees;
  for (const CallExpr *Free : T.Frees)
    Frees += Indent + "\t" + U.text(Free->getSourceRange()) + ";\n";
  std::string Name = X->getNameAsString();
  bool Plain = Frees.empty();
  Edits.insertLinesBefore(If.File, If.Begin,
                          Indent + "if (IS_ERR(" + Name + "))" +
                              (Plain ? "\n" : " {\n") + Frees + Indent +
                              "\treturn PTR_ERR(" + Name + ");\n" +
                              (Plain ? "" : Indent + "}\n"));
  bool First = T.Side == T.Or->getLHS();
  Edits.replace(First ? FileRange{Left.File, Left.Begin, Right.Begin}
                      : FileRange{Left.File, Left.End, Right.End},
                "");
  NeverNull.insert(T.Own);
  step(StepId::TestByIsErr, U, T.If->getBeginLoc());
  convertLaterTests(A, T.If, X);
  return true;
}

} // namespace vfio::rewriter
