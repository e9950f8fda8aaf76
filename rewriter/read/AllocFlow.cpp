//===- AllocFlow.cpp - Which allocation a pointer can come from -----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/read/AllocFlow.h"
#include "lifecycle/ASTVisitor.h"
#include "clang/AST/ParentMapContext.h"

using namespace clang;

namespace vfio::rewriter {

AllocFlow::Node AllocFlow::node(const std::string &Key) {
  auto [It, New] = Nodes.try_emplace(Key, Out.size());
  if (New) {
    Out.emplace_back();
    Points.emplace_back();
  }
  return It->second;
}

AllocFlow::Node AllocFlow::findNode(const std::string &Key) const {
  auto It = Nodes.find(Key);
  return It == Nodes.end() ? ~0u : It->second;
}

std::string AllocFlow::paramKey(const std::string &Function,
                                unsigned Index) const {
  return "param " + Function + " " + std::to_string(Index);
}

std::string AllocFlow::varKey(const Unit &U, const VarDecl *V) const {
  if (const auto *Param = dyn_cast<ParmVarDecl>(V))
    if (const auto *F = dyn_cast<FunctionDecl>(Param->getDeclContext()))
      return paramKey(Program::key(U, F), Param->getFunctionScopeIndex());
  if (V->hasGlobalStorage())
    return "global " + Program::key(U, V);
  return "local " + std::to_string(U.Index) + " " +
         std::to_string(V->getLocation().getRawEncoding());
}

void AllocFlow::edge(const std::string &From, const std::string &To) {
  if (From == To)
    return;
  Node F = node(From), T = node(To);
  Out[F].insert(T);
}

/// The record of the pointer that takes the result of \p Call: the type of the
/// variable, member or return value behind casts.
static const RecordDecl *receivingRecord(const Unit &U, const CallExpr *Call) {
  ASTContext &Ctx = U.Model->Ctx;
  DynTypedNode Node = DynTypedNode::create(*static_cast<const Stmt *>(Call));
  for (unsigned I = 0; I < 8; ++I) {
    auto Parents = Ctx.getParents(Node);
    if (Parents.empty())
      return nullptr;
    Node = Parents[0];
    if (const auto *Var = Node.get<VarDecl>())
      return pointeeRecord(Var->getType());
    const auto *E = Node.get<Expr>();
    if (const auto *BO = dyn_cast_or_null<BinaryOperator>(E))
      return pointeeRecord(BO->getLHS()->getType());
    if (!E ||
        !(isa<CastExpr, ParenExpr, StmtExpr>(E) || isa<ConditionalOperator>(E)))
      return nullptr;
    if (const RecordDecl *R = pointeeRecord(E->getType()))
      return R;
  }
  return nullptr;
}

const RecordDecl *AllocFlow::allocatedRecord(const Unit &U,
                                             const Site &S) const {
  int Size = S.Api->Size;
  if (Size >= 0 && Size < int(S.Call->getNumArgs()))
    if (const RecordDecl *R = recordOfSize(S.Call->getArg(Size)))
      return R;
  return receivingRecord(U, S.Call);
}

static std::string memberKey(const Unit &U, const FieldDecl *F) {
  return "member " + Program::key(U, F->getParent()) + " " +
         F->getNameAsString();
}

/// The pointer to the structure that the object \p E is a part of; null where
/// it is a part of none.
static const Expr *structureAround(const Expr *E) {
  while (true) {
    E = E->IgnoreParenImpCasts();
    const auto *AS = dyn_cast<ArraySubscriptExpr>(E);
    const auto *ME = dyn_cast<MemberExpr>(E);
    if (ME && ME->isArrow())
      return ME->getBase();
    if (ME)
      E = ME->getBase();
    else if (AS &&
             AS->getBase()->IgnoreParenImpCasts()->getType()->isArrayType())
      E = AS->getBase();
    else
      return nullptr;
  }
}

/// Adds what the pointers \p Ptr point to.
static void addTargets(llvm::ArrayRef<std::string> Ptr,
                       std::vector<std::string> &Result) {
  for (const std::string &K : Ptr)
    Result.push_back("deref " + K);
}

/// Adds where the result of \p Call comes from.
void AllocFlow::addResult(const Unit &U, const CallExpr *Call,
                          std::vector<std::string> &Result) const {
  auto It = AllocOf.find(Call);
  if (It != AllocOf.end()) {
    Result.push_back("alloc " + std::to_string(It->second));
    return;
  }
  switch (roleOf(*Call)) {
  case Role::GetDrvdata:
    Result.push_back("drvdata");
    return;
  case Role::ErrCast:
  case Role::ErrPtr:
    return;
  default:
    break;
  }
  if (const FunctionDecl *F = Call->getDirectCallee())
    Result.push_back("result " + Program::key(U, F));
}

void AllocFlow::sources(const Unit &U, const FunctionDecl *In, const Expr *E,
                        std::vector<std::string> &Result,
                        unsigned Depth) const {
  if (!E || Depth > 16)
    return;
  ASTContext &Ctx = U.Model->Ctx;
  if (std::optional<ContainerOf> C = matchContainerOf(E, Ctx)) {
    sources(U, In, C->Ptr, Result, Depth + 1);
    return;
  }
  const Expr *S = strip(E);
  if (const auto *Cond = dyn_cast<AbstractConditionalOperator>(S)) {
    sources(U, In, Cond->getTrueExpr(), Result, Depth + 1);
    sources(U, In, Cond->getFalseExpr(), Result, Depth + 1);
    return;
  }
  if (const auto *BO = dyn_cast<BinaryOperator>(S)) {
    if (BO->getOpcode() == BO_Assign || BO->getOpcode() == BO_Comma)
      sources(U, In, BO->getRHS(), Result, Depth + 1);
    return;
  }
  if (const auto *Ref = dyn_cast<DeclRefExpr>(S)) {
    if (const auto *Var = dyn_cast<VarDecl>(Ref->getDecl()))
      Result.push_back(varKey(U, Var));
    return;
  }
  if (const auto *Call = dyn_cast<CallExpr>(S))
    return addResult(U, Call, Result);
  if (const auto *UO = dyn_cast<UnaryOperator>(S)) {
    if (UO->getOpcode() == UO_AddrOf) {
      const Expr *Sub = UO->getSubExpr()->IgnoreParens();
      if (const Expr *Whole = structureAround(Sub))
        sources(U, In, Whole, Result, Depth + 1);
    } else if (UO->getOpcode() == UO_Deref) {
      std::vector<std::string> Ptr;
      sources(U, In, UO->getSubExpr(), Ptr, Depth + 1);
      addTargets(Ptr, Result);
    }
    return;
  }
  if (const auto *ME = dyn_cast<MemberExpr>(S)) {
    if (const auto *F = dyn_cast<FieldDecl>(ME->getMemberDecl()))
      Result.push_back(memberKey(U, F));
    // An array that is named is the address of its first element.
    if (ME->getType()->isArrayType())
      if (const Expr *Whole = structureAround(ME))
        sources(U, In, Whole, Result, Depth + 1);
    return;
  }
  if (const auto *AS = dyn_cast<ArraySubscriptExpr>(S)) {
    const auto *Array = dyn_cast<MemberExpr>(strip(AS->getBase()));
    const auto *F = Array && Array->getType()->isArrayType()
                        ? dyn_cast<FieldDecl>(Array->getMemberDecl())
                        : nullptr;
    std::vector<std::string> Ptr;
    if (F)
      Ptr.push_back(memberKey(U, F));
    else
      sources(U, In, AS->getBase(), Ptr, Depth + 1);
    addTargets(Ptr, Result);
  }
}

/// Adds the edges of one function.
class FlowCollector : public EvaluatedVisitor<FlowCollector> {
public:
  FlowCollector(AllocFlow &Flow, const Unit &U, const FunctionDecl *In)
      : Flow(Flow), U(U), In(In) {}

  bool VisitVarDecl(VarDecl *Var) ENGINE_OVERRIDE {
    if (Var->hasInit() && Var->getType()->isPointerType())
      flow(Var->getInit(), Flow.varKey(U, Var));
    return true;
  }

  bool VisitBinaryOperator(BinaryOperator *BO) ENGINE_OVERRIDE {
    if (BO->getOpcode() != BO_Assign || !BO->getType()->isPointerType())
      return true;
    // `(&x->work)->func = f`: f is called with the part of x.
    if (const FunctionDecl *F = namedFunction(BO->getRHS()))
      if (const auto *ME =
              dyn_cast<MemberExpr>(BO->getLHS()->IgnoreParenImpCasts()))
        toCallback(*F, partOf(ME));
    std::vector<std::string> To;
    Flow.sources(U, In, BO->getLHS(), To);
    for (const std::string &K : To)
      flow(BO->getRHS(), K);
    return true;
  }

  bool VisitReturnStmt(ReturnStmt *RS) ENGINE_OVERRIDE {
    if (RS->getRetValue() && RS->getRetValue()->getType()->isPointerType())
      flow(RS->getRetValue(), "result " + Program::key(U, In));
    return true;
  }

  bool VisitCallExpr(CallExpr *Call) ENGINE_OVERRIDE {
    const ApiFunction *Api = findApi(*Call);
    if (Api && Api->Kind == Role::SetDrvdata) {
      if (Api->Subject < int(Call->getNumArgs()))
        flow(Call->getArg(Api->Subject), "drvdata");
      return true;
    }
    if (Api &&
        (Api->Kind == Role::DevmAction || Api->Kind == Role::DevmActionOrReset))
      return devmAction(Call);
    const FunctionDecl *F = Call->getDirectCallee();
    if (!F)
      for (const Program::Definition &Callee : Flow.Pointed.of(U, Call))
        toCallee(Call, Program::key(*Callee.U, Callee.F));
    if (!F || !Flow.P.definition(Program::key(U, F)))
      return throughKernel(Call);
    toCallee(Call, Program::key(U, F));
    return true;
  }

private:
  void toCallee(const CallExpr *Call, const std::string &Key) {
    for (unsigned I = 0; I < Call->getNumArgs(); ++I) {
      const Expr *Arg = Call->getArg(I);
      if (!Arg->getType()->isPointerType())
        continue;
      std::string Param = Flow.paramKey(Key, I);
      flow(Arg, Param);
      outParameter(Arg, Param);
    }
  }

  void flow(const Expr *From, const std::string &To) {
    std::vector<std::string> Keys;
    Flow.sources(U, In, From, Keys);
    for (const std::string &K : Keys)
      Flow.edge(K, To);
  }

  /// `f(&x)`: what f stores through its parameter arrives in x.
  void outParameter(const Expr *Arg, const std::string &Param) {
    const auto *UO = dyn_cast<UnaryOperator>(strip(Arg));
    if (!UO || UO->getOpcode() != UO_AddrOf ||
        !UO->getSubExpr()->getType()->isPointerType())
      return;
    std::vector<std::string> To;
    Flow.sources(U, In, UO->getSubExpr(), To);
    for (const std::string &K : To) {
      Flow.edge("deref " + Param, K);
      Flow.edge(K, "deref " + Param);
    }
  }

  /// The structure that the object whose member \p ME names is a part of; null
  /// where it is a pointer that somebody else filled in.
  static const Expr *partOf(const MemberExpr *ME) {
    const Expr *Base = ME->getBase()->IgnoreParenImpCasts();
    if (ME->isArrow())
      return ME->getBase();
    while (const auto *Inner = dyn_cast<MemberExpr>(Base)) {
      if (Inner->isArrow())
        return Inner->getBase();
      Base = Inner->getBase()->IgnoreParenImpCasts();
    }
    return nullptr;
  }

  void toCallback(const FunctionDecl &F, const Expr *From) {
    if (!From || !Flow.P.definition(Program::key(U, &F)))
      return;
    for (unsigned I = 0; I < F.getNumParams(); ++I)
      if (F.getParamDecl(I)->getType()->isPointerType())
        flow(From, Flow.paramKey(Program::key(U, &F), I));
  }

  /// `kref_put(&x->ref, f)`, `request_irq(n, f, 0, name, x)`: f is called with
  /// what was given beside it.
  bool throughKernel(CallExpr *Call) {
    for (const Expr *Arg : Call->arguments())
      if (const FunctionDecl *F = namedFunction(Arg))
        for (const Expr *Given : Call->arguments())
          if (Given != Arg && Given->getType()->isPointerType())
            toCallback(*F, Given);
    return true;
  }

  bool devmAction(CallExpr *Call) {
    if (Call->getNumArgs() < 3)
      return true;
    if (const FunctionDecl *F = namedFunction(Call->getArg(1)))
      flow(Call->getArg(2), Flow.paramKey(Program::key(U, F), 0));
    return true;
  }

  AllocFlow &Flow;
  const Unit &U;
  const FunctionDecl *In;
};

AllocFlow::AllocFlow(const Program &P) : P(P), Pointed(P) {
  for (const auto &U : P.Units)
    for (const Site &S : U->Model->Sites) {
      if (S.Api->Kind != Role::Allocate && S.Api->Kind != Role::DevmAllocate &&
          S.Api->Kind != Role::AllocDevice)
        continue;
      DeviceRecord R = findDeviceRecord(allocatedRecord(*U, S), U->Model->Ctx);
      if (!R)
        continue;
      AllocOf[S.Call] = Allocs.size();
      Allocs.push_back(
          {U.get(), S.In, S.Call, S.Api, R, Program::key(*U, R.Record)});
    }
  for (unsigned I = 0; I < Allocs.size(); ++I)
    Points[node("alloc " + std::to_string(I))].insert(I);
  for (const auto &U : P.Units) {
    for (const FunctionDecl *F : U->Model->Functions)
      FlowCollector(*this, *U, F)
          .TraverseStmt(const_cast<Stmt *>(F->getBody()));
    // What is prepared with a table reaches the table's callbacks.
    for (const Site &S : U->Model->Sites) {
      if (S.Ops.Tables.empty() || !S.Device.Pointer)
        continue;
      std::vector<std::string> From;
      sources(*U, S.In, S.Device.Pointer, From);
      for (const OpsTable *T : S.Ops.Tables)
        for (const OpsTable::Member &M : T->Members)
          if (M.Callback)
            for (const std::string &K : From)
              edge(K, paramKey(Program::key(*U, M.Callback), 0));
    }
  }
  solve();
}

void AllocFlow::solve() {
  std::vector<Node> Work;
  for (Node N = 0; N < Out.size(); ++N)
    if (!Points[N].empty())
      Work.push_back(N);
  while (!Work.empty()) {
    Node N = Work.back();
    Work.pop_back();
    for (Node To : Out[N]) {
      size_t Before = Points[To].size();
      Points[To].insert(Points[N].begin(), Points[N].end());
      if (Points[To].size() != Before)
        Work.push_back(To);
    }
  }
}

std::set<unsigned> AllocFlow::pointsTo(const Unit &U, const FunctionDecl *In,
                                       const Expr *E) const {
  std::vector<std::string> Keys;
  sources(U, In, E, Keys);
  std::set<unsigned> Result;
  for (const std::string &K : Keys)
    if (Node N = findNode(K); N != ~0u)
      Result.insert(Points[N].begin(), Points[N].end());
  return Result;
}

std::set<unsigned> AllocFlow::pointsTo(const Unit &U, const VarDecl *V) const {
  Node N = findNode(varKey(U, V));
  return N == ~0u ? std::set<unsigned>() : Points[N];
}

} // namespace vfio::rewriter
