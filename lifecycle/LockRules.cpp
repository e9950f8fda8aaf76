//===- LockRules.cpp - Locks that are missing -----------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/ASTVisitor.h"
#include "lifecycle/OtherLives.h"
#include "llvm/ADT/MapVector.h"
#include <set>

using namespace clang;

namespace vfio {

//===-- Never initialised -------------------------------------------------===//

static bool isLock(const FieldDecl *Field) {
  const RecordDecl *R = Field->getType()->getAsRecordDecl();
  const auto *T = Field->getType()->getAs<TypedefType>();
  llvm::StringRef Name = T                         ? T->getDecl()->getName()
                         : R && R->getIdentifier() ? R->getName()
                                                   : "";
  return Name == "mutex" || Name == "spinlock_t" || Name == "rw_semaphore";
}

/// A variable of the structure may be initialised with its lock.
static bool hasStaticObject(const TUModel &Model, const RecordDecl *R) {
  return llvm::any_of(Model.Vars, [&](const VarDecl *Var) {
    const RecordDecl *Of =
        Model.Ctx.getBaseElementType(Var->getType())->getAsRecordDecl();
    return Of && Of->getCanonicalDecl() == R->getCanonicalDecl();
  });
}

static const MemberExpr *memberIn(const Expr *Arg) {
  const Expr *E = strip(Arg);
  if (const auto *Check = dyn_cast<CallExpr>(E); Check && Check->getNumArgs())
    E = strip(Check->getArg(0));
  const auto *UO = dyn_cast<UnaryOperator>(E);
  return UO ? dyn_cast<MemberExpr>(UO->getSubExpr()->IgnoreParens()) : nullptr;
}

/// True where \p Told allocates a \p R: its lock is the driver's to initialise.
static bool makesOne(const Story &Told, const RecordDecl *R) {
  return llvm::any_of(Told.steps(), [&](const StoryStep &S) {
    const ApiFunction *Api = S.api();
    if (!Api || Api->Size < 0 ||
        (Api->Kind != Role::Allocate && Api->Kind != Role::DevmAllocate))
      return false;
    const RecordDecl *Made = recordOfSize(S.call()->getArg(Api->Size));
    return Made && Made->getCanonicalDecl() == R->getCanonicalDecl();
  });
}

/// True where the driver makes a \p R, alone or as a part of its device's
/// structure.
static bool isMade(const Lives &L, const RecordDecl *R) {
  return isPartOfDevice(L.Model, R) ||
         llvm::any_of(L.Known.roots(), [&](const Stages::Root &Root) {
           return makesOne(L.Known.story(Root.F), R);
         });
}

/// Locks whose every mention takes or gives them back.
static void judgeInit(const Lives &L, Remarks &Out) {
  // By the lock, and the part of the device's structure that it is in.
  using Lock = std::pair<const FieldDecl *, const FieldDecl *>;
  llvm::MapVector<Lock, const Expr *> Taken;
  llvm::SmallPtrSet<const Expr *, 32> ByLocking;
  std::set<Lock> Otherwise;
  auto PartOf = [&](const Story &Told, const Expr *E, unsigned Frame) {
    const FieldDecl *Outer = Told.nameOf(E, Frame).Outer;
    // A pointer leads to a structure of its own.
    bool Direct = Outer && !Outer->getType()->isPointerType() &&
                  isOfDevice(L.Model, Outer);
    return Direct ? Outer->getCanonicalDecl() : nullptr;
  };
  for (const Stages::Root &R : L.Known.roots()) {
    const Story &Told = L.Known.story(R.F);
    for (const StoryStep &S : Told.steps()) {
      std::optional<Deed> D = deedOf(Told, S);
      if (!D || !D->Row || D->Row->Kind != ResourceKind::Lock)
        continue;
      const MemberExpr *M = memberIn(S.call()->getArg(D->Row->Key));
      if (!M)
        continue;
      ByLocking.insert(M);
      if (!D->Gives)
        Taken.insert({{cast<FieldDecl>(M->getMemberDecl())->getCanonicalDecl(),
                       PartOf(Told, M, S.Frame)},
                      S.At});
    }
  }
  for (const Stages::Root &R : L.Known.roots()) {
    for (const StoryStep &S : L.Known.story(R.F).steps())
      if (S.Field && !ByLocking.contains(S.At))
        Otherwise.insert({S.Field->getCanonicalDecl(),
                          PartOf(L.Known.story(R.F), S.At, S.Frame)});
    // What is not shown may initialise it.
    if (!L.Known.story(R.F).isWhole())
      return;
  }
  const SourceManager &SM = L.Model.Ctx.getSourceManager();
  auto IsInitialised = [&](const Lock &Of) {
    return llvm::any_of(Otherwise, [&](const Lock &Other) {
      return Other.first == Of.first &&
             (Other.second == Of.second || !Other.second || !Of.second);
    });
  };
  for (const auto &[Of, At] : Taken)
    if (const FieldDecl *Field = Of.first;
        isLock(Field) && !IsInitialised(Of) && isMade(L, Field->getParent()) &&
        SM.isInMainFile(Field->getLocation()) &&
        !hasStaticObject(L.Model, Field->getParent()))
      Out.push_back({RemarkKind::LockNotInit,
                     At->getExprLoc(),
                     nullptr,
                     Field,
                     nullptr,
                     At,
                     {}});
}

//===-- Changed without it ------------------------------------------------===//

namespace {
/// Members whose pointers are followed, here or by what is called:
/// `x->ring[i]`, `x->ring->head`, `eventfd_signal(x->ctx)`.
struct FollowedMembers : EvaluatedVisitor<FollowedMembers> {
  llvm::SmallPtrSet<const Expr *, 32> Members;
  void add(const Expr *Pointer) {
    const Expr *E = Pointer->IgnoreParenImpCasts();
    if (isa<MemberExpr>(E) && E->getType()->isPointerType())
      Members.insert(E);
  }
  bool VisitArraySubscriptExpr(ArraySubscriptExpr *A) ENGINE_OVERRIDE {
    add(A->getBase());
    return true;
  }
  bool VisitMemberExpr(MemberExpr *M) ENGINE_OVERRIDE {
    if (M->isArrow())
      add(M->getBase());
    return true;
  }
  bool VisitUnaryOperator(UnaryOperator *UO) ENGINE_OVERRIDE {
    if (UO->getOpcode() == UO_Deref)
      add(UO->getSubExpr());
    return true;
  }
  bool VisitCallExpr(CallExpr *Call) ENGINE_OVERRIDE {
    for (const Expr *Arg : Call->arguments())
      add(Arg);
    return true;
  }
};
} // namespace

using Access = HoldFacts::Access;

/// True where \p A is at a time when others can be there, too.
static bool isConcurrent(const Access &A) {
  return A.When == Stage::Anytime || A.When == Stage::Close ||
         A.When == Stage::Later || A.When == Stage::Open;
}

/// True where \p Told counts up: what it uses after that, its share may keep.
static bool countsUp(const Story &Told) {
  return llvm::any_of(Told.steps(), [](const StoryStep &S) {
    if (S.What == StoryStep::Write)
      return !S.Value && S.Field->getType()->isIntegerType();
    return S.countedUp() != nullptr;
  });
}

/// Which functions hold which lock at some place.
using LockRoots = std::set<std::pair<const FieldDecl *, const FunctionDecl *>>;

/// A lock that is held, and no other, at one of \p All; null where none is.
static const FieldDecl *onlyLockOf(llvm::ArrayRef<const Access *> All) {
  const FieldDecl *Lock = nullptr;
  for (const Access *A : All)
    if (A->Locks.size() == 1)
      Lock = A->Locks.front();
  return Lock;
}

static void judgeField(const Lives &L, const FieldDecl *Field,
                       llvm::ArrayRef<const Access *> All,
                       const llvm::SmallPtrSetImpl<const Expr *> &Writes,
                       const llvm::SmallPtrSetImpl<const Expr *> &Followed,
                       const LockRoots &Takers, Remarks &Out) {
  const FieldDecl *Lock = onlyLockOf(All);
  if (!Lock)
    return;
  llvm::SmallPtrSet<const FunctionDecl *, 4> LockedRoots, OpenRoots;
  const Access *First = nullptr, *Write = nullptr, *Through = nullptr;
  bool WrittenLocked = false, WrittenAnytime = false;
  for (const Access *A : All) {
    if (!isConcurrent(*A))
      continue;
    if (llvm::is_contained(A->Locks, Lock)) {
      LockedRoots.insert(A->Root);
      WrittenLocked |= Writes.contains(A->At);
      WrittenAnytime |= Writes.contains(A->At) && A->When == Stage::Anytime;
      continue;
    }
    // Held on one way to it and not on another: the walk has lost count.
    if (llvm::any_of(All, [&](const Access *B) {
          return B->At == A->At && B->Root == A->Root && B->Way == A->Way &&
                 llvm::is_contained(B->Locks, Lock);
        }))
      return;
    OpenRoots.insert(A->Root);
    if (A->When != Stage::Anytime)
      return;
    if (Writes.contains(A->At) && !Write)
      Write = A;
    if (Followed.contains(A->At) && !Through)
      Through = A;
    if (!First && L.Model.functionAt(A->At->getExprLoc()) == A->Root)
      First = A;
  }
  // A pointer that others may put another in the place of, and free, is
  // followed without the lock; or it is written so.
  bool OnlyFollows = !Write && WrittenAnytime;
  if (OnlyFollows)
    Write = First = Through;
  bool Knows =
      OpenRoots.size() == 1 && Takers.count({Lock, *OpenRoots.begin()});
  // All others hold it, and the function that once writes without knows of it.
  if (!WrittenLocked || !Write || LockedRoots.size() < 2 ||
      OpenRoots.size() != 1 ||
      (OnlyFollows ? Knows && countsUp(L.Known.story(*OpenRoots.begin()))
                   : !Knows))
    return;
  // Of a walk that was given up, not all ways to the place are known.
  if (!L.Held.Ways.count(*OpenRoots.begin()) ||
      L.Held.PassOver.contains(*OpenRoots.begin()))
    return;
  const Access *At = First ? First : Write;
  Remark R{OnlyFollows ? RemarkKind::FollowedUnlocked : RemarkKind::NotLocked,
           At->Via ? At->Via->getExprLoc() : At->At->getMemberLoc(),
           Lock,
           Field,
           At->Root,
           At->At,
           {}};
  Out.push_back(R);
}

/// True where \p S writes the member, and not what that points to.
static bool isOfMember(const StoryStep &S, const ASTContext &Ctx) {
  return !S.Field->getType()->isPointerType() ||
         (S.Value &&
          Ctx.hasSameUnqualifiedType(S.Value->getType(), S.Field->getType()));
}

static void judgeAccesses(const Lives &L, Remarks &Out) {
  llvm::SmallPtrSet<const Expr *, 32> Writes;
  for (const Stages::Root &R : L.Known.roots())
    for (const StoryStep &S : L.Known.story(R.F).steps())
      if (S.What == StoryStep::Write && isOfMember(S, L.Model.Ctx))
        Writes.insert(S.At);
  FollowedMembers Followed;
  for (const FunctionDecl *F : L.Model.Functions)
    Followed.TraverseStmt(F->getBody());
  llvm::MapVector<const FieldDecl *, llvm::SmallVector<const Access *, 8>>
      ByField;
  for (const Access &A : L.Held.Accesses)
    ByField[cast<FieldDecl>(A.At->getMemberDecl())->getCanonicalDecl()]
        .push_back(&A);
  LockRoots Takers;
  for (const Access &A : L.Held.Accesses)
    for (const FieldDecl *Lock : A.Locks)
      Takers.insert({Lock, A.Root});
  // Another structure may not be known to anybody yet where it is changed.
  for (const auto &[Field, All] : ByField)
    if (isOfDevice(L.Model, Field))
      judgeField(L, Field, All, Writes, Followed.Members, Takers, Out);
}

void judgeLocking(const Lives &L, Remarks &Out) {
  judgeInit(L, Out);
  judgeAccesses(L, Out);
  Out.insert(Out.end(), L.Held.Locks.begin(), L.Held.Locks.end());
}

//===-- All of it ---------------------------------------------------------===//

Remarks findOtherLives(const TUModel &Model,
                       std::vector<NotFollowed> &Unfollowed) {
  Remarks Out;
  if (!hasNewModel(Model.Gen) || Model.IsCore)
    return Out;
  Lives L(Model);
  llvm::append_range(Unfollowed, L.Held.Unfollowed);
  judgePairs(L, Out);
  judgeOrder(L, Out);
  judgeRunners(L, Out);
  judgeTwice(L, Out);
  judgeFiles(L, Out);
  judgeDevres(L, Out);
  judgeHeaps(L, Out);
  judgeParameters(L, Out);
  judgeLocking(L, Out);
  return Out;
}

} // namespace vfio
