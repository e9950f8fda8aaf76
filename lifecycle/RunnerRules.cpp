//===- RunnerRules.cpp - What still runs when its memory goes -------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "contracts/Cells.h"
#include "lifecycle/OtherLives.h"

using namespace clang;

namespace vfio {

namespace {
/// A function that runs by itself, and the member (a work, a timer, an irq
/// number) by which it is armed and stopped.
struct Runner {
  const FieldDecl *By;
  const FunctionDecl *F;
  unsigned Group; ///< of what stops it; 0 where its member says it
};
} // namespace

/// `work->func = f`, `timer->function = f`.
static void addByMember(const Story &Told, const StoryStep &S,
                        std::vector<Runner> &Out) {
  const FunctionDecl *F = S.Value ? namedFunction(S.Value) : nullptr;
  if (!F || (S.Field->getName() != "func" && S.Field->getName() != "function"))
    return;
  const auto *M = dyn_cast<MemberExpr>(S.At);
  if (!M)
    return;
  Named N = Told.nameOf(M->getBase(), S.Frame, true);
  if (N.Field)
    Out.push_back({N.Field, F, 0});
}

/// `timer_setup(&x->timer, f, 0)`, `request_irq(x->irq, f, ...)`,
/// `x->thread = kthread_run(f, ...)`.
static void addByCall(const Lives &L, const FunctionDecl *Root,
                      const StoryStep &S, std::vector<Runner> &Out) {
  const Story &Told = L.Known.story(Root);
  if (!S.Callee || !isKernelFunction(S.Callee))
    return;
  std::optional<Deed> D = deedOf(Told, S);
  bool Irq = D && D->Row && D->Row->Kind == ResourceKind::Interrupt;
  bool Thread = D && D->Row && isOwnObject(D->Row->Kind);
  if (Thread)
    D->What = nameOfTaken(L, Root, S.call());
  for (const Expr *Arg : S.call()->arguments()) {
    const FunctionDecl *F = namedFunction(Arg);
    if (!F)
      continue;
    Named N = Irq || Thread ? D->What
                            : Told.nameOf(S.call()->getArg(0), S.Frame, true);
    if (N.Field)
      Out.push_back({N.Field, F, Irq || Thread ? D->Row->Group : 0});
  }
}

static std::vector<Runner> findRunners(const Lives &L) {
  std::vector<Runner> Out;
  for (const Stages::Root &R : L.Known.roots()) {
    const Story &Told = L.Known.story(R.F);
    for (const StoryStep &S : Told.steps()) {
      if (S.What == StoryStep::Write)
        addByMember(Told, S, Out);
      else if (S.What == StoryStep::Call)
        addByCall(L, R.F, S, Out);
    }
  }
  return Out;
}

/// True for a work that waits on no timer first: the end of its queue is its
/// own.
static bool isPlainWork(const FieldDecl *By) {
  const RecordDecl *R = By->getType()->getAsRecordDecl();
  return R && R->getIdentifier() && R->getName() == "work_struct";
}

/// True where \p Tree tries \p Call again for as long as that has an error.
static bool repeats(const Stmt *Tree, const Expr *Call) {
  const Expr *Condition = nullptr;
  if (const auto *While = dyn_cast<WhileStmt>(Tree))
    Condition = While->getCond();
  else if (const auto *Do = dyn_cast<DoStmt>(Tree))
    Condition = Do->getCond();
  const auto *Asks =
      Condition ? dyn_cast<BinaryOperator>(strip(Condition)) : nullptr;
  if (Asks && (Asks->getOpcode() == BO_LT || Asks->getOpcode() == BO_EQ) &&
      strip(Asks->getLHS()) == Call)
    return true;
  return llvm::any_of(Tree->children(), [&](const Stmt *Child) {
    return Child && repeats(Child, Call);
  });
}

/// True where what \p D cancels may still run when that returns.
static bool leavesRunning(const Deed &D) {
  return D.Row && !D.Row->Waiting.empty() &&
         !repeats(D.Step->In->getBody(), D.Step->At);
}

/// True where \p D cancels what runs by \p By and leaves one alone that runs
/// already.
static bool onlyCancels(const Deed &D, const FieldDecl *By) {
  return D.Gives && leavesRunning(D) && sameField(D.What.Field, By);
}

/// The queue that \p Call puts something on, or ends; null for the system's
/// own.
static const Expr *queueOf(const CallExpr *Call) {
  for (const Expr *Arg : Call->arguments()) {
    const RecordDecl *R = pointeeRecord(Arg->IgnoreParenImpCasts()->getType());
    if (R && R->getIdentifier() && R->getName() == "workqueue_struct")
      return Arg;
  }
  return nullptr;
}

/// True where \p By may be on the queue that the call of \p D, in \p Told, ends
/// or flushes: nobody is seen to put it on any other.
static bool mayBeOn(const Lives &L, const Story &Told, const Deed &D,
                    const FieldDecl *By) {
  const Expr *Ended = queueOf(D.Step->call());
  Named What = Ended ? Told.nameOf(Ended, D.Step->Frame) : Named();
  bool Armed = false;
  for (const Stages::Root &R : L.Known.roots()) {
    const Story &Other = L.Known.story(R.F);
    for (const StoryStep &S : Other.steps()) {
      std::optional<Deed> Arm = deedOf(Other, S);
      if (!Arm || Arm->Gives || !Arm->Row ||
          Arm->Row->Kind != ResourceKind::Work ||
          !sameField(Arm->What.Field, By))
        continue;
      Armed = true;
      const Expr *On = queueOf(S.call());
      Named Its = On ? Other.nameOf(On, S.Frame) : Named();
      // A queue of the driver's is none of the system's.
      if (On ? Its.mayBe(What) : !Ended || !What.Field)
        return true;
    }
  }
  return !Armed;
}

/// True where \p D, a step of \p Told, stops what runs by \p By: it cancels it,
/// or ends the queue that it may be on; \p Cancelled says that it is on no
/// timer any more.
static bool stops(const Lives &L, const Story &Told, const Deed &D,
                  const FieldDecl *By, unsigned Group, bool Cancelled) {
  if (!D.Gives || !D.Row || leavesRunning(D))
    return false;
  if (Group)
    return D.Row->Group == Group &&
           (!D.What.Field || sameField(D.What.Field, By));
  // The end, or the flush, of a queue; it is for works only.
  bool Work = D.Row->Kind == ResourceKind::Work;
  if (D.Row->Of == GroupOf::Works || (Work && D.Row->Key < 0))
    return (Cancelled || isPlainWork(By)) && mayBeOn(L, Told, D, By);
  return Work && (!D.What.Field || sameField(D.What.Field, By));
}

//===-- Never stopped -----------------------------------------------------===//

static bool isCloser(Stage S) {
  return S == Stage::Close || S == Stage::Remove || S == Stage::Release;
}

static bool isOfEnd(Stage When) {
  return When != Stage::Anytime && When != Stage::Open && When != Stage::Init &&
         When != Stage::Probe;
}

/// A call by a function that surely runs, or may at any time, that cancels \p
/// By without waiting for it; null where there is none.
static const StoryStep *onlyCancelled(const Lives &L, const FieldDecl *By) {
  for (const Stages::Root &R : L.Known.roots())
    for (const StoryStep &S : L.Known.story(R.F).steps())
      if (std::optional<Deed> D = deedOf(L.Known.story(R.F), S);
          D && isOfEnd(R.When) && onlyCancels(*D, By))
        return &S;
  return nullptr;
}

/// True where some function that surely runs, or may at any time, stops it.
static bool isStopped(const Lives &L, const FieldDecl *By, bool Cancelled) {
  return llvm::any_of(L.Known.roots(), [&](const Stages::Root &R) {
    if (!isOfEnd(R.When) || isTooLate(L, R) ||
        !L.Known.mayConcern(R.F, By->getParent()))
      return false;
    const Story &Told = L.Known.story(R.F);
    return !Told.isWhole() ||
           llvm::any_of(Told.steps(), [&](const StoryStep &S) {
             std::optional<Deed> D = deedOf(Told, S);
             return D && stops(L, Told, *D, By, 0, Cancelled);
           });
  });
}

/// What a call that completes something, or waits for that, names.
static Named completionOf(const Story &Told, const StoryStep &S) {
  return S.call()->getNumArgs() ? Told.nameOf(S.call()->getArg(0), S.Frame)
                                : Named();
}

/// True where something of the driver waits for the completion \p What.
static bool someoneWaits(const Lives &L, const FieldDecl *By,
                         const Named &What) {
  return llvm::any_of(L.Known.roots(), [&](const Stages::Root &R) {
    const Story &Told = L.Known.story(R.F);
    return L.Known.mayConcern(R.F, By->getParent()) &&
           (!Told.isWhole() ||
            llvm::any_of(Told.steps(), [&](const StoryStep &S) {
              return S.wait() == Wait::Awaits &&
                     completionOf(Told, S).mayBe(What);
            }));
  });
}

/// A runner that holds a reference of its own, that somebody waits for, or that
/// frees the structure itself needs no other end.
static bool endsItself(const Lives &L, llvm::ArrayRef<Runner> Runners,
                       const FieldDecl *By) {
  return llvm::any_of(Runners, [&](const Runner &R) {
    if (!sameField(R.By, By))
      return false;
    const Story &Told = L.Known.story(R.F);
    return !Told.isWhole() ||
           llvm::any_of(Told.steps(), [&](const StoryStep &S) {
             std::optional<Deed> D = deedOf(Told, S);
             return S.role() == Role::PutDevice ||
                    S.role() == Role::FreeDevice || S.role() == Role::Free ||
                    (S.wait() == Wait::Completes &&
                     someoneWaits(L, By, completionOf(Told, S))) ||
                    S.wait() == Wait::Wakes ||
                    (D && D->Gives && D->Row &&
                     D->Row->Kind == ResourceKind::Reference);
           });
  });
}

/// True where something may wait for a runner by \p By to have come to an end,
/// by a counter or by a member: of those that it changes, another one asks.
static bool mayBeAwaited(const Lives &L, llvm::ArrayRef<Runner> Runners,
                         const FieldDecl *By) {
  auto AsksFor = [&](const Runner &R, const FieldDecl *Field) {
    return llvm::any_of(L.Known.roots(), [&](const Stages::Root &Other) {
      return Other.F != L.Model.definition(R.F) &&
             llvm::any_of(L.Known.story(Other.F).steps(),
                          [&](const StoryStep &S) {
                            return S.What != StoryStep::Write &&
                                   sameField(S.Field, Field);
                          });
    });
  };
  return llvm::any_of(Runners, [&](const Runner &R) {
    auto Changes = [&](const StoryStep &S) {
      if (S.What == StoryStep::Write)
        return AsksFor(R, S.Field);
      const CellRow *Cell =
          S.What == StoryStep::Call && S.Callee && S.Callee->getIdentifier()
              ? findCell(S.Callee->getName())
              : nullptr;
      return Cell && Cell->Change != CellChange::Keep &&
             Cell->Change != CellChange::KeepBit;
    };
    return sameField(R.By, By) &&
           llvm::any_of(L.Known.story(R.F).steps(), Changes);
  });
}

/// True where a closer frees the structures, none of the device's, that have
/// the member \p By, and nothing at all stops what runs by that.
static bool isFreedRunning(const Lives &L, llvm::ArrayRef<Runner> Runners,
                           const FieldDecl *By, bool Cancelled) {
  const RecordDecl *Of = By->getParent();
  bool Freed = false;
  for (const Stages::Root &R : L.Known.roots()) {
    const Story &Told = L.Known.story(R.F);
    if (!Told.isWhole() && L.Known.mayConcern(R.F, Of))
      return false;
    for (const StoryStep &S : Told.steps()) {
      std::optional<Deed> D = deedOf(Told, S);
      if (D && stops(L, Told, *D, By, 0, Cancelled))
        return false;
      const RecordDecl *Given =
          D && D->Gives && !D->Row && D->Given && !S.Later
              ? pointeeRecord(D->Given->IgnoreParenCasts()->getType())
              : nullptr;
      Freed |= isCloser(R.When) && Given &&
               Given->getCanonicalDecl() == Of->getCanonicalDecl();
    }
  }
  return Freed && !mayBeAwaited(L, Runners, By);
}

/// True where \p Cancel may as well wait: what it is called by takes no lock
/// that the runner might want, and none under which nothing may wait.
static bool mayWait(const Lives &L, const StoryStep &Cancel) {
  return llvm::none_of(L.Known.roots(), [&](const Stages::Root &R) {
    const Story &Told = L.Known.story(R.F);
    bool Calls = false, Locks = !Told.isWhole() || R.When == Stage::Later;
    for (const StoryStep &S : Told.steps()) {
      std::optional<Deed> D = deedOf(Told, S);
      Locks |= D && D->Row && D->Row->Kind == ResourceKind::Lock;
      Calls |= S.At == Cancel.At;
    }
    return Calls && Locks;
  });
}

static void judgeNever(const Lives &L, llvm::ArrayRef<Runner> Runners,
                       Remarks &Out) {
  llvm::SmallPtrSet<const FieldDecl *, 4> Said;
  for (const Stages::Root &R : L.Known.roots()) {
    if (!L.Known.hasItsCallers(R))
      continue;
    const Story &Told = L.Known.story(R.F);
    for (const StoryStep &S : Told.steps()) {
      std::optional<Deed> D = deedOf(Told, S);
      if (!D || D->Gives || S.Later || !D->Row ||
          D->Row->Kind != ResourceKind::Work || !D->What.Field ||
          // What only arms itself again was armed by somebody.
          llvm::any_of(Runners,
                       [&](const Runner &Run) {
                         return sameField(Run.By, D->What.Field) &&
                                L.Model.definition(Run.F) == R.F;
                       }) ||
          !Said.insert(D->What.Field->getCanonicalDecl()).second)
        continue;
      const StoryStep *Cancel = onlyCancelled(L, D->What.Field);
      bool Goes = isPartOfDevice(L.Model, D->What.Field->getParent())
                      ? !isStopped(L, D->What.Field, Cancel)
                      : isFreedRunning(L, Runners, D->What.Field, Cancel);
      if (!Goes || endsItself(L, Runners, D->What.Field))
        continue;
      Remark Found{RemarkKind::NeverCancelled,
                   S.At->getExprLoc(),
                   nullptr,
                   D->What.Field,
                   nullptr,
                   S.At,
                   {}};
      if (Cancel) {
        Found.Kind = RemarkKind::NotAwaited;
        Found.Where = Cancel->At->getExprLoc();
        Found.At = mayWait(L, *Cancel) ? Cancel->At : nullptr;
      }
      for (const Runner &Run : Runners)
        if (sameField(Run.By, D->What.Field))
          Found.Function = Run.F;
      if (Found.Function)
        Out.push_back(Found);
    }
  }
}

//===-- Stopped too late --------------------------------------------------===//

static bool uses(const Lives &L, const FunctionDecl *F,
                 const FieldDecl *Field) {
  return llvm::any_of(L.Known.story(F).steps(), [&](const StoryStep &S) {
    return S.What == StoryStep::Read && sameField(S.Field, Field);
  });
}

/// True where a close, or a remove, that comes before the function of \p Told
/// stops \p R.
static bool isStoppedBefore(const Lives &L, const Story &Told,
                            const Runner &R) {
  return llvm::any_of(L.Known.roots(), [&](const Stages::Root &Other) {
    const Story &Before = L.Known.story(Other.F);
    return (Other.When == Stage::Close || Other.When == Stage::Remove) &&
           &Before != &Told &&
           llvm::any_of(Before.steps(), [&](const StoryStep &S) {
             std::optional<Deed> D = deedOf(Before, S);
             return D && stops(L, Before, *D, R.By, R.Group, false);
           });
  });
}

static void judgeFree(const Lives &L, const Story &Told, const StoryStep &Free,
                      const FieldDecl *Field, llvm::ArrayRef<Runner> Runners,
                      Remarks &Out) {
  for (const Runner &R : Runners) {
    if (!L.Model.definition(R.F) || !uses(L, R.F, Field))
      continue;
    const StoryStep *Stop = nullptr, *Cancel = nullptr;
    for (const StoryStep &S : Told.steps()) {
      std::optional<Deed> D = deedOf(Told, S);
      if (D && onlyCancels(*D, R.By))
        Cancel = &S;
      // Taken out of reach, or waited for.
      if (&S < &Free &&
          (S.wait() == Wait::Quiets ||
           (S.What == StoryStep::Write && sameField(S.Field, Field))))
        return;
      if (!D || !stops(L, Told, *D, R.By, R.Group, Cancel || &S > &Free))
        continue;
      Stop = &S;
      if (Stop < &Free)
        return;
    }
    if (Stop && isStoppedBefore(L, Told, R))
      return;
    if (!Stop && !(Cancel && Cancel < &Free))
      continue;
    Out.push_back({RemarkKind::FreedUnderRunner,
                   Told.inRoot(Free)->getExprLoc(),
                   nullptr,
                   Field,
                   R.F,
                   Free.At,
                   {{Stop ? RemarkNote::StoppedHere : RemarkNote::CancelledHere,
                     (Stop ? Stop : Cancel)->At->getExprLoc()}}});
    return;
  }
}

//===-- Armed again -------------------------------------------------------===//

static bool arms(const Lives &L, const FunctionDecl *F, const FieldDecl *By) {
  const Story &Told = L.Known.story(F);
  return llvm::any_of(Told.steps(), [&](const StoryStep &S) {
    std::optional<Deed> D = deedOf(Told, S);
    return D && !D->Gives && D->Row && D->Row->Kind == ResourceKind::Work &&
           sameField(D->What.Field, By);
  });
}

/// The step of \p Told by which \p R is stopped; null where it is not.
static const StoryStep *stopOf(const Lives &L, const Story &Told,
                               const Runner &R) {
  for (const StoryStep &S : Told.steps())
    if (std::optional<Deed> D = deedOf(Told, S);
        D && !S.Later && sameField(D->What.Field, R.By) &&
        stops(L, Told, *D, R.By, R.Group, true))
      return &S;
  return nullptr;
}

/// What is cancelled first and then armed again by something that is stopped
/// only after it.
static void judgeRearmed(const Lives &L, const Stages::Root &R,
                         llvm::ArrayRef<Runner> Runners, Remarks &Out) {
  const Story &Told = L.Known.story(R.F);
  for (const Runner &First : Runners) {
    const StoryStep *Stop = First.Group ? nullptr : stopOf(L, Told, First);
    if (!Stop || !isPartOfDevice(L.Model, First.By->getParent()) ||
        deedOf(Told, *Stop)->Row->Final)
      continue;
    for (const Runner &Then : Runners) {
      const StoryStep *Late =
          sameField(Then.By, First.By) ? nullptr : stopOf(L, Told, Then);
      if (!Late || Late < Stop || !L.Model.definition(Then.F) ||
          !arms(L, Then.F, First.By) || isStoppedBefore(L, Told, Then) ||
          llvm::any_of(
              Told.steps(),
              [&](const StoryStep &S) {
                std::optional<Deed> D = deedOf(Told, S);
                return &S > Late && D && stops(L, Told, *D, First.By, 0, true);
              }))
        continue;
      Out.push_back({RemarkKind::ArmedAgain,
                     Told.inRoot(*Stop)->getExprLoc(),
                     nullptr,
                     First.By,
                     Then.F,
                     Stop->At,
                     {{RemarkNote::StoppedHere, Late->At->getExprLoc()}}});
      return;
    }
  }
}

void judgeRunners(const Lives &L, Remarks &Out) {
  std::vector<Runner> Runners = findRunners(L);
  judgeNever(L, Runners, Out);
  for (const Stages::Root &R : L.Known.roots()) {
    if (!isCloser(R.When))
      continue;
    judgeRearmed(L, R, Runners, Out);
    const Story &Told = L.Known.story(R.F);
    for (const StoryStep &S : Told.steps()) {
      std::optional<Deed> D = deedOf(Told, S);
      bool Freed = D && D->Gives && !S.Later && D->What.Field &&
                   (!D->Row || D->Row->Kind == ResourceKind::Page ||
                    D->Row->Kind == ResourceKind::Mapping);
      if (Freed && isOfDevice(L.Model, D->What.Field))
        judgeFree(L, Told, S, D->What.Field, Runners, Out);
    }
  }
}

} // namespace vfio
