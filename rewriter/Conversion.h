//===- Conversion.h - One driver from the old model to the new ------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The first of the two steps of a migration: every life-cycle event of the old
// model is replaced where it stands by that of the new one. What is private to
// the driver stays where it is; MoveToInit.h is the second step. So the result
// of this step does on each path what the old code did, event by event.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_CONVERSION_H
#define VFIO_REWRITER_CONVERSION_H

#include "rewriter/Refusals.h"
#include "rewriter/Steps.h"
#include "rewriter/read/NamedTables.h"
#include "rewriter/read/NullTest.h"
#include "rewriter/read/OldDriver.h"
#include "rewriter/read/Statements.h"
#include "rewriter/render/EditSet.h"
#include <optional>

namespace vfio::rewriter {

class Conversion {
public:
  /// What vfio_alloc_device is given beside the structure, as text.
  struct Arguments {
    std::string Device, Ops;
  };

  Conversion(const Program &P, const AllocFlow &Flow, const OldDriver &D,
             Target To)
      : P(P), Flow(Flow), D(D), To(To) {}

  /// Plans and makes the edits. Where anything is refused the edits are not to
  /// be used.
  void run();

  EditSet Edits;
  /// Of these, those that old kernels do not mind: the order of members, and
  /// comments.
  EditSet ForBoth;
  std::vector<Step> Plan;
  std::vector<Refusal> Refusals;
  /// What only a proof that follows the files together can settle: where there
  /// is none, or it fails, these are the reasons.
  std::vector<Refusal> Doubts;
  /// Of the old code, and not of the new.
  std::vector<Step> Bugs;
  std::vector<std::string> Remarks;
  /// The old model is the side of a condition for older kernels, the new model
  /// is the other side.
  bool NewSideExists = false;

private:
  // What every part uses.
  void refuse(RefusalId Id, const Unit &U, clang::SourceLocation Loc,
              const llvm::Twine &Reason, const llvm::Twine &WhatToDo);
  void step(StepId Id, const Unit &U, clang::SourceLocation Loc,
            llvm::ArrayRef<std::string> Arguments = {});
  /// The text range of \p E, a macro's invocation where it comes from one of
  /// the kernel's; refuses what stands in a macro of the driver.
  FileRange callRange(const Unit &U, const clang::Expr *E);
  /// Makes the file of \p R known to the edits; false (and refuses) where \p R
  /// is empty.
  bool edit(const Unit &U, const FileRange &R, clang::SourceLocation Loc);
  /// Removes the whole statement of \p Call.
  void removeCall(const Unit &U, const clang::CallExpr *Call);
  /// "&x->core.vdev" for an expression that points to the structure, to its
  /// core part or to the vfio_device.
  std::string vdevText(const Unit &U, const clang::Expr *E);
  /// The same for the variable \p V, which points to one of them.
  std::string vdevText(const Unit &U, const clang::VarDecl &V);
  unsigned columnOf(const FileRange &R) const;

  bool livesOn(const SiteRef &Init) const;
  void convertAllocations();
  void convertRegisters();

  /// What the new model cannot do where the old one could: sleep.
  void checkContext();
  void checkDevres();
  void checkRepeats();
  void checkKept();

  // Allocation (ConvertAllocation.cpp).
  void checkRecord();
  void convertAllocation(unsigned Alloc);
  bool checkAllocator(const AllocSite &A);
  bool isGivenSize(const AllocSite &A, const clang::Expr *Size);
  std::string keptIn(const AllocSite &A, const clang::Expr *LHS,
                     const clang::VarDecl *Declared);
  bool replaceAllocation(const AllocSite &A, const clang::Expr *Outermost,
                         const std::string &X, const Arguments &Args);
  static std::string allocationText(const AllocSite &A, const std::string &X,
                                    const Arguments &Args, unsigned Column);
  static const char *allocatorOf(const AllocSite &A);
  // Kept where others see it (ConvertKept.cpp).
  /// Allocates into a local variable, and stores it in \p LHS when it is there;
  /// false where the code is not like that.
  bool keepWhenThere(const AllocSite &A, const clang::Expr *LHS,
                     const std::vector<SiteRef> &Inits);
  bool declareStructure(const AllocSite &A, llvm::StringRef Name);
  std::optional<Arguments> writtenArguments(const AllocSite &A,
                                            const std::vector<SiteRef> &Inits);
  std::optional<Arguments> argumentsFor(const AllocSite &A,
                                        const std::vector<SiteRef> &Inits);
  std::optional<Arguments> sameFunction(const AllocSite &A,
                                        const std::vector<SiteRef> &Inits);
  std::optional<Arguments> takeInits(const AllocSite &A,
                                     const std::vector<SiteRef> &Inits);
  std::optional<Arguments> fromCallee(const AllocSite &A, const SiteRef &Init,
                                      llvm::ArrayRef<Program::CallSite> Chain);
  std::optional<Arguments> fromCaller(const AllocSite &A, const SiteRef &Init,
                                      llvm::ArrayRef<Program::CallSite> Chain);
  std::vector<Program::CallSite> findChain(const Program::Definition &From,
                                           const Program::Definition &To,
                                           unsigned Depth = 0) const;
  std::string deviceArgument(const SiteRef &Init) const;
  bool availableAt(const Unit &U, const clang::FunctionDecl *F,
                   const clang::Expr *E, clang::SourceLocation At) const;
  std::optional<std::string> lift(const Unit &U, const clang::FunctionDecl *F,
                                  const clang::Expr *E,
                                  const Program::CallSite &Call);
  bool hoistChoice(const AllocSite &A, const SiteRef &Init);
  bool takeOut(const AllocSite &A, const std::vector<Item> &Items,
               llvm::ArrayRef<unsigned> Moved, std::string &Lines);
  bool hoistBranches(const AllocSite &A, const std::vector<SiteRef> &Inits,
                     Arguments &Out);
  std::string whatDecides(const AllocSite &A, const SiteRef &Init) const;
  bool setTable(const AllocSite &A, const SiteRef &Init,
                const std::string &Table);
  bool isConditional(const AllocSite &A, const SiteRef &Init) const;
  std::optional<std::string> exposeTable(const AllocSite &A,
                                         const SiteRef &Init);
  bool exposeToFiles(const SiteRef &Init, const clang::VarDecl &Var);
  // A table for each module that allocates (OwnTables.cpp).
  std::string exportMacro(const SiteRef &Init, const std::string &File) const;
  std::string ownTable(const AllocSite &A, const SiteRef &Init,
                       const OpsTable &T);
  bool canBeCopied(const SiteRef &Init, const OpsTable &T) const;
  bool shareCallbacks(const SiteRef &Init, const OpsTable &T);
  void writeOwnTables(const Unit &U, const OpsTable &T);
  std::string givenAs(const Program::CallSite &Call,
                      llvm::StringRef Value) const;
  void addParameters(const Program::CallSite &Call, const Arguments &Values,
                     const Arguments &Names);
  void convertNullCheck(const AllocSite &A, const clang::Stmt *AllocStmt,
                        const clang::Expr *Result, llvm::StringRef X);
  void convertFailure(const AllocSite &A, const clang::IfStmt *If,
                      bool WhenNull, llvm::StringRef X);
  bool replaceCodes(const AllocSite &A, const clang::Stmt *Branch,
                    llvm::StringRef X);
  std::string setCode(const AllocSite &A, const clang::Stmt *Branch,
                      llvm::StringRef X);
  void insertBeforeExit(const AllocSite &A, const clang::IfStmt *If,
                        const clang::Stmt *Branch, llvm::StringRef Lines);
  bool testByIsErr(const AllocSite &A, const clang::IfStmt *If,
                   const NullTest &Test, llvm::StringRef X);
  bool leaveAtOnce(const AllocSite &A, const clang::Stmt *Branch,
                   llvm::StringRef X);
  void addElse(const AllocSite &A, const clang::IfStmt *If, llvm::StringRef X);
  bool convertJointTest(const AllocSite &A, const clang::Stmt *AllocStmt,
                        const clang::VarDecl *X);
  bool convertChoice(const AllocSite &A, const clang::Stmt *AllocStmt,
                     llvm::StringRef X);
  std::vector<std::pair<AllocSite, std::string>>
  creationsOf(const AllocSite &A) const;
  bool convertReturned(const AllocSite &A, const std::vector<SiteRef> &Inits);
  void testErrors(const AllocSite &A,
                  llvm::ArrayRef<std::pair<AllocSite, std::string>> Calls);
  bool returnErrors(const AllocSite &A, const clang::IfStmt *If, bool WhenNull,
                    llvm::StringRef X);
  void returnNull(const AllocSite &A, const clang::Stmt *Branch,
                  llvm::ArrayRef<const clang::Expr *> Values,
                  llvm::StringRef X);
  void removeMemset(const AllocSite &A, llvm::StringRef X);
  void guardTails(const AllocSite &A, const clang::IfStmt *Check, bool WhenNull,
                  const clang::Stmt *AllocStmt, const clang::VarDecl *X);
  void convertLaterTests(const AllocSite &A, const clang::IfStmt *Check,
                         const clang::VarDecl *X);

  // What somebody has begun (ConvertHalf.cpp).
  void refuseInPlace();
  bool isHalfDone(const SiteRef &R) const;
  bool putLater(const SiteRef &Uninit) const;
  std::string whyNotFinished(const AllocSite &A,
                             const std::vector<SiteRef> &Inits,
                             const clang::Expr *Allocated) const;
  void finishHalf(const AllocSite &A, const std::vector<SiteRef> &Inits,
                  const clang::Expr *Allocated, const clang::Stmt *S,
                  llvm::StringRef X);

  // Teardown (ConvertTeardown.cpp).
  void convertUninits();
  bool isOtherInstance(const SiteRef &Free) const;
  void convertFrees();
  void freeAfterUnregister(const SiteRef &Unregister);
  bool freedLater(const SiteRef &Uninit) const;
  const SiteRef *guardedUninit(const SiteRef &Free) const;
  void putInCondition(const SiteRef &Free, const SiteRef &Uninit);
  std::optional<std::string> guardOf(const SiteRef &R, const clang::Expr *Arg);
  void putInstead(const SiteRef &R, int Argument, StepId Id);
  bool putBehindUses(const SiteRef &Uninit);

  // Tables and registration (ConvertTables.cpp).
  void convertTables();
  /// The tables that \p Init can name; false where one of them is not there.
  bool tablesOf(const SiteRef &Init, std::vector<TableRef> &Out) const;
  bool allTables(std::vector<TableRef> &Out);
  void addIommufd(const Unit &U, const OpsTable &T);
  bool renameFileCallbacks(const Unit &U, const OpsTable &T);
  void addCallbacks(const Unit &U, const OpsTable &T);
  void addMembers(const Unit &U, const OpsTable &T,
                  std::vector<std::pair<std::string, std::string>> New);
  void orderDrvdata();

  // Conditional code (ConvertConditionals.cpp).
  void checkConditionals();
  bool isEnd(const FileRange &R) const;
  bool isNewAlready() const;
  void checkConditional(const ConditionalRange &C);
  void checkSkipped(const Unit &U);

  // The structure that outlives its device (ConvertOutliving.cpp).
  bool outlives(const AllocSite &A, const SiteRef &Init) const;
  void convertOutliving(const SiteRef &Init);
  std::string initFailure(const SiteRef &Init, std::string &Ret);
  void addCompletion(const Unit &U, const clang::RecordDecl *R);
  void addOutlivingCallbacks(const Unit &U, const OpsTable &T,
                             const DeviceRecord &Rec, llvm::StringRef Holder);
  void putAndWait(const SiteRef &Uninit);
  static std::string prefixOf(llvm::StringRef Table);

  // Writes over the whole structure (StructureWrites.cpp).
  bool holdsDevice(const clang::RecordDecl *R, const Unit &U) const;
  bool mayBeDevice(const Unit &U, const clang::FunctionDecl *In,
                   const clang::Expr *E) const;
  bool isRemoved(const FileRange &R) const;
  void checkStructureWrite(const Unit &U, const clang::FunctionDecl *In,
                           const clang::Stmt *S);
  void checkStructureWrites();

  // The vfio_device that is not first (ConvertRecord.cpp).
  void moveMemberFirst(const Unit &U, const DeviceRecord &R);

  const Program &P;
  const AllocFlow &Flow;
  const OldDriver &D;
  Target To;
  /// Freed places that got a guard, by call, and those that need none.
  std::set<const clang::CallExpr *> Guarded, NeverNull;
  std::set<const clang::CallExpr *> Handled;
  std::set<std::string> Exposed;
  /// The copies of a table, by its key: where each stands, and its name.
  struct OwnTable {
    const Unit *U;
    const clang::FunctionDecl *Before;
    std::string Name;
  };
  std::map<std::string, std::vector<OwnTable>> Owned;
  /// The structure outlives its devices: it is put and waited for.
  bool Outliving = false;
};

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_CONVERSION_H
