//===- HoldWalk.cpp - What the paths of a callback leave held -------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/HoldCalls.h"
#include "lifecycle/OtherLives.h"
#include "lifecycle/ProgramLink.h"

using namespace clang;
using namespace engine;

namespace vfio {

static bool contains(const Stmt *Tree, const Stmt *Wanted) {
  return Tree == Wanted ||
         llvm::any_of(Tree->children(), [&](const Stmt *Child) {
           return Child && contains(Child, Wanted);
         });
}

/// True where \p Return (null for the end of \p F) is in the block of \p F that
/// has \p Lock in it: no condition that was asked twice ties them together.
static bool isInBlockOf(const CallExpr *Lock, const ReturnStmt *Return,
                        const FunctionDecl *F) {
  const Stmt *Block = F->getBody();
  if (!contains(Block, Lock))
    return false;
  for (const Stmt *At = Block; At;) {
    auto Inner = llvm::find_if(At->children(), [&](const Stmt *Child) {
      return Child && contains(Child, Lock);
    });
    if (Inner == At->children().end())
      break;
    // The block of a macro's `do { } while (0)` is none.
    bool OfMacro = isa<DoStmt, StmtExpr>(At);
    At = *Inner;
    if (isa<CompoundStmt>(At) && !OfMacro)
      Block = At;
  }
  return Return ? contains(Block, Return) : Block == F->getBody();
}

/// True where what the function returns tells its caller whether it holds what
/// \p Holds says: it takes a lock for the caller, and keeps it where it
/// succeeds.
static bool tellsByResult(llvm::ArrayRef<WayOut> Ways,
                          llvm::function_ref<bool(const WayOut &)> Holds) {
  Signs With = 0, Without = 0;
  for (const WayOut &W : Ways) {
    if (W.Fails && Holds(W))
      return false;
    (Holds(W) ? With : Without) |= W.Result;
  }
  return !(With & Without);
}

static Remark lockKept(const FunctionDecl *F, const ReturnStmt *Return,
                       const CallExpr *Lock) {
  Remark Found{RemarkKind::LockKept,
               Return ? Return->getBeginLoc() : F->getBodyRBrace(),
               nullptr,
               nullptr,
               F,
               nullptr,
               {{RemarkNote::LockedHere, Lock->getExprLoc()}}};
  Found.TakenBy = Lock;
  return Found;
}

/// True where the story of \p F gives back something of \p Group, in \p Helper
/// or, where that is not \p Inside, in anything else.
static bool unlocks(const Stages &Known, const FunctionDecl *F, unsigned Group,
                    const FunctionDecl *Helper, bool Inside) {
  const Story &Told = Known.story(F);
  return llvm::any_of(Told.steps(), [&](const StoryStep &S) {
    std::optional<Deed> D = deedOf(Told, S);
    return D && gives(*D, Group) && (S.In == Helper) == Inside;
  });
}

/// True where every path that leaves \p L's function there has taken a lock by
/// one that it still holds: no condition that was asked twice ties them. Of a
/// path without a lock it may not be known where it left.
static bool isHeldByAll(const HoldFacts::LockedReturn &L,
                        const HoldFacts &Facts) {
  return llvm::none_of(Facts.FreeReturns, [&](const auto &Free) {
    return Free.first == L.F && (!Free.second || Free.second == L.Return);
  });
}

/// True where \p Tree has a call of \p F.
static bool calls(const Stmt *Tree, const FunctionDecl *F) {
  const auto *Call = dyn_cast<CallExpr>(Tree);
  const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
  return (Callee && Callee->getCanonicalDecl() == F->getCanonicalDecl()) ||
         llvm::any_of(Tree->children(), [&](const Stmt *Child) {
           return Child && calls(Child, F);
         });
}

/// True for `ret`, `ret < 0`, `ret != 0` and the same of a call: an error.
static bool asksForError(const Expr *Condition) {
  const Expr *E = Condition->IgnoreParenImpCasts();
  if (const auto *BO = dyn_cast<BinaryOperator>(E)) {
    const auto *Zero =
        dyn_cast<IntegerLiteral>(BO->getRHS()->IgnoreParenImpCasts());
    if ((BO->getOpcode() != BO_NE && BO->getOpcode() != BO_LT) || !Zero ||
        Zero->getValue() != 0)
      return false;
    E = BO->getLHS()->IgnoreParenImpCasts();
  }
  return isa<DeclRefExpr, CallExpr>(E);
}

/// True for `return 0;` and the like.
static bool saysSuccess(const ReturnStmt *Return) {
  const auto *Value = Return && Return->getRetValue()
                          ? dyn_cast<IntegerLiteral>(
                                Return->getRetValue()->IgnoreParenImpCasts())
                          : nullptr;
  return Value && !Value->getValue().isNegative();
}

/// True where \p Return is in the branch of \p In that a failure of \p Callee
/// leads to: `ret = callee(); if (ret) { return ret; }`.
static bool leavesForErrorOf(const FunctionDecl *Callee, const Stmt *Return,
                             const Stmt *In) {
  const Stmt *Before = nullptr;
  for (const Stmt *Child : In->children()) {
    if (!Child)
      continue;
    const auto *If = dyn_cast<IfStmt>(Child);
    if (If && contains(If->getThen(), Return) && asksForError(If->getCond()) &&
        (calls(If->getCond(), Callee) || (Before && calls(Before, Callee))))
      return true;
    if (contains(Child, Return) && leavesForErrorOf(Callee, Return, Child))
      return true;
    Before = Child;
  }
  return false;
}

/// \p H was taken in a function that \p R calls, and \p R returns with it by
/// \p W. Where nothing else that R does gives it back, where the function
/// gives it back itself, but not on a way that fails, or where R leaves because
/// the function failed, it is held at the end of the function.
static void judgeHelper(const Stages &Known, const Stages::Root &R,
                        const WayOut &W, const Holding &H,
                        llvm::SmallPtrSetImpl<const Stmt *> &Said,
                        HoldFacts &Facts) {
  for (const HoldFacts::LockedReturn &L : Facts.LockedReturns) {
    if (L.Lock != H.At || L.F == R.F ||
        !(isInBlockOf(H.At, L.Return, L.F) || isHeldByAll(L, Facts)))
      continue;
    bool Never = R.When != Stage::Later &&
                 !unlocks(Known, R.F, H.Group, L.F, /*Inside=*/false);
    bool OnOthers = (L.Fails || isHeldByAll(L, Facts)) &&
                    unlocks(Known, L.F, H.Group, L.F, /*Inside=*/true);
    bool OnError = L.Fails && !saysSuccess(L.Return) &&
                   R.When != Stage::Later && W.Fails && W.Return &&
                   leavesForErrorOf(L.F, W.Return, R.F->getBody());
    const Stmt *Way = L.Return ? (const Stmt *)L.Return : L.F->getBody();
    if ((Never || OnOthers || OnError) && Said.insert(Way).second)
      Facts.Locks.push_back(lockKept(L.F, L.Return, H.At));
  }
}

/// True where a number that \p F's callers give it, which are in other files,
/// says whether it gives back something of \p Group.
static bool tellsByArgument(const Stages &Known, const FunctionDecl *F,
                            const WayOut &W, unsigned Group) {
  const Story &Told = Known.story(F);
  return F->isExternallyVisible() &&
         llvm::any_of(Told.steps(), [&](const StoryStep &S) {
           std::optional<Deed> D = deedOf(Told, S);
           return D && gives(*D, Group) && Told.isUnderParameter(S, !W.Fails);
         });
}

/// A lock that a callback holds when it returns is held for good: nobody else
/// gives it back. Of other functions, only where another way out does.
static void judgeLocks(const Stages &Known, const Stages::Root &R,
                       llvm::ArrayRef<WayOut> Ways,
                       llvm::SmallPtrSetImpl<const Stmt *> &InHelpers,
                       HoldFacts &Facts) {
  auto Holds = [](const WayOut &W, const CallExpr *At) {
    return llvm::any_of(W.Held, [&](const Holding &H) { return H.At == At; });
  };
  llvm::SmallPtrSet<const Stmt *, 4> Said;
  for (const WayOut &W : Ways)
    for (const Holding &H : W.Held) {
      if (H.Kind != ResourceKind::Lock || !H.At ||
          findHolding(H.At->getDirectCallee()->getName())->Scoped)
        continue;
      judgeHelper(Known, R, W, H, InHelpers, Facts);
      // One that locks for its caller does so where it succeeds: what is wrong
      // is where it fails.
      if (R.When == Stage::Later && !W.Fails &&
          llvm::all_of(Ways, [&](const WayOut &Other) {
            return Other.Fails || Holds(Other, H.At);
          }))
        continue;
      if (isGivenByGuess(Known.story(R.F), W, H, Named()) ||
          (R.When == Stage::Later && tellsByArgument(Known, R.F, W, H.Group)))
        continue;
      bool SomeGive = llvm::any_of(
          Ways, [&](const WayOut &Other) { return !Holds(Other, H.At); });
      if ((R.When == Stage::Later &&
           (!SomeGive ||
            tellsByResult(
                Ways, [&](const WayOut &Way) { return Holds(Way, H.At); }))) ||
          !isInBlockOf(H.At, W.Return, R.F) || !Said.insert(W.Return).second)
        continue;
      Facts.Locks.push_back(lockKept(R.F, W.Return, H.At));
    }
}

/// By function, the call that gives it to the kernel as one to call where
/// nothing may sleep; but for those that ask where they are.
static llvm::DenseMap<const FunctionDecl *, const CallExpr *>
findHandlers(const TUModel &Model, const Stages &Known) {
  llvm::DenseMap<const FunctionDecl *, const CallExpr *> Out;
  for (const Stages::Root &R : Known.roots())
    for (const StoryStep &S : Known.story(R.F).steps()) {
      if (S.What != StoryStep::Call || !S.Callee || !S.Callee->getIdentifier())
        continue;
      int Index = handlerOf(S.Callee->getName());
      if (Index < 0 || Index >= int(S.call()->getNumArgs()))
        continue;
      const FunctionDecl *F =
          Model.definition(namedFunction(S.call()->getArg(Index)));
      if (F && !Known.story(F).find(Tell::AsksContext))
        Out[F] = S.call();
    }
  return Out;
}

/// True where \p S returns what a function of the kernel's has answered, and
/// nobody has asked whether that is an error.
static bool returnsUnasked(const State &S, const FunctionDecl *F,
                           const EntityTable &T) {
  if (!S.Return.isRef() || S.Return.Num || T[S.Return.Id].K != Entity::Result ||
      !F->getReturnType()->isSignedIntegerType())
    return false;
  const auto *Call = dyn_cast_or_null<CallExpr>(
      static_cast<const Stmt *>(T[S.Return.Id].Origin));
  const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
  Signs R = S.signs(S.Return, T);
  return Callee && isKernelFunction(Callee) && !Callee->getBuiltinID() &&
         Callee->getReturnType()->isSignedIntegerType() && (R & Negative) &&
         (R & ~Negative);
}

/// The way out that \p End is; two, where what it opens may have failed last.
static void addWays(State End, const Stages::Root &R, const EntityTable &T,
                    std::vector<WayOut> &Ways) {
  if (isOpener(R.When) && returnsUnasked(End, R.F, T)) {
    State Failed = End;
    if (Failed.restrict(End.Return.Id, Negative, T)) {
      Ways.push_back(wayOut(Failed, R.F, T));
      // What it gives back, it does where it succeeds as well.
      Ways.back().NotTaken.clear();
    }
    End.restrict(End.Return.Id, NotNegative, T);
  }
  Ways.push_back(wayOut(End, R.F, T));
}

namespace {
/// Which roots of other sources have nothing to say of this one.
class Others {
public:
  Others(const TUModel &Model, const Stages &Known) : Model(Model), Can(Model) {
    for (const Stages::Root &R : Known.roots())
      if (R.When == Stage::Anytime && (Can.of(R.F) & Reach::Comes))
        forEachMember(Known.story(R.F),
                      [&](const FieldDecl *F) { Judged.insert(F); });
  }

  const Reach &reach() const { return Can; }

  /// True where nothing that is said of \p R is said of this source, and what
  /// it does to members, whose locks all accesses tell, is neither.
  bool has(const Stages &Known, const Stages::Root &R) const {
    if (!Model.isBrought(R.F) || !isOfAnother(R) ||
        (!Judged.empty() && Known.story(R.F).isCutShort()))
      return false;
    bool Accesses = false;
    forEachMember(Known.story(R.F),
                  [&](const FieldDecl *F) { Accesses |= Judged.contains(F); });
    return !Accesses;
  }

private:
  bool isOfAnother(const Stages::Root &R) const {
    // Where users are not brought, its source does not know when it runs.
    if (!Model.link()->wantsUsers() && R.When != Stage::Later)
      return false;
    // What is kept may be said where a caller stores it.
    bool Stores = R.When == Stage::Open || R.When == Stage::Anytime ||
                  R.When == Stage::Close;
    return !(Can.of(R.F) & (Stores ? Reach::Comes : Reach::Here));
  }
  void forEachMember(const Story &Told,
                     llvm::function_ref<void(const FieldDecl *)> Visit) const {
    for (const StoryStep &S : Told.steps())
      if (S.Field && isOfDevice(Model, S.Field))
        Visit(S.Field->getCanonicalDecl());
  }

  const TUModel &Model;
  Reach Can;
  /// Members of the device's structure that callbacks here access.
  llvm::SmallPtrSet<const FieldDecl *, 32> Judged;
};
} // namespace

/// Walks \p R, and judges what stands at its end.
static void walkHoldings(HoldCalls &Calls, const Stages &Known,
                         const Stages::Root &R, const EntityTable &Entities,
                         llvm::SmallPtrSetImpl<const Stmt *> &InHelpers,
                         HoldFacts &Facts) {
  std::vector<WayOut> Ways;
  for (const State &End : Calls.walker().walk(R.F, State()))
    if (!(End.Elsewhere & Uncertain))
      addWays(End, R, Entities, Ways);
  judgeLocks(Known, R, Ways, InHelpers, Facts);
  if (Calls.walker().complete())
    Facts.Ways[R.F] = std::move(Ways);
  else
    Facts.Unfollowed.push_back(
        notFollowed(R.F, Calls.walker(), engine::Limits()));
}

HoldFacts walkHoldings(const TUModel &Model, const Stages &Known) {
  HoldFacts Facts;
  EntityTable Entities;
  const Others Elsewhere(Model, Known);
  HoldCalls Calls(Model, Elsewhere.reach(), Entities, Facts);
  llvm::SmallPtrSet<const Stmt *, 4> InHelpers;
  const auto Handlers = findHandlers(Model, Known);
  for (const Stages::Root &R : Known.roots()) {
    if (Elsewhere.has(Known, R))
      continue;
    Calls.begin(R, Handlers.lookup(R.F));
    walkHoldings(Calls, Known, R, Entities, InHelpers, Facts);
  }
  return Facts;
}

} // namespace vfio
