//===- LossRules.cpp - What nobody has any more ---------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a function gives back without having taken it, what it leaves to nobody,
// and what the members of a structure have when that is freed.
//
//===----------------------------------------------------------------------===//

#include "lifecycle/OtherLives.h"
#include "llvm/ADT/MapVector.h"

using namespace clang;

namespace vfio {

static bool isSame(const FieldDecl *A, const FieldDecl *B) {
  return A && B && A->getCanonicalDecl() == B->getCanonicalDecl();
}

//===-- Given back, not taken ---------------------------------------------===//

/// True where giving back what was not taken is always wrong; NULL is no file,
/// no memory and no work.
static bool mustBeTaken(ResourceKind Kind) {
  return Kind == ResourceKind::Interrupt || Kind == ResourceKind::Device ||
         Kind == ResourceKind::Power || Kind == ResourceKind::Notifier ||
         Kind == ResourceKind::Id;
}

static bool isSameThing(const Named &A, const Named &B) {
  if (A.Field || B.Field)
    return isSame(A.Field, B.Field);
  return A.Root && B.Root && A.Root->hasGlobalStorage() &&
         A.Root->getCanonicalDecl() == B.Root->getCanonicalDecl();
}

/// True where the call \p At is in a loop.
static bool isInLoop(const Story &Told, const Expr *At) {
  return llvm::any_of(Told.steps(), [&](const StoryStep &S) {
    return S.At == At && Told.isInLoop(S);
  });
}

/// True where \p R takes, on some way out, what \p D gives back.
static bool isTakenBy(const Lives &L, const Stages::Root &R,
                      llvm::ArrayRef<WayOut> Ways, const Deed &D) {
  return llvm::any_of(Ways, [&](const WayOut &W) {
    return llvm::any_of(W.Held, [&](const Holding &H) {
      return H.At && H.Group == groupOf(D) &&
             !isInLoop(L.Known.story(R.F), H.At) &&
             isSameThing(nameOfTaken(L, R.F, H.At), D.What);
    });
  });
}

/// True where another function takes such a thing: it may be there already.
static bool isTakenElsewhere(const Lives &L, const Stages::Root &R,
                             const Deed &D) {
  return llvm::any_of(L.Known.roots(), [&](const Stages::Root &Other) {
    const Story &Told = L.Known.story(Other.F);
    return Other.F != R.F &&
           llvm::any_of(Told.steps(), [&](const StoryStep &S) {
             std::optional<Deed> Take = deedOf(Told, S);
             return Take && !Take->Gives && groupOf(*Take) == groupOf(D) &&
                    L.Moved.mayBe(Take->What, D.What);
           });
  });
}

static void judgeNotTaken(const Lives &L, const Stages::Root &R,
                          llvm::ArrayRef<WayOut> Ways, Remarks &Out) {
  const Story &Told = L.Known.story(R.F);
  llvm::SmallPtrSet<const Expr *, 4> Said;
  for (const WayOut &W : Ways)
    for (const Holding &H : W.NotTaken) {
      if (!W.Fails || !mustBeTaken(H.Kind) || !Said.insert(H.At).second)
        continue;
      for (const StoryStep &S : Told.steps()) {
        std::optional<Deed> D =
            S.At == H.At ? deedOf(Told, S) : std::optional<Deed>();
        // How often a loop comes round, no path tells.
        if (!D || !D->Gives || isInLoop(Told, S.At) ||
            !isTakenBy(L, R, Ways, *D) || isTakenElsewhere(L, R, *D))
          continue;
        Remark Found{RemarkKind::GivesNotTaken,
                     Told.inRoot(S)->getExprLoc(),
                     nullptr,
                     D->What.Field,
                     R.F,
                     S.At,
                     {}};
        Found.Resource = H.Kind;
        Out.push_back(Found);
        break;
      }
    }
}

//===-- Lost --------------------------------------------------------------===//

static void judgeLost(const Lives &L, const Stages::Root &R,
                      llvm::ArrayRef<WayOut> Ways, Remarks &Out) {
  llvm::SmallPtrSet<const Expr *, 4> Said;
  for (const WayOut &W : Ways)
    for (const Holding &H : W.Lost) {
      // An opener that fails is PairRules'.
      if ((W.Fails && isOpener(R.When)) || !H.At || !Said.insert(H.At).second ||
          isInLoop(L.Known.story(R.F), H.At) || endsByItself(L, H) ||
          isGivenByGuess(L.Known.story(R.F), W, H, nameOfTaken(L, R.F, H.At)))
        continue;
      Out.push_back(
          takenRemark(RemarkKind::LostHere, W.Where, nullptr, R.F, nullptr, H));
    }
}

/// True where \p R gives back what \p H took wherever it succeeds, and in some
/// such way has: what it takes is for no longer than it runs.
static bool isGivenWhereItWorks(const Lives &L, const Stages::Root &R,
                                llvm::ArrayRef<WayOut> Ways, const Holding &H,
                                const Named &What) {
  const Story &Told = L.Known.story(R.F);
  auto Gives = [&](const WayOut &W, const Holding &Given) {
    if (Given.Group != H.Group || !Given.At ||
        llvm::any_of(W.NotTaken,
                     [&](const Holding &N) { return N.At == Given.At; }))
      return false;
    return llvm::any_of(Told.steps(), [&](const StoryStep &S) {
      std::optional<Deed> D =
          S.At == Given.At ? deedOf(Told, S) : std::optional<Deed>();
      return D && D->What.mayBe(What);
    });
  };
  bool Given = false;
  for (const WayOut &W : Ways) {
    if (W.Fails)
      continue;
    if (llvm::any_of(W.Held, [&](const Holding &O) { return O.At == H.At; }))
      return false;
    Given |= llvm::any_of(
        W.Given, [&](const Holding &Other) { return Gives(W, Other); });
  }
  return Given;
}

/// What is counted by a pointer that others have, too, is not lost with it; but
/// a callback that fails has to give back what it gives back where it works.
static void judgeFailing(const Lives &L, const Stages::Root &R,
                         llvm::ArrayRef<WayOut> Ways, Remarks &Out) {
  llvm::SmallPtrSet<const Expr *, 4> Said;
  for (const WayOut &W : Ways)
    for (const Holding &H : W.Shares) {
      if (!W.Fails || W.Guessed || !W.Guesses.empty() || !H.At ||
          isInLoop(L.Known.story(R.F), H.At))
        continue;
      Named What;
      for (const StoryStep &S : L.Known.story(R.F).steps())
        if (S.At == H.At)
          if (std::optional<Deed> D = deedOf(L.Known.story(R.F), S))
            What = D->What;
      if (isGivenWhereItWorks(L, R, Ways, H, What) && Said.insert(H.At).second)
        Out.push_back(takenRemark(RemarkKind::LostHere, W.Where, nullptr, R.F,
                                  nullptr, H));
    }
}

void judgeLosses(const Lives &L, const Stages::Root &R,
                 llvm::ArrayRef<WayOut> Ways, Remarks &Out) {
  if (isOpener(R.When))
    judgeNotTaken(L, R, Ways, Out);
  else
    judgeFailing(L, R, Ways, Out);
  judgeLost(L, R, Ways, Out);
}

//===-- Members of what is freed ------------------------------------------===//

namespace {
/// What a member of a structure of the driver's, not of the device's, keeps.
struct Kept {
  Deed Take;
  const FunctionDecl *By = nullptr; ///< the function that stores it
};
using KeptMembers = llvm::MapVector<const FieldDecl *, Kept>;
} // namespace

static Holding holdingOf(const Deed &D) {
  return {groupOf(D), D.Row ? D.Row->Kind : ResourceKind::Memory,
          D.Step->call()};
}

/// The step of \p Told that takes what \p S stores; nothing where it does not.
static std::optional<Deed> takenFor(const Story &Told, const StoryStep &S) {
  Named N = S.Value ? Told.nameOf(S.Value, S.Frame) : Named();
  if (!N.RootCall || N.Field)
    return std::nullopt;
  for (const StoryStep &Other : Told.steps())
    if (Other.At == N.RootCall)
      if (std::optional<Deed> D = deedOf(Told, Other))
        return !D->Gives && isOnesOwn(holdingOf(*D)) ? D : std::nullopt;
  return std::nullopt;
}

static KeptMembers findKept(const Lives &L) {
  KeptMembers Out;
  for (const Stages::Root &R : L.Known.roots()) {
    const Story &Told = L.Known.story(R.F);
    for (const StoryStep &S : Told.steps())
      if (S.What == StoryStep::Write && S.Field->getType()->isPointerType() &&
          L.Model.isDriverFile(S.Field->getLocation()) &&
          !isOfDevice(L.Model, S.Field))
        if (std::optional<Deed> D = takenFor(Told, S))
          Out.insert({S.Field->getCanonicalDecl(), {*D, S.In}});
  }
  return Out;
}

/// True where \p Given points to the structure that \p Field is in.
static bool isOwner(const Expr *Given, const FieldDecl *Field) {
  const RecordDecl *R = pointeeRecord(Given->IgnoreParenCasts()->getType());
  return R && R->getCanonicalDecl() == Field->getParent()->getCanonicalDecl();
}

/// True where \p S may give back what \p Field has: it does, by that name or by
/// one that is not known, or the kernel gets it for something else.
static bool mayGive(const Story &Told, const StoryStep &S,
                    const FieldDecl *Field, const Kept &K,
                    const ASTContext &Ctx) {
  if (S.What == StoryStep::Address && isSame(S.Field, Field))
    return true;
  if (S.What != StoryStep::Call)
    return false;
  std::optional<Deed> D = deedOf(Told, S);
  if (!D)
    return llvm::any_of(S.call()->arguments(),
                        [&](const Expr *Arg) {
                          return isSame(Told.nameOf(Arg, S.Frame).Field, Field);
                        }) &&
           S.Callee &&
           ((isKernelFunction(S.Callee) && S.In != K.By) ||
            // What frees a tree calls itself.
            S.Callee->getCanonicalDecl() == S.In->getCanonicalDecl());
  if (!gives(*D, groupOf(K.Take)))
    return false;
  // Where it is made, it is given back only when that fails.
  if (isSame(D->What.Field, Field))
    return S.In != K.By ||
           Ctx.getSourceManager().isBeforeInTranslationUnit(
               S.At->getExprLoc(), K.Take.Step->At->getExprLoc());
  return !D->What.Field && !(D->Given && isOwner(D->Given, Field));
}

/// True where \p F makes something itself: what it frees then is its own try.
static bool makes(const Lives &L, const FunctionDecl *F) {
  const Story &Told = L.Known.story(F);
  return llvm::any_of(Told.steps(), [&](const StoryStep &S) {
    return S.role() == Role::Allocate;
  });
}

void judgeMembers(const Lives &L, Remarks &Out) {
  for (const auto &[Field, K] : findKept(L)) {
    const StoryStep *Freed = nullptr;
    bool Given = false;
    for (const Stages::Root &R : L.Known.roots()) {
      const Story &Told = L.Known.story(R.F);
      Given |= !Told.isWhole();
      for (const StoryStep &S : Told.steps()) {
        Given |= mayGive(Told, S, Field, K, L.Model.Ctx);
        std::optional<Deed> D = deedOf(Told, S);
        if (D && D->Gives && !D->Row && D->Given && isOwner(D->Given, Field) &&
            S.In != K.By && !Freed && !makes(L, S.In) &&
            L.Known.hasItsCallers(R))
          Freed = &S;
      }
    }
    if (!Freed || Given)
      continue;
    Remark Found{RemarkKind::MemberKept,
                 Freed->At->getExprLoc(),
                 nullptr,
                 Field,
                 Freed->In,
                 Freed->At,
                 {{RemarkNote::TakenHere, K.Take.Step->At->getExprLoc()}}};
    Found.Resource = holdingOf(K.Take).Kind;
    Found.TakenBy = K.Take.Step->call();
    Out.push_back(Found);
  }
}

} // namespace vfio
