//===- Client.h - What the engine asks of whoever uses it -----------------===//
//
// Part of the life-cycle tools, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef ENGINE_CLIENT_H
#define ENGINE_CLIENT_H

#include "engine/Evaluator.h"

namespace engine {

class Walker;

/// Is told what happens on a path. \c In and \c Stack say where the walk is.
class PathListener : public MemoryListener {
public:
  /// The calls through which the walk came to the function it is in; null for
  /// the end of a scope.
  std::vector<const clang::CallExpr *> Stack;
  const clang::FunctionDecl *In = nullptr; ///< the function it is in

  /// A branch on \p V, true or not, by the expression \p Condition.
  virtual void branched(State &S, const Value &V,
                        const clang::Expr *Condition) = 0;
  /// A branch on \p V that may go both ways, by the expression \p Condition.
  virtual void guessed(State &S, const Value &V,
                       const clang::Expr *Condition) = 0;
  /// \p S goes that way of such a branch that has the bit \p Way of \p All.
  virtual void told(State &S, const Value &V, const clang::Expr *Condition,
                    uint32_t Way, uint32_t All) = 0;
  /// \p V is looked at by what is not a test of its sign.
  virtual void consulted(State &S, const Value &V) = 0;
  /// The walk is about to return from \p F to the function that called it; what
  /// F's own variables held is forgotten.
  virtual void returning(State &S, const clang::FunctionDecl *F) = 0;
};

/// Says what calls do. The states that it returns have the value of the call in
/// \c Values.
class CallSemantics {
public:
  virtual ~CallSemantics() = default;
  virtual States call(Walker &W, const clang::CallExpr *Call, State S) = 0;
  /// The end of \p Var's scope calls \p F (`__attribute__((cleanup))`).
  virtual States leaveScope(Walker &W, const clang::VarDecl *Var,
                            const clang::FunctionDecl *F, State S) = 0;
};

} // namespace engine

#endif // ENGINE_CLIENT_H
