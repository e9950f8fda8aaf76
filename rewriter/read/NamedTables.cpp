//===- NamedTables.cpp - The ops tables that an expression is -------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/read/NamedTables.h"
#include "lifecycle/ASTVisitor.h"
#include "rewriter/read/Statements.h"

using namespace clang;

namespace vfio::rewriter {

/// True where code of \p U assigns to an element of \p Array.
static bool isWrittenTo(const Unit &U, const VarDecl *Array) {
  struct Finder : ASTVisitor<Finder> {
    const VarDecl *Array;
    bool Found = false;
    bool VisitBinaryOperator(BinaryOperator *BO) ENGINE_OVERRIDE {
      Found |= BO->isAssignmentOp() && mentions(BO->getLHS(), Array);
      return true;
    }
  } F;
  F.Array = Array;
  for (const FunctionDecl *Fn : U.Model->Functions)
    F.TraverseStmt(Fn->getBody());
  return F.Found;
}

/// Adds the tables that an element of \p Array, which \p U names, can be: those
/// that its initialiser names, in whatever unit that is. False where not all of
/// them are there.
static bool tablesInArray(const Program &P, const Unit &U,
                          const FunctionDecl *In, const VarDecl &Array,
                          std::vector<TableRef> &Out, unsigned Depth) {
  bool Const =
      U.Model->Ctx.getBaseElementType(Array.getType()).isConstQualified();
  for (const auto &Other : P.Units)
    for (const VarDecl *V : Other->Model->Vars) {
      const auto *List =
          V->getType()->isConstantArrayType() && V->getInit() &&
                  Program::key(*Other, V) == Program::key(U, &Array)
              ? dyn_cast<InitListExpr>(V->getInit()->IgnoreParenImpCasts())
              : nullptr;
      if (!List || !List->getNumInits())
        continue;
      for (const Expr *Entry : List->inits())
        if (!isa<ImplicitValueInitExpr>(Entry) &&
            !namedTables(P, *Other, In, Entry, Out, Depth))
          return false;
      return Const || (Other.get() == &U && !isWrittenTo(U, V));
    }
  return false;
}

bool namedTables(const Program &P, const Unit &U, const FunctionDecl *In,
                 const Expr *E, std::vector<TableRef> &Out, unsigned Depth) {
  if (Depth > 4)
    return false;
  OpsTables::Targets T = U.Model->Ops->targets(E, In);
  if (T.Complete && !T.Tables.empty()) {
    for (const OpsTable *Table : T.Tables)
      Out.push_back({&U, Table});
    return true;
  }
  // `tables[i]`: any of those that the constant array names.
  const Expr *S = strip(E);
  if (const auto *Element = dyn_cast<ArraySubscriptExpr>(S)) {
    const VarDecl *Array = namedVar(Element->getBase());
    return Array && Array->hasGlobalStorage() &&
           tablesInArray(P, U, In, *Array, Out, Depth + 1);
  }
  if (const auto *Choice = dyn_cast<ConditionalOperator>(S))
    return namedTables(P, U, In, Choice->getTrueExpr(), Out, Depth + 1) &&
           namedTables(P, U, In, Choice->getFalseExpr(), Out, Depth + 1);
  // A table of another TU, by its name.
  if (const auto *UO = dyn_cast<UnaryOperator>(S);
      UO && UO->getOpcode() == UO_AddrOf) {
    const VarDecl *Var = namedVar(UO->getSubExpr());
    if (!Var)
      return false;
    std::string Key = Program::key(U, Var);
    bool Found = false;
    for (const auto &Other : P.Units)
      for (const OpsTable &Table : Other->Model->Ops->tables())
        if (Program::key(*Other, Table.Var) == Key) {
          Out.push_back({Other.get(), &Table});
          Found = true;
        }
    return Found;
  }
  // What the callers pass.
  const auto *Param = dyn_cast_or_null<ParmVarDecl>(namedVar(S));
  if (!Param)
    return false;
  unsigned I = Param->getFunctionScopeIndex();
  std::vector<Program::CallSite> Calls = P.callsOf(Program::key(U, In));
  for (const Program::CallSite &C : Calls)
    if (I >= C.Call->getNumArgs() ||
        !namedTables(P, *C.U, C.In, C.Call->getArg(I), Out, Depth + 1))
      return false;
  return !Calls.empty();
}

} // namespace vfio::rewriter
