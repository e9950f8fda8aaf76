//===- PointedFunctions.cpp - What a call by a pointer can call -----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/read/PointedFunctions.h"
#include "lifecycle/ASTVisitor.h"

using namespace clang;

namespace vfio::rewriter {

static std::string memberKey(const Unit &U, const FieldDecl *F) {
  return Program::key(U, F->getParent()) + " " + F->getNameAsString();
}

/// The member of a structure of the driver's own that \p E names and that holds
/// a function; null where it is none.
static const FieldDecl *functionMember(const Unit &U, const Expr *E) {
  const auto *ME = dyn_cast<MemberExpr>(E->IgnoreParenImpCasts());
  const auto *F = ME ? dyn_cast<FieldDecl>(ME->getMemberDecl()) : nullptr;
  return F && F->getType()->isFunctionPointerType() &&
                 U.Model->isDriverFile(F->getLocation())
             ? F
             : nullptr;
}

/// Notes what the code and the tables of one unit store in such members. Only
/// the implicit form of a list has a value for each member.
class StoreCollector : public ImplicitASTVisitor<StoreCollector> {
public:
  StoreCollector(const Program &P, const Unit &U,
                 const llvm::StringSet<> &Defined, PointedFunctions &Out)
      : P(P), U(U), Defined(Defined), Out(Out) {}

  /// What a function without a body here gives, nobody has read.
  bool VisitCallExpr(CallExpr *Call) ENGINE_OVERRIDE {
    if (!P.callee(U, Call))
      foreign(pointeeRecord(Call->getType()));
    return true;
  }

  bool VisitDeclRefExpr(DeclRefExpr *E) ENGINE_OVERRIDE {
    const auto *V = dyn_cast<VarDecl>(E->getDecl());
    if (V && V->isFileVarDecl() && !Defined.contains(Program::key(U, V)))
      foreign(recordIn(V->getType()));
    return true;
  }

  /// What other modules can call, they can give one of theirs.
  void takes(const FunctionDecl *F) {
    if (F->isExternallyVisible() && P.callsOf(Program::key(U, F)).empty())
      for (const ParmVarDecl *Param : F->parameters())
        foreign(pointeeRecord(Param->getType()));
  }

  bool VisitInitListExpr(InitListExpr *List) ENGINE_OVERRIDE {
    const RecordDecl *R = List->isSemanticForm() && !List->getType().isNull()
                              ? List->getType()->getAsRecordDecl()
                              : nullptr;
    if (!R || R->isUnion() || !U.Model->isDriverFile(R->getLocation()))
      return true;
    unsigned I = 0;
    for (const FieldDecl *F : R->fields()) {
      if (F->isUnnamedBitField())
        continue;
      if (I == List->getNumInits())
        break;
      if (F->getType()->isFunctionPointerType())
        store(F, List->getInit(I));
      ++I;
    }
    return true;
  }

  bool VisitBinaryOperator(BinaryOperator *BO) ENGINE_OVERRIDE {
    if (BO->isAssignmentOp())
      if (const FieldDecl *F = functionMember(U, BO->getLHS()))
        store(F, BO->getRHS());
    return true;
  }

  /// Who has the address can store anything there.
  bool VisitUnaryOperator(UnaryOperator *UO) ENGINE_OVERRIDE {
    if (UO->getOpcode() == UO_AddrOf)
      if (const FieldDecl *F = functionMember(U, UO->getSubExpr()))
        valuesOf(F).All = false;
    return true;
  }

private:
  /// The structure that \p T is, has an array of, or points to.
  const RecordDecl *recordIn(QualType T) const {
    QualType Element = U.Model->Ctx.getBaseElementType(T);
    const RecordDecl *R = Element->getAsRecordDecl();
    return R ? R : pointeeRecord(Element);
  }

  void foreign(const RecordDecl *R) {
    if (R && R->getDefinition())
      Out.Foreign.insert(Program::key(U, R));
  }

  PointedFunctions::Values &valuesOf(const FieldDecl *F) {
    return Out.ByMember[memberKey(U, F)];
  }

  void store(const FieldDecl *Field, const Expr *E) {
    if (isa<ImplicitValueInitExpr>(E) ||
        E->isNullPointerConstant(U.Model->Ctx,
                                 Expr::NPC_ValueDependentIsNotNull))
      return;
    const Expr *S = strip(E);
    if (const auto *Choice = dyn_cast<ConditionalOperator>(S)) {
      store(Field, Choice->getTrueExpr());
      store(Field, Choice->getFalseExpr());
      return;
    }
    // The copy of a member of the same kind brings nothing new.
    if (const FieldDecl *From = functionMember(U, S);
        From && memberKey(U, From) == memberKey(U, Field))
      return;
    PointedFunctions::Values &V = valuesOf(Field);
    const FunctionDecl *F = namedFunction(E);
    Program::Definition D =
        F ? P.definition(Program::key(U, F)) : Program::Definition();
    if (D)
      V.Functions.push_back(D);
    else
      V.All = false;
  }

  const Program &P;
  const Unit &U;
  const llvm::StringSet<> &Defined;
  PointedFunctions &Out;
};

PointedFunctions::PointedFunctions(const Program &P) {
  llvm::StringSet<> Defined;
  for (const auto &U : P.Units)
    for (const VarDecl *V : U->Model->Vars)
      if (V->isThisDeclarationADefinition() != VarDecl::DeclarationOnly)
        Defined.insert(Program::key(*U, V));
  for (const auto &U : P.Units) {
    StoreCollector Stores(P, *U, Defined, *this);
    for (const VarDecl *V : U->Model->Vars)
      if (V->hasInit())
        Stores.TraverseStmt(const_cast<Expr *>(V->getInit()));
    for (const FunctionDecl *F : U->Model->Functions) {
      Stores.takes(F);
      Stores.TraverseStmt(F->getBody());
    }
  }
}

std::vector<Program::Definition>
PointedFunctions::of(const Unit &U, const CallExpr *Call) const {
  const Expr *Callee = Call->getCallee()->IgnoreParenImpCasts();
  if (const auto *UO = dyn_cast<UnaryOperator>(Callee);
      UO && UO->getOpcode() == UO_Deref)
    Callee = UO->getSubExpr();
  const FieldDecl *F = functionMember(U, Callee);
  auto It = F ? ByMember.find(memberKey(U, F)) : ByMember.end();
  if (It == ByMember.end() || !It->second.All ||
      Foreign.contains(Program::key(U, F->getParent())))
    return {};
  return It->second.Functions;
}

} // namespace vfio::rewriter
