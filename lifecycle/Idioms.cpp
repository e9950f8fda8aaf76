//===- Idioms.cpp - Kernel idioms recognised by the shape of their AST ----===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/Idioms.h"
#include "contracts/ApiTable.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Decl.h"
#include "clang/AST/RecordLayout.h"
#include "clang/AST/Stmt.h"

using namespace clang;

namespace vfio {

std::string spell(const FieldPath &Path) {
  std::string Out;
  for (const FieldDecl *F : Path) {
    if (F->getName().empty())
      continue;
    if (!Out.empty())
      Out += '.';
    Out += F->getName();
  }
  return Out;
}

/// The value of `({ ...; last; })`, through `T v = e; ...; v;`.
static const Expr *valueOfStmtExpr(const StmtExpr *SE) {
  const CompoundStmt *Body = SE->getSubStmt();
  if (!Body || Body->body_empty())
    return nullptr;
  const auto *Last = dyn_cast<Expr>(Body->body_back());
  return Last;
}

/// True where \p Var is one of the statement expression's own variables.
static bool declares(const StmtExpr *SE, const VarDecl *Var) {
  for (const Stmt *S : SE->getSubStmt()->body())
    if (const auto *DS = dyn_cast<DeclStmt>(S))
      if (llvm::is_contained(DS->decls(), Var))
        return true;
  return false;
}

const Expr *strip(const Expr *E) {
  while (E) {
    const Expr *Next = E->IgnoreParenCasts();
    if (const auto *FE = dyn_cast<FullExpr>(Next))
      Next = FE->getSubExpr();
    else if (const auto *GS = dyn_cast<GenericSelectionExpr>(Next))
      Next = GS->isResultDependent() ? Next : GS->getResultExpr();
    else if (const auto *CE = dyn_cast<ChooseExpr>(Next))
      Next = CE->isConditionDependent() ? Next : CE->getChosenSubExpr();
    else if (const auto *UO = dyn_cast<UnaryOperator>(Next);
             UO && UO->getOpcode() == UO_Extension)
      Next = UO->getSubExpr();
    else if (const auto *Call = dyn_cast<CallExpr>(Next)) {
      const FunctionDecl *Callee = Call->getDirectCallee();
      if (Callee && Callee->getBuiltinID() == Builtin::BI__builtin_expect &&
          Call->getNumArgs() >= 1)
        Next = Call->getArg(0);
    } else if (const auto *SE = dyn_cast<StmtExpr>(Next)) {
      const Expr *Value = valueOfStmtExpr(SE);
      if (!Value)
        return Next;
      // A statement expression that ends in one of its own variables has the
      // value which that variable was initialised with.
      if (const auto *Ref = dyn_cast<DeclRefExpr>(Value->IgnoreParenCasts()))
        if (const auto *Var = dyn_cast<VarDecl>(Ref->getDecl());
            Var && Var->hasInit() && declares(SE, Var))
          Value = Var->getInit();
      Next = Value;
    }
    if (Next == E)
      return E;
    E = Next;
  }
  return E;
}

const VarDecl *namedVar(const Expr *E) {
  const Expr *S = E ? strip(E) : nullptr;
  const auto *Ref = dyn_cast_or_null<DeclRefExpr>(S);
  return Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
}

const FunctionDecl *namedFunction(const Expr *E) {
  const Expr *S = E ? strip(E) : nullptr;
  if (const auto *UO = dyn_cast_or_null<UnaryOperator>(S);
      UO && UO->getOpcode() == UO_AddrOf)
    S = strip(UO->getSubExpr());
  const auto *Ref = dyn_cast_or_null<DeclRefExpr>(S);
  return Ref ? dyn_cast<FunctionDecl>(Ref->getDecl()) : nullptr;
}

const RecordDecl *pointeeRecord(QualType T) {
  if (T.isNull() || !T->isPointerType())
    return nullptr;
  const RecordDecl *R = T->getPointeeType()->getAsRecordDecl();
  return R && R->getDefinition() ? R->getDefinition() : R;
}

/// The fields of a __builtin_offsetof; nothing for one with an array index.
static std::optional<FieldPath> fieldsOf(const OffsetOfExpr *O) {
  FieldPath Path;
  for (unsigned I = 0, N = O->getNumComponents(); I != N; ++I) {
    const OffsetOfNode &Node = O->getComponent(I);
    if (Node.getKind() != OffsetOfNode::Field)
      return std::nullopt;
    Path.push_back(Node.getField());
  }
  return Path;
}

/// A variable of the macro's statement expression (`__mptr`) stands for what
/// initialised it.
static const Expr *throughLocalInit(const Expr *Ptr) {
  const Expr *S = Ptr->IgnoreParenCasts();
  const auto *Ref = dyn_cast<DeclRefExpr>(S);
  const auto *Var = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
  if (Var && Var->hasInit() && Var->getLocation().isMacroID())
    return Var->getInit();
  return Ptr;
}

std::optional<ContainerOf> matchContainerOf(const Expr *E,
                                            const ASTContext &Ctx) {
  if (!E)
    return std::nullopt;
  const auto *Sub = dyn_cast<BinaryOperator>(strip(E));
  if (!Sub || Sub->getOpcode() != BO_Sub)
    return std::nullopt;
  const auto *O = dyn_cast<OffsetOfExpr>(Sub->getRHS()->IgnoreParenCasts());
  if (!O || !Sub->getLHS()->getType()->isPointerType())
    return std::nullopt;
  const RecordDecl *R = O->getTypeSourceInfo()->getType()->getAsRecordDecl();
  std::optional<FieldPath> Path = fieldsOf(O);
  if (!R || !Path)
    return std::nullopt;
  int64_t Offset = 0;
  for (const FieldDecl *F : *Path) {
    // A record with errors has no layout; say nothing about such a one.
    if (F->getParent()->isInvalidDecl())
      return std::nullopt;
    Offset += Ctx.toCharUnitsFromBits(Ctx.getFieldOffset(F)).getQuantity();
  }
  return ContainerOf{throughLocalInit(Sub->getLHS()),
                     R->getDefinition() ? R->getDefinition() : R, *Path,
                     Offset};
}

const RecordDecl *recordOfSize(const Expr *E) {
  const Expr *S = E ? strip(E) : nullptr;
  if (!S)
    return nullptr;
  if (const auto *SizeOf = dyn_cast<UnaryExprOrTypeTraitExpr>(S)) {
    if (SizeOf->getKind() != UETT_SizeOf)
      return nullptr;
    const RecordDecl *R = SizeOf->getTypeOfArgument()->getAsRecordDecl();
    return R && R->getDefinition() ? R->getDefinition() : R;
  }
  if (const auto *BO = dyn_cast<BinaryOperator>(S)) {
    if (BO->getOpcode() != BO_Add && BO->getOpcode() != BO_Mul)
      return nullptr;
    const RecordDecl *L = recordOfSize(BO->getLHS());
    return L ? L : recordOfSize(BO->getRHS());
  }
  // struct_size() of 6.x: size_add(sizeof(*p), ...) and conditional forms.
  if (const auto *Call = dyn_cast<CallExpr>(S))
    return Call->getNumArgs() ? recordOfSize(Call->getArg(0)) : nullptr;
  if (const auto *Cond = dyn_cast<ConditionalOperator>(S)) {
    const RecordDecl *T = recordOfSize(Cond->getTrueExpr());
    return T ? T : recordOfSize(Cond->getFalseExpr());
  }
  return nullptr;
}

std::optional<AllocDevice> matchAllocDevice(const Expr *E,
                                            const ASTContext &Ctx) {
  if (!E)
    return std::nullopt;
  std::optional<ContainerOf> Outer = matchContainerOf(E, Ctx);
  const Expr *Inner = Outer ? strip(Outer->Ptr) : strip(E);
  const auto *Call = dyn_cast_or_null<CallExpr>(Inner);
  if (!Call)
    return std::nullopt;
  const ApiFunction *Api = findApi(*Call);
  if (!Api || Api->Kind != Role::AllocDevice || Call->getNumArgs() < 3)
    return std::nullopt;
  AllocDevice A{
      Call, nullptr, {}, Call->getArg(Api->Device), Call->getArg(Api->Ops)};
  if (Outer) {
    A.Record = Outer->Record;
    A.Path = Outer->Path;
  } else {
    A.Record = recordOfSize(Call->getArg(Api->Size));
  }
  return A;
}

} // namespace vfio
