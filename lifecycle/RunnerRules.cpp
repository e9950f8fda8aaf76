//===- RunnerRules.cpp - What still runs when its memory goes -------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

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

static bool sameField(const FieldDecl *A, const FieldDecl *B) {
  return A && B && A->getCanonicalDecl() == B->getCanonicalDecl();
}

/// `work->func = f`, `timer->function = f`.
static void addByMember(const Story &Told, const StoryStep &S,
                        std::vector<Runner> &Out) {
  const FunctionDecl *F = S.Value ? namedFunction(S.Value) : nullptr;
  if (!F || (S.Field->getName() != "func" && S.Field->getName() != "function"))
    return;
  Named N = Told.nameOf(cast<MemberExpr>(S.At)->getBase(), S.Frame, true);
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
  bool Thread = D && D->Row && D->Row->Kind == ResourceKind::Queue;
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

/// True where \p D stops what runs by \p By: it cancels it, or ends the queue
/// that it may be on.
static bool stops(const Deed &D, const FieldDecl *By, unsigned Group) {
  if (!D.Gives || !D.Row)
    return false;
  if (Group)
    return D.Row->Group == Group &&
           (!D.What.Field || sameField(D.What.Field, By));
  return D.Row->Kind == ResourceKind::Queue ||
         (D.Row->Kind == ResourceKind::Work &&
          (!D.What.Field || sameField(D.What.Field, By)));
}

//===-- Never stopped -----------------------------------------------------===//

bool isOfDevice(const TUModel &Model, const FieldDecl *Field) {
  return llvm::any_of(Model.Records, [&](const DeviceRecord &R) {
    return R.Record->getCanonicalDecl() ==
           Field->getParent()->getCanonicalDecl();
  });
}

/// True where some function that surely runs, or may at any time, stops it.
static bool isStopped(const Lives &L, const FieldDecl *By) {
  return llvm::any_of(L.Known.roots(), [&](const Stages::Root &R) {
    if (R.When == Stage::Anytime || R.When == Stage::Open ||
        R.When == Stage::Init || R.When == Stage::Probe)
      return false;
    const Story &Told = L.Known.story(R.F);
    return !Told.isWhole() ||
           llvm::any_of(Told.steps(), [&](const StoryStep &S) {
             std::optional<Deed> D = deedOf(Told, S);
             return D && stops(*D, By, 0);
           });
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
                    S.calls("complete") || S.calls("complete_all") ||
                    S.calls("wake_up") ||
                    (D && D->Gives && D->Row &&
                     D->Row->Kind == ResourceKind::Reference);
           });
  });
}

static void judgeNever(const Lives &L, llvm::ArrayRef<Runner> Runners,
                       Remarks &Out) {
  llvm::SmallPtrSet<const FieldDecl *, 4> Said;
  for (const Stages::Root &R : L.Known.roots()) {
    // What only arms itself again was armed by somebody.
    if (R.When == Stage::Later)
      continue;
    const Story &Told = L.Known.story(R.F);
    for (const StoryStep &S : Told.steps()) {
      std::optional<Deed> D = deedOf(Told, S);
      if (!D || D->Gives || S.Later || !D->Row ||
          D->Row->Kind != ResourceKind::Work || !D->What.Field ||
          !isOfDevice(L.Model, D->What.Field) ||
          !Said.insert(D->What.Field->getCanonicalDecl()).second ||
          isStopped(L, D->What.Field) || endsItself(L, Runners, D->What.Field))
        continue;
      Remark Found{RemarkKind::NeverCancelled,
                   S.At->getExprLoc(),
                   nullptr,
                   D->What.Field,
                   nullptr,
                   S.At,
                   {}};
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

static void judgeFree(const Lives &L, const Story &Told, const StoryStep &Free,
                      const FieldDecl *Field, llvm::ArrayRef<Runner> Runners,
                      Remarks &Out) {
  for (const Runner &R : Runners) {
    if (!L.Model.definition(R.F) || !uses(L, R.F, Field))
      continue;
    const StoryStep *Stop = nullptr;
    for (const StoryStep &S : Told.steps()) {
      std::optional<Deed> D = deedOf(Told, S);
      if (!D || !stops(*D, R.By, R.Group))
        continue;
      Stop = &S;
      if (Stop < &Free)
        return;
    }
    if (!Stop)
      continue;
    Out.push_back({RemarkKind::FreedUnderRunner,
                   Told.inRoot(Free)->getExprLoc(),
                   nullptr,
                   Field,
                   R.F,
                   Free.At,
                   {{RemarkNote::StoppedHere, Stop->At->getExprLoc()}}});
    return;
  }
}

void judgeRunners(const Lives &L, Remarks &Out) {
  std::vector<Runner> Runners = findRunners(L);
  judgeNever(L, Runners, Out);
  for (const Stages::Root &R : L.Known.roots()) {
    if (R.When != Stage::Close && R.When != Stage::Remove &&
        R.When != Stage::Release)
      continue;
    const Story &Told = L.Known.story(R.F);
    for (const StoryStep &S : Told.steps()) {
      std::optional<Deed> D = deedOf(Told, S);
      if (D && D->Gives && !D->Row && !S.Later && D->What.Field &&
          isOfDevice(L.Model, D->What.Field))
        judgeFree(L, Told, S, D->What.Field, Runners, Out);
    }
  }
}

} // namespace vfio
