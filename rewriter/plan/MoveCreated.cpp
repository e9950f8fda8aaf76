//===- MoveCreated.cpp - Set-up of a function that creates ----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A pair of functions that make and end the structure, which others register
// and unregister between. As nothing but the second ends what the first gave
// out, what it undoes is @release's.
//
//===----------------------------------------------------------------------===//

#include "rewriter/plan/Mover.h"
#include "rewriter/read/PrivateState.h"

using namespace clang;

namespace vfio::rewriter {

/// The last that probe does is to return the structure, and its failures undo
/// in their own blocks: all before it is set-up.
bool Mover::findCreated() {
  const auto *Last = dyn_cast<ReturnStmt>(Items.back().S);
  const Expr *Value = Last ? Last->getRetValue() : nullptr;
  if (!Value || namedVar(Value) != X || !hasExit(Items[Check].S) ||
      !namesIn(Probe->getBody()).Gotos.empty())
    return false;
  Created = true;
  Reg = Items.size() - 1;
  Pci = llvm::any_of(Dev.Path, [](const FieldDecl *Field) {
    const RecordDecl *R = Field->getType()->getAsRecordDecl();
    return R && isPciCoreDevice(R);
  });
  return true;
}

/// `if (!x) return;`
static bool isNullTest(const Stmt *S, const VarDecl *X) {
  const auto *If = dyn_cast<IfStmt>(S);
  const auto *Not = If && !If->getElse()
                        ? dyn_cast<UnaryOperator>(strip(If->getCond()))
                        : nullptr;
  return Not && Not->getOpcode() == UO_LNot &&
         namedVar(Not->getSubExpr()) == X && isa<ReturnStmt>(If->getThen());
}

/// What the end undoes of what moves; what else it does stays there, before the
/// put.
bool Mover::matchDestroy() {
  // It would undo what is @release's, or test what @init has set.
  for (unsigned I = Moved.back() + 1; I < Reg; ++I)
    if (hasExit(Items[I].S))
      return no("'" + firstLine(text(Items[I].S)) +
                "', which can fail behind it, stays there" +
                (KeptWhy.empty() ? "" : ": " + KeptWhy));
  std::vector<Item> RItems = itemsOf(Remove);
  std::vector<const Stmt *> Steps, Staying;
  bool Put = false;
  for (const Item &I : RItems) {
    if (isa<DeclStmt>(I.S) || (Steps.empty() && isNullTest(I.S, RX)))
      continue;
    Put = isPut(I.S);
    if (Put)
      break;
    if (hasExit(I.S) || !I.Labels.empty())
      return no("remove has more than one way to the put");
    Steps.push_back(I.S);
  }
  if (!Put || Remove == Probe)
    return no("remove does not unregister and put on its plain path");
  for (const Stmt *S : Steps) {
    VarSet Foreign = namesIn(S).foreign();
    bool Its = isOfMoved(S, RX) && whyNotPrivate(P, *U, S).empty() &&
               llvm::all_of(Foreign, [&](const VarDecl *V) { return V == RX; });
    (Its ? RemoveUndo : Staying).push_back(S);
  }
  llvm::erase_if(Staying, [&](const Stmt *S) {
    if (!clearsFreed(S, Steps))
      return false;
    RemoveUndo.push_back(S);
    return true;
  });
  for (const Stmt *S : Staying)
    if (spoilsUndo(S, Steps))
      return no("remove changes afterwards what the undo needs");
  return true;
}

} // namespace vfio::rewriter
