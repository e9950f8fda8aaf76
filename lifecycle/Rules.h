//===- Rules.h - The life of a device as a state machine ------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What each event does to the typestate of a structure, and which events are
// wrong in which state. lifecycle.md sections 2 and 3 are this file in prose.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_RULES_H
#define VFIO_LIFECYCLE_RULES_H

#include "contracts/Protocol.h"
#include "engine/Client.h"
#include "lifecycle/Finding.h"
#include "lifecycle/FlowGraphs.h"
#include "lifecycle/LastPut.h"
#include "lifecycle/Life.h"
#include "lifecycle/Outside.h"
#include "lifecycle/PathEngine.h"
#include "lifecycle/TUModel.h"
#include "llvm/ADT/DenseSet.h"

namespace vfio::flow {

/// Where a driver keeps a device: in the driver data of the bus device, or of a
/// device that is reached from it.
struct DrvdataWay {
  /// The offset of that device, and of each pointer on the way, from the end.
  llvm::SmallVector<int64_t, 2> Steps;
  /// Where what the driver data points to has the pointer to the device; none
  /// where that is the device.
  std::optional<int64_t> Member;
};

/// What the walk of a probe function has established.
struct ProbeFacts {
  /// The call after which the device is registered when probe succeeds.
  const clang::CallExpr *RegisteredAt = nullptr;
  const clang::CallExpr *AllocatedAt = nullptr;
  const ApiFunction *Allocator = nullptr;
  const clang::RecordDecl *Record = nullptr;
  bool OldModel = false;
  bool InitDevice = false;
  bool DevmOwned = false; ///< a devm action ends the device's life
  /// Where a devm action was added that puts or unregisters the device.
  const clang::Expr *PutByAction = nullptr, *UnregisteredByAction = nullptr;
  bool InDrvdata = false;
  DrvdataWay Way;
  /// Something else than the drvdata knows the device: it may end it.
  bool KnownElsewhere = false;
  /// The first way out that reports success for a device that is not
  /// registered, but is in drvdata for remove to find.
  struct {
    const clang::ReturnStmt *At = nullptr;
    const clang::Expr *RegisterFailed = nullptr, *Put = nullptr;
    const clang::FunctionDecl *In = nullptr;
  } Unregistered;
};

/// A memory resource or another that @init holds when it succeeds.
struct InitFacts {
  struct Item {
    const ResourceRow *Row; ///< null for memory
    Place Where; ///< memory: the place in the device; else the resource's key
    const clang::Expr *TakenAt;
  };
  std::vector<Item> Holds;
  bool Seen = false;
  bool CallsCoreInit = false; ///< vfio_pci_core_init_dev
};

/// What the walk of a @release has established.
struct ReleaseFacts {
  bool Seen = false;
  bool Uncertain = false;    ///< something that is not understood is freed
  bool FreesSelf = false;    ///< on some way
  bool CoreReleased = false; ///< calls vfio_pci_core_release_dev on some way
  bool SkipsCore = false;    ///< on another way, which leaves there:
  const clang::ReturnStmt *SkipsCoreAt = nullptr;
  std::vector<Place> Freed; ///< counted from the device
  std::vector<std::pair<unsigned, Place>> GivenBack;
  /// Functions of other files that it calls, and that it gives the device to.
  llvm::SmallVector<const clang::CallExpr *, 2> Outside, Given;
};

/// The function that a walk started from.
struct Root {
  const clang::FunctionDecl *F = nullptr;
  Part P = Part::Other;
  EntityId Self = 0; ///< the device of an @init or @release
  const clang::RecordDecl *SelfRecord = nullptr; ///< what it is part of
  const ProbeFacts *Probe = nullptr; ///< Remove: what its probe does
};

/// Applies events to states and collects what is wrong.
class Rules : public PathListener {
public:
  Rules(const TUModel &Model, EntityTable &Entities);

  Root At;

  /// The variable whose cleanup the walk is in; null outside of one.
  const clang::VarDecl *Cleanup = nullptr;

  /// A walk only tries what would happen: nothing is wrong there.
  bool Trying = false;
  /// How often something was given to a function that cannot be looked into.
  unsigned GivenOut = 0;

  /// Where to note the life of each structure at each way out; may be null.
  std::vector<PathLife> *Lives = nullptr;

  // PathListener
  void accessed(State &S, EntityId Id, const clang::Expr *Where) override;
  void stored(State &S, Place P, const Value &V) override;
  void branched(State &S, const Value &V,
                const clang::Expr *Condition) override;
  void guessed(State &S, const Value &V, const clang::Expr *Condition) override;
  void told(State &S, const Value &V, const clang::Expr *Condition,
            uint32_t Way, uint32_t All) override;
  void consulted(State &S, const Value &V) override;
  /// A device that \p F has made, and that neither its caller nor anything else
  /// can reach any more, is lost here and not where the caller fails.
  void returning(State &S, const clang::FunctionDecl *F) override;

  // Events. Subject is the value of the argument that holds the device.
  void put(State &S, const clang::CallExpr *Call, const Value &Subject);
  void freeByCore(State &S, const clang::CallExpr *Call, const Value &Subject);
  void releasePci(State &S, const clang::CallExpr *Call, const Value &Subject);
  void freeMemory(State &S, const clang::Expr *Where, const ApiFunction &Api,
                  const Value &Subject);
  void unregister(State &S, const clang::CallExpr *Call, const Value &Subject);
  /// Whether \p Subject is registered, where this path tells.
  std::optional<bool> tellsRegistered(const State &S,
                                      const Value &Subject) const;
  void oldInit(State &S, const clang::CallExpr *Call, const Value &Subject);
  void oldUninit(State &S, const clang::CallExpr *Call, const Value &Subject);
  /// Before the outcome of a register call is known.
  void beforeRegister(State &S, const clang::CallExpr *Call,
                      const Value &Subject);
  void registered(State &S, const clang::CallExpr *Call, const Value &Subject);
  void registerFailed(State &S, const clang::CallExpr *Call,
                      const Value &Subject, EntityId Result);
  /// The structure that the driver allocated is a device's from here on.
  void adopt(State &S, const clang::CallExpr *Call, const ApiFunction &Api,
             const Value &Subject);
  /// Another reference of the device was taken.
  void reference(State &S, const Value &Subject);
  void initDevice(State &S, const clang::CallExpr *Call, const Value &Subject);
  /// \p Call, which has given \p Id before, is about to give another.
  void beforeAllocation(State &S, const clang::CallExpr *Call, EntityId Id);
  void allocated(State &S, const clang::CallExpr *Call, const ApiFunction &Api,
                 EntityId Id, bool Success);
  /// \p Call, of a function that cannot be looked into, got \p Arg.
  /// It only looks at it where \p Looks.
  void passedOutside(State &S, const clang::CallExpr *Call, const Value &Arg,
                     bool Looks = false, bool IsNamed = false);
  OutsideKnowledge &outside() { return Outside; }
  LastPut &lastPut() { return Last; }
  /// \p Call calls a function that cannot be looked into.
  void calledOutside(const clang::CallExpr *Call) {
    if (!llvm::is_contained(RootOutside, Call))
      RootOutside.push_back(Call);
  }
  /// \p Call asks for the error that the pointer \p Subject is.
  void askedForError(State &S, const clang::CallExpr *Call,
                     const Value &Subject);
  /// The driver data \p Id, which is at \p Data, was fetched.
  void fetched(State &S, Place Data, EntityId Id);
  /// A resource was taken, or given back.
  void take(State &S, const clang::CallExpr *Call, const ResourceRow &Row,
            Place Key);
  void give(State &S, const clang::CallExpr *Call, const ResourceRow &Row,
            Place Key);

  /// True where \p O, the typestate of \p Id, has a vfio_device in it.
  bool isDevice(const Object &O, EntityId Id) const;
  /// The structure that \p Id points to, by its type.
  const clang::RecordDecl *recordOf(EntityId Id) const;
  /// The structure that \p O, the typestate of \p Id, is known to be.
  const clang::RecordDecl *recordOf(const Object &O, EntityId Id) const;

  // The end of a root function; see ExitRules.cpp.
  void atExit(State &S);
  /// After all ways out of the function were seen; \p Complete where none was
  /// cut off.
  void finishRoot(bool Complete);
  /// Facts that later walks build on.
  llvm::DenseMap<const clang::FunctionDecl *, ProbeFacts> Probes;
  llvm::DenseMap<const clang::FunctionDecl *, InitFacts> Inits;

  /// The findings that no doubt is left about.
  std::vector<Finding> takeFindings();
  /// Those that a doubt is left about; after takeFindings.
  std::vector<Silence> takeSilences() { return std::move(Silences); }

private:
  struct Candidate {
    Finding F;
    /// Functions that may have done what would make this right.
    llvm::SmallVector<const clang::CallExpr *, 2> Doubts;
    Deed Doubted;
    /// Branches that may have told what this takes for possible.
    llvm::SmallVector<std::pair<const clang::Expr *, EntityId>, 2> Guesses = {};
    llvm::SmallVector<Telling, 2> Told = {};
    /// What may make it right, where that is known already.
    std::optional<Doubt> Because = std::nullopt;
  };

  Object *objectOf(State &S, const Value &V, Event E);
  bool isSelf(EntityId Id) const { return Id && Id == At.Self; }
  bool mayBeDevice(const State &S, EntityId Id) const;
  bool mayBeLastPut(const Object &O, EntityId Id) const;
  bool allocatedByCore(const Object &O, EntityId Id) const;
  /// True for the device that core has called this callback with.
  bool isGivenByCore(const Object &O) const {
    return At.P == Part::Callback && O.has(Life::Assumed);
  }
  bool isSurelyRegistered(const State &S, const Object &O) const;
  bool isInOtherHands(const State &S, EntityId Id,
                      llvm::SmallVectorImpl<const clang::CallExpr *> &Doubts);
  bool wasTold(const Candidate &C) const;
  std::optional<Doubt> mayExcuse(const Candidate &C);
  bool outlivesDevice(const Object &O, EntityId Id) const;
  void useError(State &S, Object &O, EntityId Id, const clang::Expr *Where);
  bool useAfterEnd(State &S, Object &O, EntityId Id, const clang::Expr *Where);
  void reportUse(Object &O, EntityId Id, const clang::Expr *Where, Event End,
                 FindingKind Kind);
  const clang::Expr *useOf(const Object &O, Event End,
                           const clang::Expr *Where) const;
  /// The mistake that \p Of is in this state, by the protocol's rows; true
  /// where one of them says what it is.
  bool misuse(Op Of, State &S, Object &O, EntityId Id,
              const clang::Expr *Where);
  /// What \p Of makes of \p O.
  void step(Op Of, Object &O, const clang::Expr *Where);
  bool holds(When In, const State &S, const Object &O, EntityId Id) const;
  void show(Shown What, Finding &F, const Object &O) const;
  void freeHandAllocated(State &S, Object &O, EntityId Id,
                         const clang::Expr *Where, const ApiFunction &Api);
  /// Records that the events after an outside call show what it left alone.
  void believe(const Object &O, Deed D);

  Finding make(FindingKind Kind, const Object &O, EntityId Id,
               const clang::Stmt *Where) const;
  void note(Finding &F, const Object &O, Event E, FindingNote::Kind Kind) const;
  void noteRegistration(Finding &F, const Object &O) const;
  void report(Object &O, Finding F,
              llvm::ArrayRef<const clang::CallExpr *> Doubts = {},
              Deed Doubted = Deed::Put);
  void add(Candidate C);

  // ExitRules.cpp
  void noteLife(const State &S, const Object &O, EntityId Id);
  void exitObject(State &S, Object &O, EntityId Id);
  void exitAllocationFailed(State &S, Object &O, EntityId Id);
  void exitOwned(State &S, Object &O, EntityId Id);
  void exitRemove(State &S, Object &O, EntityId Id);
  void exitRelease(State &S);
  void exitInit(State &S);
  void recordProbe(State &S, Object &O, EntityId Id);
  void recordInit(State &S);
  void recordWay(const State &S, EntityId Id, ProbeFacts &P);
  std::optional<DrvdataWay> wayTo(Place Data) const;
  void addWayOut(Finding &F, const State &S) const;
  bool isUnread(const clang::CallExpr *Call) const;
  void addUnread(llvm::SmallVectorImpl<const clang::CallExpr *> &Doubts) const;
  void nameHolder(Finding &F, const State &S, EntityId Id) const;
  bool returnsSuccess(const State &S) const;
  bool returnsFailure(const State &S) const;
  bool isNoErrorOf(const State &S, EntityId Id) const;
  bool losesTheError(const State &S, const Object &O) const;
  bool mayReturnFailure(const State &S) const;
  bool pointsTo(const State &S, EntityId Id) const;
  bool isOfAList(EntityId Id) const;
  bool isKeptByAnother(const State &S, EntityId Id) const;
  bool isGivenByGuess(const State &S, const ResourceRow &Row) const;
  std::optional<Doubt> putLater() const;
  Place relativeToSelf(Place P) const;
  void judgeRemove();
  void judgeUnregistered();
  void judgeMissingRemove(const BusDriver &B);
  void judgeRelease(bool Complete);
  void judgePairs();
  void judgeCounters();
  void judgeCoreRelease(const OpsTable &Table, const clang::FunctionDecl *Init,
                        const clang::FunctionDecl *Release);
  void addPair(Candidate C, const clang::Expr *TakenAt);

  const TUModel &Model;
  EntityTable &Entities;
  OutsideKnowledge Outside;
  mutable LastPut Last;
  std::vector<Candidate> Candidates;
  std::vector<Silence> Silences;
  /// How far a structure was registered, as bits, at each branch that this walk
  /// could not decide.
  llvm::DenseMap<std::pair<const clang::Expr *, EntityId>, uint8_t> AtGuess;
  /// By branch on what a structure's own members count, the ways of it on which
  /// a path has put the structure.
  llvm::DenseMap<const clang::Expr *, uint32_t> PutBy;
  /// What such branches ask.
  llvm::DenseMap<const clang::Expr *, EntityId> ToldBy;
  bool isBook(EntityId Id, const State &S) const;
  /// Return statements that some path leaves by with all in order.
  llvm::DenseSet<const clang::Stmt *> GoodReturns;
  llvm::DenseSet<std::pair<unsigned, const void *>> Seen;

  // What the ways out of the current root have in common.
  struct Exits {
    const clang::Expr *UnregisteredAt = nullptr;
    bool SomeDoNot = false; ///< unregister
    bool Unregistered = false, Put = false, Uncertain = false;
    bool Freed = false, NotFreed = false;
    const clang::ReturnStmt *NotFreedAt = nullptr;
    llvm::SmallVector<const clang::CallExpr *, 2> Doubts;
  } Ways;
  /// Functions of other files that the current root calls.
  llvm::SmallVector<const clang::CallExpr *, 2> RootOutside;
  llvm::DenseMap<const clang::FunctionDecl *, ReleaseFacts> Releases;

  /// A share of a counter that a failing @init keeps.
  struct CounterLeak {
    Candidate C;
    const clang::FunctionDecl *Init;
    std::pair<unsigned, Place> Key;
  };
  std::vector<CounterLeak> Counters;
  /// The @init functions that give back shares of a group of counters.
  llvm::DenseSet<std::pair<const clang::FunctionDecl *, unsigned>>
      CountersReturned;
};

} // namespace vfio::flow

#endif // VFIO_LIFECYCLE_RULES_H
