//===- TwiceRules.cpp - What two give back, or leave behind ---------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/OtherLives.h"

using namespace clang;

namespace vfio {

static bool sameField(const FieldDecl *A, const FieldDecl *B) {
  return A && B && A->getCanonicalDecl() == B->getCanonicalDecl();
}

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

/// The call in a `.release` that surely gives back what \p D did.
static const StoryStep *releaseOf(const Lives &L, const Deed &D) {
  for (const Stages::Root &R : L.Known.roots()) {
    if (R.When != Stage::Release)
      continue;
    const Story &Told = L.Known.story(R.F);
    for (const StoryStep &S : Told.steps()) {
      std::optional<Deed> Other = deedOf(Told, S);
      if (Other && Other->Gives && S.Sure &&
          (Other->Row ? Other->Row->Group : MemoryGroup) ==
              (D.Row ? D.Row->Group : MemoryGroup) &&
          sameField(Other->What.Field, D.What.Field) &&
          (!S.Guard || sameField(S.Guard, D.What.Field)))
        return &S;
    }
  }
  return nullptr;
}

static void judgeGivenTwice(const Lives &L, const Stages::Root &R,
                            llvm::ArrayRef<WayOut> Ways, Remarks &Out) {
  llvm::SmallPtrSet<const Expr *, 4> Said;
  for (const WayOut &W : Ways) {
    if (!W.Put || (R.When == Stage::Probe && !W.Fails))
      continue;
    for (const Holding &H : W.Given) {
      std::optional<Deed> D = H.At ? deedAt(L, R.F, H.At) : std::nullopt;
      if (!D || !D->What.Field || !isOfDevice(L.Model, D->What.Field) ||
          Said.contains(H.At) ||
          clears(L.Known.story(R.F), D->What.Field, L.Model.Ctx))
        continue;
      const StoryStep *Again = releaseOf(L, *D);
      if (!Again)
        continue;
      Said.insert(H.At);
      Remark Found{RemarkKind::GivenTwice,
                   H.At->getExprLoc(),
                   nullptr,
                   D->What.Field,
                   Again->In,
                   H.At,
                   {{RemarkNote::GivenHere, Again->At->getExprLoc()}}};
      Found.Resource = H.Kind;
      Out.push_back(Found);
    }
  }
}

//===-- Stale pointers ----------------------------------------------------===//

/// The first thing that \p F does with \p Field that is wrong when it points
/// to what was freed: it frees it, or reads it before it has written it.
static const StoryStep *firstUse(const Lives &L, const FunctionDecl *F,
                                 const FieldDecl *Field, bool OnlyFrees) {
  const Story &Told = L.Known.story(F);
  for (const StoryStep &S : Told.steps()) {
    if (S.What == StoryStep::Write && sameField(S.Field, Field))
      return nullptr;
    if (S.Later)
      continue;
    if (S.What == StoryStep::Call) {
      std::optional<Deed> D = deedOf(Told, S);
      if (D && D->Gives && !D->Row && sameField(D->What.Field, Field))
        return &S;
    } else if (!OnlyFrees && S.What == StoryStep::Read &&
               sameField(S.Field, Field)) {
      return &S;
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
  case Stage::Close:
    return Freer.When == Stage::Anytime;
  default:
    return false;
  }
}

static void judgeStale(const Lives &L, const Stages::Root &R,
                       llvm::ArrayRef<WayOut> Ways, Remarks &Out) {
  llvm::SmallPtrSet<const Expr *, 4> Said;
  for (const WayOut &W : Ways) {
    if (R.When == Stage::Open && !W.Fails)
      continue;
    for (const Holding &H : W.Stale) {
      std::optional<Deed> D = H.At ? deedAt(L, R.F, H.At) : std::nullopt;
      // Another structure may be gone as well, and its members with it.
      if (!D || !D->What.Field || !isOfDevice(L.Model, D->What.Field) ||
          Said.contains(H.At))
        continue;
      for (const Stages::Root &Other : L.Known.roots()) {
        if (!canFollow(R, Other))
          continue;
        // Of what runs while it is open, only a free is surely wrong: a flag
        // may keep the others out.
        const StoryStep *Use =
            firstUse(L, Other.F, D->What.Field, Other.When == Stage::Anytime);
        if (!Use || !Said.insert(H.At).second)
          continue;
        Remark Found{RemarkKind::StaleMember,
                     H.At->getExprLoc(),
                     nullptr,
                     D->What.Field,
                     Other.F,
                     H.At,
                     {{RemarkNote::UsedHere, Use->At->getExprLoc()}}};
        Out.push_back(Found);
      }
    }
  }
}

void judgeTwice(const Lives &L, Remarks &Out) {
  for (const Stages::Root &R : L.Known.roots()) {
    auto Ways = L.Held.Ways.find(R.F);
    if (Ways == L.Held.Ways.end())
      continue;
    if (R.When == Stage::Probe || R.When == Stage::Remove)
      judgeGivenTwice(L, R, Ways->second, Out);
    if (R.When == Stage::Open || R.When == Stage::Close ||
        R.When == Stage::Anytime)
      judgeStale(L, R, Ways->second, Out);
  }
}

} // namespace vfio
