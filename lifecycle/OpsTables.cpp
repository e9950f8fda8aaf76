//===- OpsTables.cpp - vfio_device_ops tables and who uses them -----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/OpsTables.h"
#include "lifecycle/ASTVisitor.h"
#include "lifecycle/DeviceRecord.h"
#include "clang/AST/Decl.h"

using namespace clang;

namespace vfio {

const OpsTable::Member *OpsTable::find(llvm::StringRef Name) const {
  // The last assignment wins, as it does in C.
  for (auto It = Members.rbegin(); It != Members.rend(); ++It)
    if (It->Field->getName() == Name)
      return &*It;
  return nullptr;
}

const FunctionDecl *OpsTable::callback(llvm::StringRef Name) const {
  const Member *M = find(Name);
  return M ? M->Callback : nullptr;
}

llvm::StringRef OpsTable::name() const { return Var->getName(); }

static const RecordDecl *elementRecord(QualType T, const ASTContext &Ctx) {
  return Ctx.getBaseElementType(T)->getAsRecordDecl();
}

/// True where an object of type \p T holds a vfio_device_ops by value.
static bool holdsOps(QualType T, const ASTContext &Ctx) {
  const RecordDecl *R = elementRecord(T, Ctx);
  if (!R || !R->getDefinition())
    return false;
  if (isVfioDeviceOps(R))
    return true;
  for (const FieldDecl *F : R->getDefinition()->fields())
    if (holdsOps(F->getType(), Ctx))
      return true;
  return false;
}

OpsTables::OpsTables(const ASTContext &Ctx,
                     llvm::ArrayRef<const VarDecl *> Vars,
                     llvm::ArrayRef<const FunctionDecl *> Functions)
    : Ctx(Ctx), Vars(Vars), Functions(Functions) {
  for (const VarDecl *Var : Vars)
    addVar(Var);
  if (!Tables.empty())
    for (const FunctionDecl *F : Functions)
      addAssignments(F);
}

void OpsTables::addVar(const VarDecl *Var) {
  if (!holdsOps(Var->getType(), Ctx))
    return;
  const VarDecl *Def = Var->getInitializingDeclaration();
  // Only the definition counts: `static const struct vfio_device_ops x;`
  // ahead of it is a tentative one.
  if (const Expr *Init = Def ? Def->getInit() : nullptr) {
    if (Def == Var)
      addInit(Def, Init);
    return;
  }
  if (Var->hasExternalStorage() ||
      !isVfioDeviceOps(elementRecord(Var->getType(), Ctx)))
    return;
  for (const VarDecl *Redecl : Var->redecls())
    if (Redecl->hasInit())
      return;
  OpsTable T;
  T.Var = Var;
  Tables.push_back(T);
}

void OpsTables::addInit(const VarDecl *Var, const Expr *Init) {
  const auto *List = dyn_cast<InitListExpr>(Init->IgnoreParens());
  if (!List) {
    if (!isVfioDeviceOps(Init->getType()->getAsRecordDecl()))
      return;
    OpsTable T;
    T.Var = Var;
    T.CopyOf = namedVar(Init);
    T.Opaque = !T.CopyOf;
    Tables.push_back(T);
    return;
  }
  if (const InitListExpr *Semantic = List->getSemanticForm())
    List = Semantic;
  const RecordDecl *R = List->getType()->getAsRecordDecl();
  if (!R || !isVfioDeviceOps(R)) {
    for (const Expr *Inner : List->inits())
      if (Inner && holdsOps(Inner->getType(), Ctx))
        addInit(Var, Inner);
    return;
  }
  OpsTable T;
  T.Var = Var;
  T.Init = List;
  unsigned I = 0;
  for (const FieldDecl *F : R->getDefinition()->fields()) {
    if (I >= List->getNumInits())
      break;
    const Expr *Value = List->getInit(I++);
    if (!Value || isa<ImplicitValueInitExpr>(Value))
      continue;
    T.Members.push_back({F, Value, namedFunction(Value), false});
  }
  Tables.push_back(std::move(T));
}

namespace {
/// Finds `table.member = value` and writes to whole tables.
class AssignmentFinder : public ASTVisitor<AssignmentFinder> {
public:
  AssignmentFinder(std::vector<OpsTable> &Tables) : Tables(Tables) {}

  bool VisitBinaryOperator(BinaryOperator *BO) ENGINE_OVERRIDE {
    if (BO->getOpcode() != BO_Assign)
      return true;
    const Expr *LHS = BO->getLHS()->IgnoreParens();
    if (const auto *ME = dyn_cast<MemberExpr>(LHS)) {
      const auto *Field = dyn_cast<FieldDecl>(ME->getMemberDecl());
      if (Field && isVfioDeviceOps(Field->getParent()))
        for (OpsTable *T : tablesOf(ME->getBase()))
          T->Members.push_back(
              {Field, BO->getRHS(), namedFunction(BO->getRHS()), true});
    } else if (isVfioDeviceOps(LHS->getType()->getAsRecordDecl())) {
      for (OpsTable *T : tablesOf(LHS)) {
        const VarDecl *From = namedVar(BO->getRHS());
        if (From && !T->Init && !T->CopyOf)
          T->CopyOf = From;
        else
          T->Opaque = true;
      }
    }
    return true;
  }

private:
  llvm::SmallVector<OpsTable *, 2> tablesOf(const Expr *Base) {
    llvm::SmallVector<OpsTable *, 2> Out;
    const Expr *S = Base->IgnoreParenCasts();
    while (true) {
      if (const auto *UO = dyn_cast<UnaryOperator>(S);
          UO && (UO->getOpcode() == UO_AddrOf || UO->getOpcode() == UO_Deref))
        S = UO->getSubExpr()->IgnoreParenCasts();
      else if (const auto *AS = dyn_cast<ArraySubscriptExpr>(S))
        S = AS->getBase()->IgnoreParenCasts();
      else if (const auto *ME = dyn_cast<MemberExpr>(S))
        S = ME->getBase()->IgnoreParenCasts();
      else
        break;
    }
    const auto *Ref = dyn_cast<DeclRefExpr>(S);
    if (!Ref)
      return Out;
    for (OpsTable &T : Tables)
      if (T.Var->getCanonicalDecl() == Ref->getDecl()->getCanonicalDecl())
        Out.push_back(&T);
    return Out;
  }

  std::vector<OpsTable> &Tables;
};
} // namespace

void OpsTables::addAssignments(const FunctionDecl *F) {
  if (F->hasBody())
    AssignmentFinder(Tables).TraverseStmt(F->getBody());
}

bool OpsTables::addTablesOf(const VarDecl *Var, Targets &Out) const {
  bool Any = false;
  for (const OpsTable &T : Tables) {
    if (T.Var->getCanonicalDecl() != Var->getCanonicalDecl())
      continue;
    if (!llvm::is_contained(Out.Tables, &T))
      Out.Tables.push_back(&T);
    Any = true;
  }
  return Any;
}

/// All expressions that a function assigns to one variable, or returns.
namespace {
class ValueCollector : public ASTVisitor<ValueCollector> {
public:
  const VarDecl *Var = nullptr;
  const FunctionDecl *Callee = nullptr;
  unsigned Arg = 0;
  bool Returns = false;
  llvm::SmallVector<const Expr *, 4> Values;

  bool VisitBinaryOperator(BinaryOperator *BO) ENGINE_OVERRIDE {
    if (Var && BO->getOpcode() == BO_Assign) {
      const auto *Ref =
          dyn_cast<DeclRefExpr>(BO->getLHS()->IgnoreParenImpCasts());
      if (Ref && Ref->getDecl() == Var)
        Values.push_back(BO->getRHS());
    }
    return true;
  }
  bool VisitReturnStmt(ReturnStmt *RS) ENGINE_OVERRIDE {
    if (Returns && RS->getRetValue())
      Values.push_back(RS->getRetValue());
    return true;
  }
  bool VisitCallExpr(CallExpr *Call) ENGINE_OVERRIDE {
    if (!Callee || Call->getNumArgs() <= Arg)
      return true;
    const FunctionDecl *D = Call->getDirectCallee();
    if (D && D->getCanonicalDecl() == Callee->getCanonicalDecl())
      Values.push_back(Call->getArg(Arg));
    return true;
  }
};
} // namespace

void OpsTables::followVar(const VarDecl *Var, const FunctionDecl *In,
                          Targets &Out, unsigned Depth) const {
  ValueCollector C;
  if (const auto *Param = dyn_cast<ParmVarDecl>(Var)) {
    C.Callee = In;
    C.Arg = Param->getFunctionScopeIndex();
    const FunctionDecl *Caller = nullptr;
    for (const FunctionDecl *F : Functions) {
      size_t Before = C.Values.size();
      if (F->hasBody())
        C.TraverseStmt(F->getBody());
      if (C.Values.size() != Before)
        Caller = F;
      for (size_t I = Before; I < C.Values.size(); ++I)
        follow(C.Values[I], F, Out, Depth + 1);
    }
    // Callers of an external function may be anywhere.
    if (!Caller || (In && In->isExternallyVisible()))
      Out.Complete = false;
    return;
  }
  C.Var = Var;
  if (Var->hasInit())
    C.Values.push_back(Var->getInit());
  if (Var->isLocalVarDecl() && In && In->hasBody())
    C.TraverseStmt(In->getBody());
  else
    for (const FunctionDecl *F : Functions)
      if (F->hasBody())
        C.TraverseStmt(F->getBody());
  if (C.Values.empty())
    Out.Complete = false;
  for (const Expr *V : C.Values)
    follow(V, In, Out, Depth + 1);
}

/// A member of a constant table that holds a pointer to ops: any value that
/// an initialiser of this TU gives to it.
void OpsTables::followField(const FieldDecl *Field, Targets &Out,
                            unsigned Depth) const {
  struct Finder : ImplicitASTVisitor<Finder> {
    const FieldDecl *Field;
    llvm::SmallVector<const Expr *, 4> Values;
    bool VisitInitListExpr(InitListExpr *List) ENGINE_OVERRIDE {
      const InitListExpr *S =
          List->isSemanticForm() ? List : List->getSemanticForm();
      const RecordDecl *R = S ? S->getType()->getAsRecordDecl() : nullptr;
      if (!R || R->getDefinition() != Field->getParent())
        return true;
      unsigned I = Field->getFieldIndex();
      if (I < S->getNumInits() && S->getInit(I) &&
          !isa<ImplicitValueInitExpr>(S->getInit(I)) &&
          !llvm::is_contained(Values, S->getInit(I)))
        Values.push_back(S->getInit(I));
      return true;
    }
    bool VisitBinaryOperator(BinaryOperator *BO) ENGINE_OVERRIDE {
      const auto *ME = BO->getOpcode() == BO_Assign
                           ? dyn_cast<MemberExpr>(BO->getLHS()->IgnoreParens())
                           : nullptr;
      if (ME && ME->getMemberDecl() == Field)
        Values.push_back(BO->getRHS());
      return true;
    }
  } F;
  F.Field = Field;
  for (const VarDecl *Var : Vars)
    if (const Expr *Init = Var->getAnyInitializer())
      F.TraverseStmt(const_cast<Expr *>(Init));
  for (const FunctionDecl *Fn : Functions)
    if (Fn->hasBody())
      F.TraverseStmt(Fn->getBody());
  if (F.Values.empty())
    Out.Complete = false;
  for (const Expr *V : F.Values)
    follow(V, nullptr, Out, Depth + 1);
}

void OpsTables::follow(const Expr *E, const FunctionDecl *In, Targets &Out,
                       unsigned Depth) const {
  // Deeper than any driver goes: the pointer walks in a circle.
  if (!E || Depth > 6) {
    Out.Complete = false;
    return;
  }
  const Expr *S = strip(E);
  if (S->isNullPointerConstant(const_cast<ASTContext &>(Ctx),
                               Expr::NPC_ValueDependentIsNotNull))
    return;
  if (const auto *Cond = dyn_cast<AbstractConditionalOperator>(S)) {
    follow(Cond->getTrueExpr(), In, Out, Depth + 1);
    follow(Cond->getFalseExpr(), In, Out, Depth + 1);
    return;
  }
  if (const auto *Call = dyn_cast<CallExpr>(S)) {
    const FunctionDecl *Callee = Call->getDirectCallee();
    if (!Callee || !Callee->getDefinition() ||
        !llvm::is_contained(Functions, Callee->getDefinition())) {
      Out.Complete = false;
      return;
    }
    ValueCollector C;
    C.Returns = true;
    C.TraverseStmt(Callee->getDefinition()->getBody());
    for (const Expr *V : C.Values)
      follow(V, Callee->getDefinition(), Out, Depth + 1);
    return;
  }
  bool Address = false;
  if (const auto *UO = dyn_cast<UnaryOperator>(S);
      UO && UO->getOpcode() == UO_AddrOf) {
    Address = true;
    S = UO->getSubExpr()->IgnoreParens();
  }
  while (const auto *AS = dyn_cast<ArraySubscriptExpr>(S))
    S = AS->getBase()->IgnoreParenImpCasts();
  if (const auto *ME = dyn_cast<MemberExpr>(S)) {
    const auto *Field = dyn_cast<FieldDecl>(ME->getMemberDecl());
    if (Field && !Address) {
      followField(Field, Out, Depth);
      return;
    }
    S = ME->getBase()->IgnoreParenImpCasts();
  }
  const auto *Ref = dyn_cast<DeclRefExpr>(S);
  const auto *Var = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
  if (!Var) {
    Out.Complete = false;
    return;
  }
  if (addTablesOf(Var, Out))
    return;
  if (Address) {
    Out.Complete = false; // a table of another TU
    return;
  }
  followVar(Var, In, Out, Depth);
}

OpsTables::Targets OpsTables::targets(const Expr *E,
                                      const FunctionDecl *In) const {
  Targets Out;
  follow(E, In, Out, 0);
  return Out;
}

void OpsTables::distrustWritable() {
  for (OpsTable &T : Tables)
    T.Opaque |= !T.Var->getType().isConstQualified();
}

} // namespace vfio
