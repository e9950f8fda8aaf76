//===- MayBeNull.cpp - Where a pointer can be NULL ------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/read/MayBeNull.h"
#include "rewriter/read/Names.h"
#include "rewriter/read/NullTest.h"
#include "clang/Analysis/CFG.h"

using namespace clang;

namespace vfio::rewriter {

namespace {

/// Where a pointer is known not to be NULL, in one function.
class NullWalk {
public:
  NullWalk(const Program &P, const Unit &U, const FunctionDecl *In,
           const Expr *E, unsigned Depth)
      : P(P), U(U), Ctx(U.Model->Ctx), In(In), E(E->IgnoreParenCasts()),
        Depth(Depth), Text(U.text(E->IgnoreParenCasts()->getSourceRange())),
        Named(namesIn(this->E).Vars) {
    this->E->Profile(Id, Ctx, /*Canonical=*/true);
    CFG::BuildOptions Options;
    Options.setAllAlwaysAdd();
    Graph = CFG::buildCFG(In, In->getBody(), &Ctx, Options);
  }

  bool knownAt(const Stmt *Where);
  bool knownAtEnd();
  bool isPointer(const Expr *Value, const Stmt *Where);

private:
  static constexpr unsigned Deepest = 4;

  void solve(bool AtEntry);
  bool through(const CFGBlock &B, bool Known, const Stmt *Until = nullptr,
               bool *Found = nullptr);
  bool change(const Stmt *S, bool Known);
  bool behind(const CFGBlock &B, unsigned Successor, bool Known);
  bool isIt(const Expr *Other) const;
  bool isPartOfIt(const Expr *LHS) const;
  bool returnsPointer(const CallExpr *Call);
  bool givenByAll();
  bool usedByCore(const CallExpr *Call) const;
  bool usedByCallee(const CallExpr *Call);

  const Program &P;
  const Unit &U;
  ASTContext &Ctx;
  const FunctionDecl *In;
  const Expr *E;
  unsigned Depth;
  std::string Text;
  VarSet Named;
  llvm::FoldingSetNodeID Id;
  std::unique_ptr<CFG> Graph;
  std::vector<std::optional<bool>> At;
};

} // namespace

bool NullWalk::isIt(const Expr *Other) const {
  llvm::FoldingSetNodeID OtherId;
  Other->IgnoreParenCasts()->Profile(OtherId, Ctx, /*Canonical=*/true);
  return OtherId == Id;
}

/// True where a write of \p LHS gives the pointer, or what it is found by,
/// another value.
bool NullWalk::isPartOfIt(const Expr *LHS) const {
  const VarDecl *V = namedVar(LHS);
  return isIt(LHS) || (V && Named.count(V));
}

/// True where each call gives the function a pointer; what is only called by
/// the kernel gets one.
bool NullWalk::givenByAll() {
  const auto *Param = dyn_cast_or_null<ParmVarDecl>(namedVar(E));
  if (!Param || Depth >= Deepest)
    return false;
  unsigned I = Param->getFunctionScopeIndex();
  return llvm::all_of(
      P.callsOf(Program::key(U, In)), [&](const Program::CallSite &C) {
        if (C.In == In)
          return true; // what it hands on to itself came from outside
        if (I >= C.Call->getNumArgs())
          return false;
        return NullWalk(P, *C.U, C.In, C.Call->getArg(I), Depth + 1)
            .isPointer(C.Call->getArg(I), C.Call);
      });
}

void NullWalk::solve(bool AtEntry) {
  At.assign(Graph->getNumBlockIDs(), std::nullopt);
  std::vector<const CFGBlock *> Work = {&Graph->getEntry()};
  At[Graph->getEntry().getBlockID()] = AtEntry;
  while (!Work.empty()) {
    const CFGBlock *B = Work.back();
    Work.pop_back();
    bool Out = through(*B, *At[B->getBlockID()]);
    unsigned I = 0;
    for (const CFGBlock *Next : B->succs()) {
      bool Known = behind(*B, I++, Out);
      if (!Next)
        continue;
      std::optional<bool> &There = At[Next->getBlockID()];
      if (There && (!*There || Known))
        continue;
      There = Known;
      Work.push_back(Next);
    }
  }
}

bool NullWalk::through(const CFGBlock &B, bool Known, const Stmt *Until,
                       bool *Found) {
  for (const CFGElement &Element : B) {
    auto S = Element.getAs<CFGStmt>();
    if (!S)
      continue;
    if (Until && S->getStmt() == Until) {
      *Found = true;
      return Known;
    }
    Known = change(S->getStmt(), Known);
  }
  return Known;
}

/// What the condition at the end of \p B says on its way \p Successor.
bool NullWalk::behind(const CFGBlock &B, unsigned Successor, bool Known) {
  const Stmt *Last = B.succ_size() == 2 ? B.getLastCondition() : nullptr;
  const auto *Cond = dyn_cast_or_null<Expr>(Last);
  if (!Cond)
    return Known;
  bool Positive = true;
  const Expr *C = Cond->IgnoreParenImpCasts();
  while (const auto *UO = dyn_cast<UnaryOperator>(C)) {
    if (UO->getOpcode() != UO_LNot)
      break;
    Positive = !Positive;
    C = UO->getSubExpr()->IgnoreParenImpCasts();
  }
  if (const auto *Call = dyn_cast<CallExpr>(C);
      Call && roleOf(*Call) == Role::IsErrOrNull && isIt(Call->getArg(0)))
    return Known || (Successor == 0) != Positive;
  NullTest T = nullTest(U, Cond, Text, nullptr);
  return T ? Known || (Successor == 0) != T.WhenNull : Known;
}

bool NullWalk::change(const Stmt *S, bool Known) {
  if (const auto *ME = dyn_cast<MemberExpr>(S))
    return Known || (ME->isArrow() && isIt(ME->getBase()));
  if (const auto *BO = dyn_cast<BinaryOperator>(S)) {
    if (!BO->isAssignmentOp() || !isPartOfIt(BO->getLHS()))
      return Known;
    return isIt(BO->getLHS()) && isPointer(BO->getRHS(), BO);
  }
  if (const auto *UO = dyn_cast<UnaryOperator>(S)) {
    if (UO->getOpcode() == UO_Deref)
      return Known || isIt(UO->getSubExpr());
    bool Writes = UO->isIncrementDecrementOp() || UO->getOpcode() == UO_AddrOf;
    return Known && !(Writes && isPartOfIt(UO->getSubExpr()));
  }
  if (const auto *Asm = dyn_cast<GCCAsmStmt>(S))
    return Known && llvm::none_of(Asm->outputs(), [&](const Expr *Out) {
             return isPartOfIt(Out);
           });
  if (const auto *DS = dyn_cast<DeclStmt>(S)) {
    for (const Decl *D : DS->decls())
      if (const auto *V = dyn_cast<VarDecl>(D); V && Named.count(V))
        Known = V == namedVar(E) && V->hasInit() && isPointer(V->getInit(), DS);
    return Known;
  }
  if (const auto *Call = dyn_cast<CallExpr>(S))
    return Known || usedByCore(Call) || usedByCallee(Call);
  return Known;
}

/// True where \p Call gives the device itself to core, which looks into it.
bool NullWalk::usedByCore(const CallExpr *Call) const {
  const ApiFunction *Api = findApi(*Call);
  if (!Api || Api->Subject < 0 || Api->Subject >= int(Call->getNumArgs()))
    return false;
  Role R = Api->Kind;
  return (isOldInit(R) || isOldUninit(R) || isRegister(R) || isUnregister(R)) &&
         isIt(Call->getArg(Api->Subject));
}

/// \p V as an expression of \p U that names it.
static const Expr *nameOf(const Unit &U, const VarDecl *V) {
  return DeclRefExpr::Create(U.Model->Ctx, NestedNameSpecifierLoc(),
                             SourceLocation(), const_cast<VarDecl *>(V), false,
                             V->getLocation(), V->getType(), VK_LValue);
}

/// True where what \p Call calls uses the structure on each of its ways.
bool NullWalk::usedByCallee(const CallExpr *Call) {
  Program::Definition D = P.callee(U, Call);
  if (!D || Depth >= Deepest)
    return false;
  unsigned Last = std::min(Call->getNumArgs(), D.F->getNumParams());
  for (unsigned I = 0; I < Last; ++I)
    if (isIt(Call->getArg(I))) {
      const Expr *Param = nameOf(*D.U, D.F->getParamDecl(I));
      return NullWalk(P, *D.U, D.F, Param, Depth + 1).knownAtEnd();
    }
  return false;
}

/// True where each value that \p Call can return is a pointer.
bool NullWalk::returnsPointer(const CallExpr *Call) {
  Program::Definition D = P.callee(U, Call);
  if (!D || Depth >= Deepest)
    return false;
  Names N = namesIn(D.F->getBody());
  return !N.Returns.empty() &&
         llvm::all_of(N.Returns, [&](const ReturnStmt *R) {
           const Expr *V = R->getRetValue();
           return V && NullWalk(P, *D.U, D.F, V, Depth + 1).isPointer(V, R);
         });
}

/// True where \p Value, as it is at \p Where, cannot be NULL: an address,
/// what container_of gives, or something that was tested or used.
bool NullWalk::isPointer(const Expr *Value, const Stmt *Where) {
  const Expr *V = Value->IgnoreParenCasts();
  if (const auto *SE = dyn_cast<StmtExpr>(V)) {
    const auto *Last = SE->getSubStmt()->body_empty()
                           ? nullptr
                           : dyn_cast<Expr>(SE->getSubStmt()->body_back());
    return Last && isPointer(Last, Where);
  }
  if (const auto *Choice = dyn_cast<ConditionalOperator>(V))
    return isPointer(Choice->getTrueExpr(), Where) &&
           isPointer(Choice->getFalseExpr(), Where);
  if (const auto *UO = dyn_cast<UnaryOperator>(V))
    return UO->getOpcode() == UO_AddrOf;
  if (const auto *BO = dyn_cast<BinaryOperator>(V))
    return BO->isAdditiveOp();
  if (const auto *Call = dyn_cast<CallExpr>(V))
    return returnsPointer(Call);
  if (!isa<DeclRefExpr, MemberExpr, ArraySubscriptExpr>(V) || Depth >= Deepest)
    return false;
  return NullWalk(P, U, In, V, Depth + 1).knownAt(Where);
}

bool NullWalk::knownAt(const Stmt *Where) {
  if (!Graph)
    return false;
  solve(givenByAll());
  bool Found = false;
  for (const CFGBlock *B : *Graph) {
    std::optional<bool> Start = At[B->getBlockID()];
    if (bool Known = through(*B, Start.value_or(true), Where, &Found); Found)
      return Known;
  }
  return false;
}

bool NullWalk::knownAtEnd() {
  if (!Graph)
    return false;
  solve(false);
  return At[Graph->getExit().getBlockID()].value_or(true);
}

bool mayBeNull(const Program &P, const Unit &U, const FunctionDecl *In,
               const Expr *E, const Stmt *At) {
  return !NullWalk(P, U, In, E, 0).isPointer(E, At);
}

bool mayBeNull(const Program &P, const Unit &U, const FunctionDecl *In,
               const VarDecl *V, const Stmt *At) {
  return mayBeNull(P, U, In, nameOf(U, V), At);
}

} // namespace vfio::rewriter
