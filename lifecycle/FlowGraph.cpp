//===- FlowGraph.cpp - Functions, ready to be walked ----------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/FlowGraph.h"
#include "lifecycle/ASTVisitor.h"
#include "contracts/ResourceTable.h"

using namespace clang;

namespace vfio::flow {

namespace {
/// What one body calls and names.
class BodyScanner : public ASTVisitor<BodyScanner> {
public:
  llvm::SmallVector<const FunctionDecl *, 8> Calls, Names;
  bool Resource = false;

  bool VisitCallExpr(CallExpr *Call) {
    const FunctionDecl *F = Call->getDirectCallee();
    if (!F || !F->getIdentifier())
      return true;
    Calls.push_back(F->getCanonicalDecl());
    Callees.insert(Call->getCallee()->IgnoreParenImpCasts());
    Resource |= findResource(F->getName()) != nullptr;
    return true;
  }
  bool VisitDeclRefExpr(DeclRefExpr *Ref) {
    const auto *F = dyn_cast<FunctionDecl>(Ref->getDecl());
    if (F && !Callees.contains(Ref))
      Names.push_back(F->getCanonicalDecl());
    return true;
  }

private:
  llvm::SmallPtrSet<const Expr *, 16> Callees;
};
} // namespace

FlowGraphs::FlowGraphs(const TUModel &Model) : Model(Model) {
  for (const FunctionDecl *F : Model.Functions)
    Definitions.insert(F->getCanonicalDecl());
  for (const OpsTable &Table : Model.Ops->tables()) {
    if (const FunctionDecl *F = Table.callback("init"))
      Parts[F->getCanonicalDecl()] = Part::Init;
    if (const FunctionDecl *F = Table.callback("release"))
      Parts[F->getCanonicalDecl()] = Part::Release;
  }
  for (const OpsTable &Table : Model.Ops->tables())
    for (const OpsTable::Member &M : Table.Members)
      if (M.Callback)
        Parts.try_emplace(M.Callback->getCanonicalDecl(), Part::Callback);
  for (const BusDriver &B : Model.BusDrivers) {
    if (B.Probe)
      Parts[B.Probe->getCanonicalDecl()] = Part::Probe;
    if (B.Remove)
      Parts[B.Remove->getCanonicalDecl()] = Part::Remove;
  }
  scan();
}

void FlowGraphs::scan() {
  for (const Site &S : Model.Sites) {
    Role K = S.Api->Kind;
    bool Memory = K == Role::Allocate || K == Role::DevmAllocate || isFree(K);
    const FunctionDecl *F = S.In->getCanonicalDecl();
    if (Memory || K < Role::Allocate || K >= Role::DevmAction)
      Mattering.insert(F);
    if (K < Role::Allocate || (Memory && S.Device.Record))
      Devices.insert(F);
  }
  for (const FunctionDecl *F : Model.Functions) {
    BodyScanner B;
    B.TraverseStmt(F->getBody());
    const FunctionDecl *Canonical = F->getCanonicalDecl();
    if (B.Resource)
      Mattering.insert(Canonical);
    for (const FunctionDecl *Callee : B.Calls)
      if (Definitions.contains(Callee)) {
        Callers[Callee].push_back(Canonical);
        if (Callee != Canonical)
          Called.insert(Callee);
      }
    for (const FunctionDecl *Name : B.Names)
      Named.insert(Name);
  }
  propagate(Mattering);
  propagate(Devices);
}

/// Adds the callers of what is in \p Set.
void FlowGraphs::propagate(llvm::DenseSet<const FunctionDecl *> &Set) {
  std::vector<const FunctionDecl *> Work(Set.begin(), Set.end());
  while (!Work.empty()) {
    const FunctionDecl *F = Work.back();
    Work.pop_back();
    for (const FunctionDecl *Caller : Callers.lookup(F))
      if (Set.insert(Caller).second)
        Work.push_back(Caller);
  }
}

const FunctionDecl *FlowGraphs::definition(const FunctionDecl *F) const {
  if (!F || !Definitions.contains(F->getCanonicalDecl()))
    return nullptr;
  return F->getDefinition();
}

Part FlowGraphs::partOf(const FunctionDecl *F) const {
  return Parts.lookup(F->getCanonicalDecl());
}

bool FlowGraphs::isRoot(const FunctionDecl *F) const {
  const FunctionDecl *C = F->getCanonicalDecl();
  // Most callbacks only work with the device.
  if (Part P = Parts.lookup(C); P != Part::Other && P != Part::Callback)
    return true;
  // What only other functions of this TU call is seen from there.
  return touchesDevice(C) &&
         (F->isExternallyVisible() || Named.contains(C) || !Called.contains(C));
}

std::vector<const FunctionDecl *> FlowGraphs::roots() const {
  std::vector<const FunctionDecl *> Out, Releases, Removes;
  for (const FunctionDecl *F : Model.Functions) {
    if (!isRoot(F))
      continue;
    Part P = partOf(F);
    (P == Part::Remove    ? Removes
     : P == Part::Release ? Releases
                          : Out)
        .push_back(F);
  }
  Out.insert(Out.end(), Releases.begin(), Releases.end());
  Out.insert(Out.end(), Removes.begin(), Removes.end());
  return Out;
}

namespace {
/// Finds the expressions that are evaluated in one block and used in another.
class CarriedFinder {
public:
  explicit CarriedFinder(FlowGraph &G) : G(G) {
    for (const CFGBlock *B : G.Order)
      for (const CFGElement &Element : *B)
        if (auto S = Element.getAs<CFGStmt>())
          Home[bare(S->getStmt())] = B;
  }

  /// Looks through what \p User, evaluated in \p In, is made of.
  void find(const Stmt *User, const CFGBlock *In) {
    if (const auto *E = dyn_cast_or_null<Expr>(bare(User));
        E && decidesByBranch(E)) {
      G.Carried.insert(E);
      G.LastUse[User].push_back(E);
    }
    search(User, User, In);
  }

private:
  static const Stmt *bare(const Stmt *S) {
    const auto *E = dyn_cast<Expr>(S);
    return E ? E->IgnoreParens() : S;
  }
  static bool decidesByBranch(const Expr *E) {
    const auto *BO = dyn_cast<BinaryOperator>(E);
    return (BO && BO->isLogicalOp()) || isa<AbstractConditionalOperator>(E);
  }
  void search(const Stmt *S, const Stmt *User, const CFGBlock *In) {
    for (const Stmt *Child : S->children()) {
      if (!Child)
        continue;
      if (const auto *E = dyn_cast_or_null<Expr>(bare(Child))) {
        const CFGBlock *From = Home.lookup(E);
        if ((From && From != In) || decidesByBranch(E)) {
          G.Carried.insert(E);
          G.LastUse[User].push_back(E);
        }
      }
      search(Child, User, In);
    }
  }

  FlowGraph &G;
  llvm::DenseMap<const Stmt *, const CFGBlock *> Home;
};
} // namespace

/// Fills in the reverse post-order of the blocks that can be reached.
static void orderBlocks(FlowGraph &G) {
  std::vector<bool> Seen(G.Graph->getNumBlockIDs());
  std::vector<std::pair<const CFGBlock *, CFGBlock::const_succ_iterator>> Stack;
  auto Push = [&](const CFGBlock *B) {
    if (!B || Seen[B->getBlockID()])
      return;
    Seen[B->getBlockID()] = true;
    Stack.push_back({B, B->succ_begin()});
  };
  Push(&G.Graph->getEntry());
  while (!Stack.empty()) {
    auto &[B, Next] = Stack.back();
    if (Next != B->succ_end()) {
      const CFGBlock *Successor = (Next++)->getReachableBlock();
      Push(Successor);
      continue;
    }
    G.Order.push_back(B);
    Stack.pop_back();
  }
  std::reverse(G.Order.begin(), G.Order.end());
  G.Rank.assign(G.Graph->getNumBlockIDs(), 0);
  for (unsigned I = 0; I < G.Order.size(); ++I)
    G.Rank[G.Order[I]->getBlockID()] = I;
}

static std::unique_ptr<FlowGraph> build(const FunctionDecl *F,
                                        ASTContext &Ctx) {
  CFG::BuildOptions Options;
  Options.AddImplicitDtors = true; // for __attribute__((cleanup))
  auto G = std::make_unique<FlowGraph>();
  G->Graph = CFG::buildCFG(F, F->getBody(), &Ctx, Options);
  if (!G->Graph)
    return nullptr;
  orderBlocks(*G);
  CarriedFinder Finder(*G);
  for (const CFGBlock *B : G->Order) {
    for (const CFGElement &Element : *B)
      if (auto S = Element.getAs<CFGStmt>())
        Finder.find(S->getStmt(), B);
    const Stmt *T = B->getTerminatorStmt();
    const auto *Condition =
        dyn_cast_or_null<Expr>(T ? B->getTerminatorCondition() : nullptr);
    // The operators of `if (a && b)` are branches themselves, not values; but
    // in `while` after `do` their paths have met again, in a block of its own.
    if (Condition &&
        (!isa<BinaryOperator>(Condition->IgnoreParens()) || B->empty()))
      Finder.find(Condition->IgnoreParens(), B);
  }
  return G;
}

const FlowGraph *FlowGraphs::graph(const FunctionDecl *F) {
  auto [It, New] = Graphs.try_emplace(F->getCanonicalDecl());
  if (New)
    It->second = build(F->getDefinition(), Model.Ctx);
  return It->second.get();
}

} // namespace vfio::flow
