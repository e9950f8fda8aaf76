//===- Mover.h - One move of private set-up -------------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_PLAN_MOVER_H
#define VFIO_REWRITER_PLAN_MOVER_H

#include "rewriter/plan/MoveToInit.h"
#include "rewriter/read/Names.h"
#include "rewriter/read/Program.h"

namespace vfio::rewriter {

/// The puts in \p S.
std::vector<const clang::CallExpr *> putsIn(const clang::Stmt *S);

/// What \p R returns, as a code: `ret` of `return ERR_PTR(ret);`. Null where it
/// returns nothing.
const clang::Expr *codeOf(const clang::ReturnStmt *R);

/// Adds the keys of the module's variables that \p S names, and of those that
/// the driver's functions do which it calls.
void addModuleState(const Program &P, const Unit &U, const clang::Stmt *S,
                    std::set<std::string> &Out, unsigned Depth = 0);

/// Plans the move (plan/), then writes it (render/). Each step of the plan that
/// fails says why in \c Why, and the set-up stays where it is.
class Mover {
public:
  Mover(const Program &P, llvm::StringRef RecordName, Target To)
      : P(P), RecordName(RecordName), To(To) {}

  Move run() {
    bool Found = findProbe();
    if (!Found && !mayHaveSetUp())
      return {};
    bool Moves = Found && chooseItems() && findRemove() && findUndo() &&
                 checkConditionals() && findTables();
    if (Moves && !Created)
      findQuota();
    Moves = Moves && checkFailures() && checkLocals();
    if (Moves)
      edit();
    Move M;
    M.Why = Why;
    if (!Kept.empty())
      M.Stays = Kept + " and what follows it: " + KeptWhy;
    else if (!QuotaWhy.empty())
      M.Stays = QuotaWhy;
    if (!Why.empty())
      return M;
    M.Edits = std::move(Edits);
    M.Steps = std::move(Steps);
    M.Bugs = std::move(Bugs);
    return M;
  }

private:
  static std::string firstLine(llvm::StringRef Text) {
    auto [First, Rest] = Text.split('\n');
    return (First.trim() + (Rest.empty() ? "" : " ...")).str();
  }
  bool no(const llvm::Twine &Reason) {
    Why = Reason.str();
    return false;
  }
  std::string text(const clang::Stmt *S) const {
    return U->text(S->getSourceRange());
  }
  bool isPut(const clang::Stmt *S) const {
    const auto *Call = llvm::dyn_cast_or_null<clang::CallExpr>(S);
    return Call && roleOf(*Call) == Role::PutDevice;
  }
  /// The same return in @init.
  std::string returnText(const clang::ReturnStmt *R) const {
    return "return " + text(codeOf(R));
  }
  /// How deep calls of the driver's functions are looked into.
  static constexpr unsigned Deepest = 3;
  bool hasRole(const clang::Stmt *S, bool (*Test)(Role)) const {
    return reaches(*U, S, Test, Deepest);
  }
  bool reaches(const Unit &In, const clang::Stmt *S, bool (*Test)(Role),
               unsigned Depth = 0) const;
  bool unregistersLast(const Unit &In, const clang::Stmt *S,
                       unsigned Depth = 0) const;
  void chooseNames();
  std::string registeredIn(llvm::StringRef Word) const;
  bool findAllocation();
  bool findProbe();
  bool mayHaveSetUp() const;
  bool findRemove();
  bool isPart(const clang::RecordDecl *R) const;
  bool chooseItems();
  bool publishes(const clang::Stmt *S) const;
  std::string whyNotOwn(const clang::Stmt *S) const;
  std::string whyNotMovable(const clang::Stmt *S);
  bool exitsAreErrors(const clang::Stmt *S);
  bool countsInProbe(const clang::Stmt *S) const;
  std::string whyNotPast(const std::set<std::string> &Staying,
                         const clang::Stmt *S) const;
  bool derive(const clang::VarDecl *V);
  bool findUndo() {
    return Created ? matchDestroy() && checkEarlyExits()
                   : findLadder() && matchRemove();
  }
  // What others register (MoveCreated.cpp).
  bool findCreated();
  bool matchDestroy();
  bool findLadder();
  const clang::IfStmt *registerTest() const;
  bool onlyPuts() const;
  bool findInLine();
  bool isOfMoved(const clang::Stmt *S, const clang::VarDecl *V) const;
  bool checkUndo();
  std::vector<const clang::Stmt *> undoSteps() const;
  const clang::GotoStmt *registerFailure() const;
  const clang::GotoStmt *firstFailure() const;
  bool isUndoInProbe(const clang::Stmt *S) const;
  bool checkLaterExits();
  bool checkEarlyExits();
  // Where @init fails (MoveFailures.cpp).
  bool checkFailures();
  std::vector<std::string> actsFrom(const clang::LabelDecl *L,
                                    bool BehindPut) const;
  bool givesBackOwn(const clang::Stmt *S) const;
  // What is taken of the module's before the allocation (MoveQuota.cpp).
  void findQuota();
  void findCount();
  bool findGiven();
  bool findTaken();
  bool checkTakenNames();
  bool ownLocal(const clang::VarDecl *V);
  bool failsToGiven() const;
  bool givesSame(const clang::Stmt *A, const clang::Stmt *B) const;
  bool matchGiven();
  bool givesInRelease(const clang::Stmt *S);
  bool noQuota(const std::string &Reason);
  bool hasUndo() const {
    return !Ladder.empty() || !InLine.empty() ||
           (Created && !RemoveUndo.empty());
  }
  bool hasRelease() const { return hasUndo() || !GivenText.empty(); }
  bool isInInit(unsigned I) const {
    return llvm::is_contained(Moved, I) || llvm::is_contained(Taken, I);
  }
  ValueSet membersIn(const clang::Stmt *S, const clang::VarDecl *V,
                     unsigned Depth = 0) const;
  bool clearsFreed(const clang::Stmt *S,
                   const std::vector<const clang::Stmt *> &Steps) const;
  bool spoilsUndo(const clang::Stmt *S,
                  const std::vector<const clang::Stmt *> &Steps) const;
  bool matchRemove();
  bool findTables();
  bool checkConditionals();
  const clang::Stmt *whatGoesOn(const clang::Stmt *S) const;
  bool checkLocals();
  void edit();
  std::vector<unsigned> beforePut(const clang::LabelDecl *L) const;
  std::vector<unsigned> undoOf(const clang::GotoStmt *G, unsigned From) const;
  void returnFailure();
  std::string containerLines(const clang::VarDecl *V) const;
  std::string initText();
  std::string releaseText();
  std::string indentUnit() const;
  std::string asProbe(llvm::StringRef Text) const;
  std::string itemText(unsigned I);
  std::string ladderText();
  std::string derivedDecls(const VarSet &Used) const;
  void editTable(const Unit &TU, const OpsTable &T);
  void editProbe();
  void removeUndo(FileRange R, bool Comment);
  bool callsBehind(llvm::StringRef File, unsigned At) const;
  bool know(const FileRange &R) { return Edits.addFile(R, U->sources()); }

  const Program &P;
  std::string RecordName;
  Target To;
  std::string Why;
  std::string Kept, KeptWhy; ///< the first set-up that stays, and why
  std::string QuotaWhy;      ///< why what is taken before it stays
  EditSet Edits;
  std::vector<Step> Steps, Bugs;

  const Unit *U = nullptr;
  const clang::FunctionDecl *Probe = nullptr, *Remove = nullptr;
  const clang::CallExpr *Alloc = nullptr;
  AllocDevice Dev;
  const clang::VarDecl *X = nullptr;  ///< the structure in probe
  const clang::VarDecl *RX = nullptr; ///< the structure in remove
  std::vector<Item> Items;            ///< of probe
  unsigned AllocAt = 0;               ///< the index of the allocation
  unsigned Check = 0, Reg = 0;        ///< indices: IS_ERR test, register
  bool Created = false;               ///< others register it: Reg is the return
  std::vector<unsigned> Moved;        ///< indices of the items that move
  std::vector<unsigned> Ladder;       ///< indices of the undo items
  /// The undo in the block of a failed register, where that is no jump.
  std::vector<const clang::Stmt *> InLine;
  std::vector<const clang::Stmt *> RemoveUndo; ///< their twins in remove
  std::vector<unsigned> Taken; ///< items before the allocation that move
  std::vector<unsigned> Given; ///< items behind the put that give that back
  std::vector<const clang::Stmt *> RemoveGiven; ///< their twins in remove
  std::string GivenText;                        ///< these, for @release
  std::map<const clang::VarDecl *, std::string> Derived; ///< how init gets them
  std::vector<const clang::VarDecl *> DerivedOrder;
  VarSet Locals; ///< declared anew in init
  std::vector<std::pair<const Unit *, const OpsTable *>> Tables;
  std::string Prefix, Param = "vdev";
  bool Pci = false;
};

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_PLAN_MOVER_H
