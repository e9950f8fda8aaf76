//===- TwiceRules.cpp - What two give back, or leave behind ---------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "contracts/Memory.h"
#include "lifecycle/Conditions.h"
#include "lifecycle/OtherLives.h"

using namespace clang;

namespace vfio {

/// What the call \p At gives back, in the story of \p Root.
static std::optional<Deed> deedAt(const Lives &L, const FunctionDecl *Root,
                                  const CallExpr *At) {
  const Story &Told = L.Known.story(Root);
  for (const StoryStep &S : Told.steps())
    if (S.At == At)
      if (std::optional<Deed> D = deedOf(Told, S))
        return D;
  return std::nullopt;
}

/// True where \p Told stores nothing, or NULL, to \p Field.
static bool clears(const Story &Told, const FieldDecl *Field,
                   const ASTContext &Ctx) {
  return llvm::any_of(Told.steps(), [&](const StoryStep &S) {
    Expr::EvalResult R;
    return S.What == StoryStep::Write && sameField(S.Field, Field) && S.Value &&
           (S.Value->isNullPointerConstant(const_cast<ASTContext &>(Ctx),
                                           Expr::NPC_ValueDependentIsNotNull) ||
            S.Value->EvaluateAsInt(R, Ctx));
  });
}

//===-- By remove or probe, and by .release -------------------------------===//

/// The call in a `.release` that surely gives back, by \p Keeper, what \p D
/// did, and that `.release`.
static std::pair<const StoryStep *, const FunctionDecl *>
releaseOf(const Lives &L, const Deed &D, const FieldDecl *Keeper) {
  for (const Stages::Root &R : L.Known.roots()) {
    if (R.When != Stage::Release)
      continue;
    const Story &Told = L.Known.story(R.F);
    for (const StoryStep &S : Told.steps()) {
      std::optional<Deed> Other = deedOf(Told, S);
      if (Other && Other->Gives && S.Sure && groupOf(*Other) == groupOf(D) &&
          sameField(Other->What.Field, D.What.Field) &&
          (sameField(D.What.Field, Keeper) ||
           sameField(Other->What.Outer, Keeper)) &&
          (!S.Guard || sameField(S.Guard, Keeper)))
        return {&S, R.F};
    }
  }
  return {nullptr, nullptr};
}

/// True where nothing but one call of the driver takes what \p D gives back,
/// and every device takes it once.
static bool isTakenOnce(const Lives &L, const Deed &D) {
  llvm::SmallPtrSet<const Expr *, 2> Takes;
  for (const Stages::Root &R : L.Known.roots()) {
    const Story &Told = L.Known.story(R.F);
    for (const StoryStep &S : Told.steps()) {
      std::optional<Deed> T = deedOf(Told, S);
      if (T && !T->Gives && groupOf(*T) == groupOf(D) &&
          T->What.mayBe(D.What)) {
        if (R.When != Stage::Init && R.When != Stage::Probe)
          return false;
        Takes.insert(S.At);
      }
    }
    if (!Told.isWhole())
      return false;
  }
  return Takes.size() == 1;
}

/// The member of the device's structure that \p D gives back by: the one that
/// has what it gives or, for a reference, the one that points to where that is
/// counted.
static const FieldDecl *keeperOf(const Lives &L, const Deed &D) {
  if (!D.What.Field || isOfDevice(L.Model, D.What.Field))
    return D.What.Field;
  bool Counted = D.Row && D.Row->Kind == ResourceKind::Reference &&
                 D.What.Address && D.What.Outer &&
                 D.What.Outer->getType()->isPointerType();
  return Counted && isOfDevice(L.Model, D.What.Outer) && isTakenOnce(L, D)
             ? D.What.Outer
             : nullptr;
}

static void judgeGivenTwice(const Lives &L, const Stages::Root &R,
                            llvm::ArrayRef<WayOut> Ways, Remarks &Out) {
  llvm::SmallPtrSet<const Expr *, 4> Said;
  for (const WayOut &W : Ways) {
    if (!W.Put || (R.When == Stage::Probe && !W.Fails))
      continue;
    for (const Holding &H : W.Given) {
      std::optional<Deed> D = H.At ? deedAt(L, R.F, H.At) : std::nullopt;
      const FieldDecl *Keeper = D ? keeperOf(L, *D) : nullptr;
      if (!Keeper || Said.contains(H.At) ||
          clears(L.Known.story(R.F), Keeper, L.Model.Ctx))
        continue;
      auto [Again, Release] = releaseOf(L, *D, Keeper);
      if (!Again)
        continue;
      Said.insert(H.At);
      Remark Found{RemarkKind::GivenTwice,
                   L.Known.story(R.F).inRoot(*D->Step)->getExprLoc(),
                   nullptr,
                   Keeper,
                   Release,
                   H.At,
                   {{RemarkNote::GivenHere, Again->At->getExprLoc()}}};
      Found.Resource = H.Kind;
      Out.push_back(Found);
    }
  }
}

//===-- Stale pointers ----------------------------------------------------===//

namespace {
/// A member of the device's structure, or of a part of it.
struct Spot {
  const FieldDecl *Field = nullptr;
  const FieldDecl *Part = nullptr; ///< that has the member; null for neither

  explicit operator bool() const { return Field; }
  bool is(const Named &N) const {
    return sameField(N.Field, Field) && (!Part || sameField(N.Outer, Part));
  }
  bool is(const Story &Told, const StoryStep &S) const {
    return sameField(S.Field, Field) &&
           (!Part || sameField(Told.nameOf(S.At, S.Frame).Outer, Part));
  }
};
} // namespace

/// Another structure that a member points to may be gone as well, and its
/// members with it: it has no spots.
static Spot spotOf(const Lives &L, const Named &N) {
  if (!N.Field || isOfDevice(L.Model, N.Field))
    return {N.Field, nullptr};
  bool IsPart = N.Outer && isOfDevice(L.Model, N.Outer) &&
                N.Outer->getType()->isRecordType();
  return IsPart ? Spot{N.Field, N.Outer} : Spot();
}

/// The first thing that \p F does with \p Of that is wrong when it points to
/// what was freed: it frees it, or reads it before it has written it. That
/// there is something decides no more than whether it is written, or what comes
/// next.
static const StoryStep *firstUse(const Lives &L, const FunctionDecl *F,
                                 const Spot &Of, unsigned Group,
                                 bool OnlyFrees) {
  const Story &Told = L.Known.story(F);
  const StoryStep *Tested = nullptr;
  for (const StoryStep &S : Told.steps()) {
    if (S.What == StoryStep::Write && Of.is(Told, S))
      return Tested && Told.isUnder(S, Tested->At) ? Tested : nullptr;
    if (S.Later)
      continue;
    if (S.What == StoryStep::Call) {
      std::optional<Deed> D = deedOf(Told, S);
      if (D && gives(*D, Group) && Of.is(D->What))
        return &S;
    } else if (!OnlyFrees && S.What == StoryStep::Read && Of.is(Told, S)) {
      if (!S.Tests)
        return &S;
      Tested = &S;
    }
  }
  return nullptr;
}

/// Who can meet the stale member: what may run after \p Freer has ended.
static bool canFollow(const Stages::Root &Freer, const Stages::Root &Other) {
  switch (Other.When) {
  case Stage::Release:
  case Stage::Remove:
    return true;
  case Stage::Open:
    return Freer.When == Stage::Open || Freer.When == Stage::Close;
  case Stage::Anytime:
    return Freer.When == Stage::Anytime || Freer.When == Stage::Close;
  case Stage::Close:
    return Freer.When == Stage::Anytime;
  default:
    return false;
  }
}

/// True where the way \p W writes \p Field itself.
static bool writes(const Lives &L, const WayOut &W, const FieldDecl *Field) {
  return isOfDevice(L.Model, Field) && !Field->isBitField() &&
         llvm::is_contained(W.Written,
                            int64_t(L.Model.Ctx.getFieldOffset(Field)));
}

/// True where \p Freer changes \p Field, on the way \p W where that can be
/// told.
static bool changes(const Lives &L, const FunctionDecl *Freer, const WayOut &W,
                    const FieldDecl *Field) {
  const Story &Told = L.Known.story(Freer);
  if (!touches(Told, Field, true))
    return false;
  bool OnlyWritten = llvm::all_of(Told.steps(), [&](const StoryStep &S) {
    return S.What != StoryStep::Address || !sameField(S.Field, Field);
  });
  if (!OnlyWritten || !isOfDevice(L.Model, Field) || Field->isBitField() ||
      !Field->getType()->isScalarType())
    return true;
  return writes(L, W, Field);
}

/// True where a member that is asked before \p Use says that there is nothing:
/// \p Freer leaves word of it on the way \p W, or would have said on another
/// that there is what \p W has stored in \p Field and freed.
static bool isTold(const Lives &L, const FunctionDecl *Freer, const WayOut &W,
                   const FunctionDecl *User, const StoryStep &Use,
                   const FieldDecl *Field) {
  Asked A = askedBefore(L.Model, L.Known.story(User), Use);
  bool IsNew = writes(L, W, Field);
  return A.Called || llvm::any_of(A.Members, [&](const FieldDecl *M) {
           return !sameField(M, Field) &&
                  (IsNew ? touches(L.Known.story(Freer), M, true)
                         : changes(L, Freer, W, M));
         });
}

/// A member that an open sets is new for what follows it.
static bool isSetByOpen(const Lives &L, const FieldDecl *Field) {
  return llvm::any_of(L.Known.roots(), [&](const Stages::Root &R) {
    return R.When == Stage::Open &&
           touches(L.Known.story(R.F), Field->getCanonicalDecl(), true);
  });
}

/// True for an array, and for a pointer to one of pointers.
static bool hasElements(const FieldDecl *Field) {
  QualType T = Field->getType();
  return T->isArrayType() ||
         (T->isPointerType() && T->getPointeeType()->isPointerType());
}

/// True where \p Told may clear the array \p Field: one element by one, or all
/// at once, by memset().
static bool mayClear(const Story &Told, const FieldDecl *Field) {
  auto Names = [&](const Expr *Arg) {
    const auto *M = dyn_cast<MemberExpr>(Arg->IgnoreParenCasts());
    const auto *F = M ? dyn_cast<FieldDecl>(M->getMemberDecl()) : nullptr;
    return F && sameField(F, Field);
  };
  return touches(Told, Field, true) ||
         llvm::any_of(Told.steps(), [&](const StoryStep &S) {
           const auto *Call = dyn_cast_or_null<CallExpr>(S.At);
           return S.What == StoryStep::Call && Call &&
                  llvm::any_of(Call->arguments(), Names);
         });
}

/// True where \p Told counts in a member of the structure that has \p Field: an
/// element that it has passed is none of the array's any more.
static bool movesOn(const Story &Told, const FieldDecl *Field) {
  return llvm::any_of(Told.steps(), [&](const StoryStep &S) {
    return S.What == StoryStep::Write && S.Field->getType()->isIntegerType() &&
           S.Field->getParent()->getCanonicalDecl() ==
               Field->getParent()->getCanonicalDecl();
  });
}

/// True where \p Told may write over the whole part that has \p Field, by
/// memset() and the like.
static bool zeroesPart(const Story &Told, const FieldDecl *Field) {
  return llvm::any_of(Told.steps(), [&](const StoryStep &S) {
    const MemoryRow *Row =
        S.What == StoryStep::Call && S.Callee && S.Callee->getIdentifier()
            ? findMemory(S.Callee->getName())
            : nullptr;
    if (!Row || Row->Copies)
      return false;
    const RecordDecl *R =
        pointeeRecord(S.call()->getArg(0)->IgnoreParenCasts()->getType());
    return R && R->getCanonicalDecl() == Field->getParent()->getCanonicalDecl();
  });
}

/// True where \p Told takes a share of such a structure as \p Given points to:
/// what it gives back then is its own.
static bool takesShare(const Story &Told, const Expr *Given) {
  const RecordDecl *Of =
      Given ? pointeeRecord(Given->IgnoreParenCasts()->getType()) : nullptr;
  return Of && llvm::any_of(Told.steps(), [&](const StoryStep &S) {
           const Expr *Counted = S.countedUp();
           const FieldDecl *Field =
               Counted ? Told.nameOf(Counted, S.Frame, true).Field : nullptr;
           return Field && Field->getParent()->getCanonicalDecl() ==
                               Of->getCanonicalDecl();
         });
}

/// Where a member is left pointing to what is freed.
static Remark staleRemark(const Lives &L, const Stages::Root &R,
                          const Holding &H, const Deed &D, const Spot &Of) {
  Remark Found{RemarkKind::StaleMember,
               H.At->getExprLoc(),
               nullptr,
               Of.Field,
               nullptr,
               H.At,
               {}};
  if (D.Gives)
    return Found;
  // The end of a scope frees what was taken there.
  Found.Kind = RemarkKind::ScopeFrees;
  const Story &Told = L.Known.story(R.F);
  for (const StoryStep &S : Told.steps())
    if (S.What == StoryStep::Write && Of.is(Told, S))
      Found.Where = S.At->getExprLoc();
  return Found;
}

/// What \p R leaves behind, where some other callback uses it.
static void judgeLeft(const Lives &L, const Stages::Root &R, const WayOut &W,
                      const Holding &H, Remarks &Out) {
  std::optional<Deed> D = H.At ? deedAt(L, R.F, H.At) : std::nullopt;
  if (!D)
    return;
  // `x->m = p; kfree(p);`
  Named What = D->What;
  if (const CallExpr *Take = D->Gives ? What.RootCall : H.At;
      Take && !What.Field)
    What = nameOfTaken(L, R.F, Take);
  Spot Of = spotOf(L, What);
  // What the kernel's own structures point to, as list heads do, is mended by
  // the kernel's functions.
  if (!Of || !L.Model.isDriverFile(Of.Field->getLocation()) ||
      (D->Gives && takesShare(L.Known.story(R.F), D->Given)) ||
      (hasElements(Of.Field) && (mayClear(L.Known.story(R.F), Of.Field) ||
                                 movesOn(L.Known.story(R.F), Of.Field))) ||
      zeroesPart(L.Known.story(R.F), Of.Field))
    return;
  for (const Stages::Root &Other : L.Known.roots()) {
    if (!canFollow(R, Other))
      continue;
    // Of what runs while it is open, only a free is surely wrong: a flag may
    // keep the others out.
    const StoryStep *Use =
        firstUse(L, Other.F, Of, H.Group, Other.When == Stage::Anytime);
    if (!Use || isTold(L, R.F, W, Other.F, *Use, Of.Field) ||
        (R.When == Stage::Close && Other.When == Stage::Anytime &&
         isSetByOpen(L, Of.Field)))
      continue;
    Remark Found = staleRemark(L, R, H, *D, Of);
    Found.Function = Other.F;
    Found.Notes.push_back({RemarkNote::UsedHere, Use->At->getExprLoc()});
    Out.push_back(Found);
    return;
  }
}

static void judgeStale(const Lives &L, const Stages::Root &R,
                       llvm::ArrayRef<WayOut> Ways, Remarks &Out) {
  llvm::SmallPtrSet<const Expr *, 4> Said;
  for (const WayOut &W : Ways) {
    if (R.When == Stage::Open && !W.Fails)
      continue;
    for (const Holding &H : W.Stale) {
      size_t Before = Out.size();
      if (!Said.contains(H.At))
        judgeLeft(L, R, W, H, Out);
      if (Out.size() != Before)
        Said.insert(H.At);
    }
  }
}

void judgeTwice(const Lives &L, Remarks &Out) {
  Out.insert(Out.end(), L.Held.Again.begin(), L.Held.Again.end());
  for (const Stages::Root &R : L.Known.roots()) {
    auto Ways = L.Held.Ways.find(R.F);
    if (Ways == L.Held.Ways.end())
      continue;
    if (R.When == Stage::Probe || R.When == Stage::Remove)
      judgeGivenTwice(L, R, Ways->second, Out);
    if (R.When == Stage::Open || R.When == Stage::Close ||
        R.When == Stage::Anytime)
      judgeStale(L, R, Ways->second, Out);
    judgeErrorPointers(L, R, Ways->second, Out);
    if (R.When == Stage::Anytime)
      judgeOverwritten(L, R, Ways->second, Out);
  }
}

} // namespace vfio
