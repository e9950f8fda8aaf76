//===- Walker.h - One function, all its paths -----------------------------===//
//
// Part of the life-cycle tools, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Moves a bounded set of states forward over the CFG of a function. States that
// say the same of every structure are merged at joins; so the work is
// polynomial and a flag that goes with a structure's state stays tied to it.
//
// What a call does, a client says (CallSemantics). It has the parts to build it
// from here: split() for one that can fail, inlineCall() for one to walk into.
//
//===----------------------------------------------------------------------===//
#ifndef ENGINE_WALKER_H
#define ENGINE_WALKER_H

#include "engine/Client.h"
#include "engine/Evaluator.h"
#include "engine/FlowGraph.h"
#include "engine/Limits.h"

namespace engine {

/// Moves states along the CFG of a function.
class Walker {
public:
  Walker(clang::ASTContext &Ctx, EntityTable &Entities, CallSemantics &Calls,
         PathListener &Listener, const Limits &Most);

  /// Starts a story: what was counted for the last one is forgotten.
  void begin() {
    GaveUpBy = Exceeded::Nothing;
    Steps = 0;
    Eval.Context = 0;
  }
  /// The states at the end of \p F, a definition, that starts in \p In.
  States walk(const clang::FunctionDecl *F, State In);
  /// The first limit that something of the story exceeded.
  Exceeded exceeded() const { return GaveUpBy; }
  bool complete() const { return GaveUpBy == Exceeded::Nothing; }
  unsigned steps() const { return Steps; }
  /// How many steps this story may take.
  unsigned budget() const { return Budget; }

  Evaluator &eval() { return Eval; }
  const FlowGraph *graph(const clang::FunctionDecl *F) {
    return Graphs.graph(F);
  }
  /// True where \p F can be walked into from here: no recursion, not too deep.
  bool canEnter(const clang::FunctionDecl *F) const;
  /// Walks into \p F, which \p Call calls; that is null where the end of a
  /// scope does.
  States inlineCall(const clang::CallExpr *Call, const clang::FunctionDecl *F,
                    llvm::ArrayRef<Value> Args, State S);
  /// One path on which \p Result, of \p Call, has a sign of \p Success, and one
  /// of \p Failure; in this order.
  States split(State S, const clang::CallExpr *Call, EntityId Result,
               Signs Success, Signs Failure);

private:
  struct Walk; // one function in progress

  void enterBlock(Walk &W, const clang::CFGBlock *B, State S);
  void joinAlike(States &All, const clang::CFGElement &Element);
  void joinStates(Walk &W, const clang::CFGBlock *B, State &Old,
                  const State &S);
  void leaveBlock(Walk &W, const clang::CFGBlock *B, State S);
  void branchOn(Walk &W, const clang::CFGBlock *B, const clang::Expr *Condition,
                State S);
  void branchSwitch(Walk &W, const clang::CFGBlock *B,
                    const clang::SwitchStmt *Switch, State S);
  void execElement(Walk &W, const clang::CFGElement &Element, State S,
                   States &Out);
  void execDecl(const clang::DeclStmt *D, State &S);
  void forgetUsed(Walk &W, const clang::Stmt *User, State &S);
  void dropDead(Walk &W, const clang::CFGBlock *B, State &S);
  void giveUp(Exceeded By);
  unsigned contextOf(const clang::CallExpr *Call);

  EntityTable &Entities;
  CallSemantics &Calls;
  PathListener &Listener;
  const Limits &Most;
  FlowGraphCache Graphs;
  Evaluator Eval;
  std::vector<const clang::FunctionDecl *> Active;
  /// What the callers of the function that is walked have yet to use.
  std::vector<EntityId> CallersValues;
  std::map<std::pair<unsigned, const clang::CallExpr *>, unsigned> Contexts;
  Exceeded GaveUpBy = Exceeded::Nothing;
  unsigned Steps = 0, Budget = 0;
};

} // namespace engine

#endif // ENGINE_WALKER_H
