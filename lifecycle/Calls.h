//===- Calls.h - What calls do to a path ----------------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A call with a role is an event; one that can fail splits the path in two, so
// that its result and what it did stay tied together. A function of this TU is
// walked with the caller's state. Any other may do what its name suggests.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_CALLS_H
#define VFIO_LIFECYCLE_CALLS_H

#include "engine/Walker.h"
#include "lifecycle/Rules.h"

namespace vfio::flow {

/// \p S alone.
States one(State S);

/// What the call of a builtin of clang's gives; nothing where that is not
/// known. What is not constant as it is written is none for
/// __builtin_constant_p(): what a driver does is the same either way.
std::optional<int64_t> valueOfBuiltin(const clang::CallExpr *Call,
                                      const clang::ASTContext &Ctx);

/// True for functions whose value is that of their first argument.
bool returnsItsArgument(const clang::FunctionDecl *F);

/// Whether the sign of \p V is one of \p True, as a condition.
Value askSign(const Value &V, Signs True);

/// Bits from the start of a \p R to its `struct device dev`.
std::optional<int64_t> offsetOfDevice(const clang::RecordDecl *R,
                                      const clang::ASTContext &Ctx);

/// The driver data of \p Device, a pointer to a struct device or to what has
/// one.
std::optional<Place> drvdataPlace(const clang::Expr *Device, Evaluator &Eval,
                                  const clang::ASTContext &Ctx, State &S);

/// What the calls of a driver mean, for the engine's walker.
class Calls : public CallSemantics {
public:
  Calls(const TUModel &Model, FlowGraphs &Graphs, EntityTable &Entities,
        Rules &R, const PathLimits &Limits);

  Walker &walker() { return W; }
  EntityTable &entities() { return Entities; }

  // CallSemantics
  States call(Walker &, const clang::CallExpr *Call, State S) override;
  States leaveScope(Walker &, const clang::VarDecl *Var,
                    const clang::FunctionDecl *F, State S) override;

private:
  void readOthers(const clang::CallExpr *Call, int Index, State &S);
  States execApi(const clang::CallExpr *Call, const ApiFunction &Api, State S);
  bool applyEvent(const clang::CallExpr *Call, const ApiFunction &Api,
                  const Value &Subject, State &S);
  bool giveValue(const clang::CallExpr *Call, const ApiFunction &Api,
                 const Value &Subject, State &S);
  States execErrorOrZero(const clang::CallExpr *Call, const Value &Subject,
                         State S);
  States execAllocation(const clang::CallExpr *Call, const ApiFunction &Api,
                        State S);
  States execRegister(const clang::CallExpr *Call, const Value &Subject,
                      State S);
  States execResource(const clang::CallExpr *Call, const ResourceRow &Row,
                      State S);
  const clang::FunctionDecl *endOfShare(const clang::CallExpr *Call,
                                        const Value &Share, State &S);
  States execShare(const clang::CallExpr *Call,
                   const clang::FunctionDecl *Release, const Value &Share,
                   EntityId Result, State S);
  bool doTheSame(const clang::CallExpr *Call,
                 llvm::ArrayRef<const clang::FunctionDecl *> Targets,
                 llvm::ArrayRef<Value> Args, const State &S);
  States execThroughPointer(const clang::CallExpr *Call, State S);
  States takeBy(const clang::CallExpr *Call, const ResourceRow &Row,
                EntityId Result, Place Key, State S);
  States execUnknown(const clang::CallExpr *Call, State S);
  States tryAction(const clang::CallExpr *Call, const clang::FunctionDecl *F,
                   const Value &Data, const State &S);
  void leaveToAction(const clang::CallExpr *Call, const clang::FunctionDecl *F,
                     const Value &Data, State &S);
  void noteDeedsOfAction(const clang::CallExpr *Call,
                         const clang::FunctionDecl *F, const Value &Data,
                         State &S);
  States execDevmAction(const clang::CallExpr *Call, const ApiFunction &Api,
                        State S);
  bool isWorthInlining(const clang::FunctionDecl *F);
  std::optional<Value> accessorResult(const clang::CallExpr *Call,
                                      llvm::ArrayRef<Value> Args);
  Value fetchDrvdata(const clang::CallExpr *Call, const clang::Expr *Device,
                     State &S);
  void freeThroughCleanup(const clang::VarDecl *Var, llvm::StringRef Name,
                          State &S);
  void keepThroughCleanup(const clang::VarDecl *Var, State &S);
  void giveToOutside(const clang::CallExpr *Call, const clang::Expr *Arg,
                     const Value &V, State &S);
  void unlink(const clang::CallExpr *Call, const Value &Item, State &S);

  const TUModel &Model;
  FlowGraphs &Graphs;
  EntityTable &Entities;
  Rules &R;
  Walker W;
  Evaluator &Eval;
};

} // namespace vfio::flow

#endif // VFIO_LIFECYCLE_CALLS_H
