//===- HoldCalls.h - Calls that take and give back ------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_HOLDCALLS_H
#define VFIO_LIFECYCLE_HOLDCALLS_H

#include "contracts/Cells.h"
#include "contracts/Keepers.h"
#include "contracts/Memory.h"
#include "lifecycle/HoldWalk.h"
#include "lifecycle/Reach.h"
#include "llvm/ADT/DenseSet.h"
#include <map>
#include <set>

namespace vfio {

/// What the calls of a driver do to what a path holds.
class HoldCalls : public engine::CallSemantics, public engine::PathListener {
public:
  HoldCalls(const TUModel &Model, const Reach &Can,
            engine::EntityTable &Entities, HoldFacts &Facts);

  engine::Walker &walker() { return W; }
  /// Starts the story of \p R, which \p Handler gives to the kernel as one to
  /// call where nothing may sleep; null where nothing does.
  void begin(const Stages::Root &R, const clang::CallExpr *Handler);

  // CallSemantics
  engine::States call(engine::Walker &, const clang::CallExpr *Call,
                      engine::State S) override;
  engine::States leaveScope(engine::Walker &, const clang::VarDecl *Var,
                            const clang::FunctionDecl *F,
                            engine::State S) override;
  // PathListener
  void accessed(engine::State &S, engine::EntityId Id,
                const clang::Expr *At) override;
  void stored(engine::State &S, engine::Place P,
              const engine::Value &V) override;
  void branched(engine::State &, const engine::Value &,
                const clang::Expr *) override {}
  void guessed(engine::State &S, const engine::Value &V,
               const clang::Expr *Condition) override;
  void told(engine::State &, const engine::Value &, const clang::Expr *,
            uint32_t, uint32_t) override {}
  void consulted(engine::State &, const engine::Value &) override {}
  void returning(engine::State &S, const clang::FunctionDecl *F) override;

private:
  engine::States exec(const clang::CallExpr *Call, engine::State S);
  engine::States execAside(const clang::CallExpr *Call, engine::State S);
  engine::States execFollowed(const clang::CallExpr *Call,
                              const clang::FunctionDecl *F, engine::State S);
  bool mayHold(const clang::FunctionDecl *F, const engine::State &S);
  bool isBalanced(const clang::FunctionDecl *F, const engine::State &S) const;
  engine::States execApi(const clang::CallExpr *Call, const ApiFunction &Api,
                         engine::State S);
  engine::States execTake(const clang::CallExpr *Call, const ResourceRow &Row,
                          engine::State S);
  engine::States execKeep(const clang::CallExpr *Call, const KeeperRow &Row,
                          engine::State S);
  engine::States execGive(const clang::CallExpr *Call, const ResourceRow &Row,
                          const engine::Value &Key, engine::State S);
  engine::States execErrorOrZero(const clang::CallExpr *Call,
                                 const engine::Value &Subject, engine::State S);
  engine::States execCell(const clang::CallExpr *Call, const CellRow &Row,
                          engine::State S);
  void count(const clang::CallExpr *Call, const CellRow &Row, engine::Place P,
             const engine::Value &Old, const engine::Value &By,
             engine::State &S);
  engine::States putWhereSame(const clang::CallExpr *Call, engine::Place P,
                              const engine::Value &Old,
                              const engine::Value &Wanted,
                              const engine::Value &New, engine::State S);
  void execBit(const clang::CallExpr *Call, CellChange Change,
               CellAnswer Answer, const engine::Value &Map,
               const engine::Value &Number, engine::State &S);
  bool isInLoop(const clang::CallExpr *Call);
  engine::States execDrvdata(const clang::CallExpr *Call,
                             const ApiFunction &Api,
                             const engine::Value &Subject, engine::State S);
  void execMemory(const clang::CallExpr *Call, const MemoryRow &Row,
                  engine::State &S);
  engine::States execBuffer(const clang::CallExpr *Call, const BufferRow &Row,
                            engine::State S);
  engine::States execBuiltin(const clang::CallExpr *Call, engine::State S);
  engine::States execUnknown(const clang::CallExpr *Call, engine::State S);
  void writeOut(engine::State &S, const clang::CallExpr *Call,
                const engine::Value &Out);
  std::optional<engine::Value> answer(const clang::CallExpr *Call,
                                      engine::State &S);
  void forgetAnswers(engine::State &S, const engine::Value &Written);
  engine::States execSplit(const clang::CallExpr *Call, engine::Signs Success,
                           engine::Signs Failure, engine::State S);
  void take(engine::State &S, const clang::CallExpr *Call,
            const ResourceRow &Row, engine::Place Key);
  std::optional<engine::Value> onlyId(const clang::CallExpr *Call,
                                      const ResourceRow &Row, engine::State &S);
  engine::Place keyOfTaken(const clang::CallExpr *Call, const ResourceRow &Row,
                           const engine::Value &Key, engine::State &S);
  unsigned nextShare(engine::State &S, const clang::CallExpr *Call,
                     const ResourceRow &Row, engine::Place Key) const;
  bool giveOther(engine::State &S, const clang::CallExpr *Call,
                 const ResourceRow &Row, const ResourceRow &Also,
                 const engine::Value &Key);
  bool giveShare(engine::State &S, const clang::CallExpr *Call, unsigned Group,
                 const ResourceRow *Row, engine::Place P);
  void noteAgain(engine::State &S, const clang::CallExpr *Call, unsigned Group,
                 const ResourceRow *Row, engine::Place P);
  void noteHeap(const clang::CallExpr *Free, const engine::Value &Freed);
  void touch(engine::State &S, const clang::CallExpr *Call);
  void give(engine::State &S, const clang::CallExpr *Call, unsigned Group,
            const ResourceRow *Row, const engine::Value &Key);
  bool goesWithOther(const clang::CallExpr *Call, const ResourceRow &Row,
                     engine::State &S);
  void escape(engine::State &S, engine::EntityId Id);
  void handOver(engine::State &S, const engine::Value &Array);
  void freeReturned(engine::State &S, const engine::Value &Freed);
  void noteSleep(engine::State &S, const clang::CallExpr *Call);
  void remarkLock(RemarkKind Kind, const clang::Expr *At,
                  const clang::Expr *Taken);
  bool isLocal(engine::EntityId Id) const;
  bool isOfNull(const engine::State &S,
                const std::pair<std::pair<unsigned, engine::Place>,
                                engine::Held> &Item) const;
  void distrustPositive(engine::State &S) const;
  bool isLostBook(engine::EntityId Id) const;
  bool isDiscarded(const clang::CallExpr *Call);

  const TUModel &Model;
  const Reach &Can;
  /// The function that is being walked, and when it runs.
  const clang::FunctionDecl *Root = nullptr;
  Stage When = Stage::Later;
  const clang::CallExpr *HandlerOf = nullptr;
  /// Functions that were followed where nothing was held that is of interest,
  /// and left nothing held; from which depth of calls at least.
  llvm::DenseMap<const clang::FunctionDecl *, size_t> Balanced;
  engine::EntityTable &Entities;
  HoldFacts &Facts;
  engine::Limits Most;
  engine::Walker W;
  engine::Evaluator &Eval;
  llvm::DenseSet<std::pair<unsigned, const clang::Expr *>> Said;
  /// What the kernel's functions have answered about what stands at a place.
  std::map<engine::Place, llvm::SmallVector<engine::EntityId, 2>> Answers;
  /// The calls that stand alone as statements; filled when it is asked.
  llvm::DenseSet<const clang::Stmt *> Discarded;
  bool LookedForDiscarded = false;
  /// The calls that stand in a loop; filled when it is asked.
  llvm::DenseSet<const clang::Stmt *> Looped;
  bool LookedForLoops = false;
  std::set<std::tuple<const clang::Expr *, const clang::FunctionDecl *,
                      const clang::FieldDecl *, unsigned>>
      Noted;
};

/// True where \p F returns an error in \p S.
bool returnsError(const engine::State &S, const clang::FunctionDecl *F,
                  const engine::EntityTable &T);

/// The way out of \p F that \p S is the end of.
WayOut wayOut(const engine::State &S, const clang::FunctionDecl *F,
              const engine::EntityTable &T);

/// The row that \p H was taken by; null for memory.
inline const ResourceRow *rowOf(const engine::Held &H) {
  return static_cast<const ResourceRow *>(H.Contract);
}

/// In State::Resources, the second share of what is counted, the third and so
/// on have so much added to their group each.
constexpr unsigned NextShare = 1u << 20;
/// The group itself.
inline unsigned groupIn(unsigned Key) { return Key & (NextShare - 1); }

/// Stands in State::GivenBack for a put of the device.
constexpr unsigned PutGroup = ~0u;
/// Added to a group in State::GivenBack: what was given back was not taken on
/// this path, and no member was asked for it.
constexpr unsigned NotTaken = 1u << 30;
/// Added to a group there: what was given back was taken on this path, and has
/// not been looked at since. To do so would be wrong as well: that a path does
/// may mean that there is no such path.
constexpr unsigned Untouched = 1u << 29;
inline bool isUntouched(unsigned Key) {
  return Key != PutGroup && (Key & Untouched);
}

/// Bits of State::Elsewhere: a function of another file may have taken or given
/// back anything; a lock was given back that was not known to be held.
/// a member was asked that may say what has been taken.
/// a pointer that is not known was given away, and may be anything.
constexpr uint32_t Uncertain = 1, LocksUncertain = 2, Guessed = 4, Strayed = 8;

} // namespace vfio

#endif // VFIO_LIFECYCLE_HOLDCALLS_H
