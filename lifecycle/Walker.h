//===- Walker.h - One function, all its paths -----------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_WALKER_H
#define VFIO_LIFECYCLE_WALKER_H

#include "lifecycle/Evaluator.h"
#include "lifecycle/FlowGraph.h"
#include "lifecycle/PathEngine.h"
#include "lifecycle/Rules.h"

namespace vfio::flow {

/// States that leave something together.
using States = std::vector<State>;

/// Moves states along the CFG of a function.
class Walker {
public:
  Walker(const TUModel &Model, FlowGraphs &Graphs, EntityTable &Entities,
         Rules &R, const PathLimits &Limits);

  /// The states at the end of \p F, a definition, that starts in \p In.
  States walk(const clang::FunctionDecl *F, State In);
  /// Walks \p F as the start of a story, with the rules that its part has.
  void walkRoot(const clang::FunctionDecl *F);

  bool complete() const { return Complete; }
  unsigned steps() const { return Steps; }

private:
  struct Walk; // one function in progress

  void enterBlock(Walk &W, const clang::CFGBlock *B, State S);
  void leaveBlock(Walk &W, const clang::CFGBlock *B, State S);
  void branchOn(Walk &W, const clang::CFGBlock *B, const clang::Expr *Condition,
                State S);
  void branchSwitch(Walk &W, const clang::CFGBlock *B,
                    const clang::SwitchStmt *Switch, State S);
  States execElement(Walk &W, const clang::CFGElement &Element, State S);
  void execDecl(const clang::DeclStmt *D, State &S);
  void startFromDevice(const clang::FunctionDecl *F, State &S);
  void forgetUsed(Walk &W, const clang::Stmt *User, State &S);

  // Calls.cpp: what a call does.
  States execCall(const clang::CallExpr *Call, State S);
  void readOthers(const clang::CallExpr *Call, int Index, State &S);
  States execApi(const clang::CallExpr *Call, const ApiFunction &Api, State S);
  States execAllocation(const clang::CallExpr *Call, const ApiFunction &Api,
                        State S);
  States execRegister(const clang::CallExpr *Call, const Value &Subject,
                      State S);
  States execResource(const clang::CallExpr *Call, const ResourceRow &Row,
                      State S);
  States execOwn(const clang::CallExpr *Call, const ResourceRow &Row, State S);
  States takeBy(const clang::CallExpr *Call, const ResourceRow &Row,
                EntityId Result, Place Key, State S);
  /// \p Call is null where the end of a scope calls \p F.
  States execInline(const clang::CallExpr *Call, const clang::FunctionDecl *F,
                    llvm::ArrayRef<Value> Args, State S);
  States execUnknown(const clang::CallExpr *Call, State S);
  States execCleanup(const clang::VarDecl *Var, const clang::FunctionDecl *F,
                     State S);
  void noteDeedsOfAction(const clang::CallExpr *Call,
                         const clang::FunctionDecl *F, const Value &Data,
                         State &S);
  States execDevmAction(const clang::CallExpr *Call, const ApiFunction &Api,
                        State S);
  States split(State S, const clang::CallExpr *Call, EntityId Result,
               Signs Success, Signs Failure);
  bool isWorthInlining(const clang::FunctionDecl *F);
  std::optional<Value> accessorResult(const clang::CallExpr *Call,
                                      llvm::ArrayRef<Value> Args);
  std::optional<Place> drvdataPlace(const clang::Expr *Device, State &S);
  Value fetchDrvdata(const clang::CallExpr *Call, const clang::Expr *Device,
                     State &S);
  void freeThroughCleanup(const clang::VarDecl *Var, llvm::StringRef Name,
                          State &S);
  void keepThroughCleanup(const clang::VarDecl *Var, State &S);
  void giveToOutside(const clang::CallExpr *Call, const clang::Expr *Arg,
                     const Value &V, State &S);
  void unlink(const clang::CallExpr *Call, const Value &Item, State &S);
  unsigned contextOf(const clang::CallExpr *Call);

  const TUModel &Model;
  FlowGraphs &Graphs;
  EntityTable &Entities;
  Rules &R;
  const PathLimits &Limits;
  Evaluator Eval;
  std::vector<const clang::FunctionDecl *> Active;
  std::map<std::pair<unsigned, const clang::CallExpr *>, unsigned> Contexts;
  bool Complete = true;
  unsigned Steps = 0;
};

} // namespace vfio::flow

#endif // VFIO_LIFECYCLE_WALKER_H
