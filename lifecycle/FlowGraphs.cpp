//===- FlowGraphs.cpp - How the functions of a TU call each other ---------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/FlowGraphs.h"
#include "contracts/ResourceTable.h"
#include "lifecycle/ASTVisitor.h"
#include "clang/AST/Attr.h"

using namespace clang;

namespace vfio::flow {

namespace {
/// What one body calls and names.
class BodyScanner : public ASTVisitor<BodyScanner> {
public:
  llvm::SmallVector<const FunctionDecl *, 8> Calls, Names;
  bool Resource = false;

  bool VisitCallExpr(CallExpr *Call) ENGINE_OVERRIDE {
    const FunctionDecl *F = Call->getDirectCallee();
    if (!F || !F->getIdentifier())
      return true;
    Calls.push_back(F->getCanonicalDecl());
    Callees.insert(Call->getCallee()->IgnoreParenImpCasts());
    Resource |= findResource(F->getName()) != nullptr;
    return true;
  }
  bool VisitDeclRefExpr(DeclRefExpr *Ref) ENGINE_OVERRIDE {
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
    if (!F->hasAttr<WeakAttr>()) // another source may have the one that is
                                 // linked
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
  // Its own source's run begins there.
  if (Model.isBrought(F))
    return false;
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

} // namespace vfio::flow
