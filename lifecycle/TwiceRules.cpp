//===- TwiceRules.cpp - What two give back, or leave behind ---------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/Conditions.h"
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

/// The call in a `.release` that surely gives back what \p D did, and that
/// `.release`.
static std::pair<const StoryStep *, const FunctionDecl *>
releaseOf(const Lives &L, const Deed &D) {
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
        return {&S, R.F};
    }
  }
  return {nullptr, nullptr};
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
      auto [Again, Release] = releaseOf(L, *D);
      if (!Again)
        continue;
      Said.insert(H.At);
      Remark Found{RemarkKind::GivenTwice,
                   L.Known.story(R.F).inRoot(*D->Step)->getExprLoc(),
                   nullptr,
                   D->What.Field,
                   Release,
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
                                 const FieldDecl *Field, unsigned Group,
                                 bool OnlyFrees) {
  const Story &Told = L.Known.story(F);
  for (const StoryStep &S : Told.steps()) {
    if (S.What == StoryStep::Write && sameField(S.Field, Field))
      return nullptr;
    if (S.Later)
      continue;
    if (S.What == StoryStep::Call) {
      std::optional<Deed> D = deedOf(Told, S);
      if (D && D->Gives && (D->Row ? D->Row->Group : MemoryGroup) == Group &&
          sameField(D->What.Field, Field))
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
    return Freer.When == Stage::Anytime || Freer.When == Stage::Close;
  case Stage::Close:
    return Freer.When == Stage::Anytime;
  default:
    return false;
  }
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
  return llvm::is_contained(W.Written,
                            int64_t(L.Model.Ctx.getFieldOffset(Field)));
}

/// True where \p Freer leaves word on the way \p W, in a member that is asked
/// before \p Use, that there is nothing any more.
static bool isTold(const Lives &L, const FunctionDecl *Freer, const WayOut &W,
                   const FunctionDecl *User, const StoryStep &Use,
                   const FieldDecl *Field) {
  Asked A = askedBefore(L.Model, L.Known.story(User), Use);
  return A.Called || llvm::any_of(A.Members, [&](const FieldDecl *M) {
           return !sameField(M, Field) && changes(L, Freer, W, M);
         });
}

/// A member that an open sets is new for what follows it.
static bool isSetByOpen(const Lives &L, const FieldDecl *Field) {
  return llvm::any_of(L.Known.roots(), [&](const Stages::Root &R) {
    return R.When == Stage::Open &&
           touches(L.Known.story(R.F), Field->getCanonicalDecl(), true);
  });
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
      if (D->What.Field->getType()->isArrayType() &&
          mayClear(L.Known.story(R.F), D->What.Field))
        continue;
      for (const Stages::Root &Other : L.Known.roots()) {
        if (!canFollow(R, Other))
          continue;
        // Of what runs while it is open, only a free is surely wrong: a flag
        // may keep the others out.
        const StoryStep *Use = firstUse(L, Other.F, D->What.Field, H.Group,
                                        Other.When == Stage::Anytime);
        if (!Use || isTold(L, R.F, W, Other.F, *Use, D->What.Field) ||
            (R.When == Stage::Close && Other.When == Stage::Anytime &&
             isSetByOpen(L, D->What.Field)) ||
            !Said.insert(H.At).second)
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

//===-- A file's own release ----------------------------------------------===//

/// The `.release` of the file_operations that \p Arg names; null for anything
/// else.
static const FunctionDecl *releaseOfFile(const TUModel &Model,
                                         const Expr *Arg) {
  const auto *UO = dyn_cast<UnaryOperator>(strip(Arg));
  const VarDecl *Var = UO ? namedVar(UO->getSubExpr()) : nullptr;
  const auto *List =
      Var ? dyn_cast_or_null<InitListExpr>(Var->getAnyInitializer()) : nullptr;
  const RecordDecl *R = Var ? Var->getType()->getAsRecordDecl() : nullptr;
  if (!List || !R || !R->getIdentifier() || R->getName() != "file_operations")
    return nullptr;
  if (const InitListExpr *Semantic = List->getSemanticForm())
    List = Semantic;
  unsigned I = 0;
  for (const FieldDecl *F : R->getDefinition()->fields()) {
    if (F->getName() == "release" && I < List->getNumInits())
      return Model.definition(namedFunction(List->getInit(I)));
    ++I;
  }
  return nullptr;
}

static bool isSameRecord(const RecordDecl *A, const RecordDecl *B) {
  return A && B && A->getCanonicalDecl() == B->getCanonicalDecl();
}

/// True where \p D frees a \p Of.
static bool freesOne(const Deed &D, const RecordDecl *Of) {
  const RecordDecl *R =
      D.Gives && !D.Row && D.Given
          ? pointeeRecord(D.Given->IgnoreParenCasts()->getType())
          : nullptr;
  return isSameRecord(R, Of);
}

/// In \p Told, a \p Of that is freed after the reference to its file was put.
static void judgeAfterPut(const Story &Told, const RecordDecl *Of,
                          const FunctionDecl *Release, Remarks &Out) {
  const StoryStep *Put = nullptr;
  for (const StoryStep &S : Told.steps()) {
    std::optional<Deed> D = deedOf(Told, S);
    if (!D || !D->Gives || S.In == Release)
      continue;
    if (D->Row && D->Row->Group == findHolding("fput")->Group)
      Put = D->What.Field && isSameRecord(D->What.Field->getParent(), Of)
                ? &S
                : nullptr;
    else if (Put && Put->Frame == S.Frame && freesOne(*D, Of)) {
      Remark Found{RemarkKind::FileGivesToo,
                   S.At->getExprLoc(),
                   nullptr,
                   nullptr,
                   Release,
                   S.At,
                   {{RemarkNote::GivenHere, Put->At->getExprLoc()}}};
      Out.push_back(Found);
      return;
    }
  }
}

static void judgeFiles(const Lives &L, Remarks &Out) {
  llvm::SmallPtrSet<const FunctionDecl *, 2> Said;
  for (const Stages::Root &R : L.Known.roots())
    for (const StoryStep &S : L.Known.story(R.F).steps()) {
      if (!S.calls("anon_inode_getfile") || S.call()->getNumArgs() < 3)
        continue;
      const FunctionDecl *Release = releaseOfFile(L.Model, S.call()->getArg(1));
      const RecordDecl *Of =
          pointeeRecord(S.call()->getArg(2)->IgnoreParenCasts()->getType());
      if (!Release || !Of || !Said.insert(Release).second)
        continue;
      const Story &End = L.Known.story(Release);
      if (llvm::any_of(End.steps(), [&](const StoryStep &Step) {
            std::optional<Deed> D = deedOf(End, Step);
            return D && !Step.Later && freesOne(*D, Of);
          }))
        for (const Stages::Root &Other : L.Known.roots())
          judgeAfterPut(L.Known.story(Other.F), Of, Release, Out);
    }
}

//===-- The only pointer --------------------------------------------------===//

/// The step by which \p Told keeps, in a member of the device's structure, what
/// \p Call took, where nothing of all that it does looks at the member or gives
/// such a thing back; null otherwise.
static const StoryStep *blindStore(const Lives &L, const Story &Told,
                                   const CallExpr *Call, unsigned Group) {
  const StoryStep *Store = nullptr;
  for (const StoryStep &S : Told.steps()) {
    if (S.What != StoryStep::Write || !S.Value)
      continue;
    Named N = Told.nameOf(S.Value, S.Frame);
    if (N.RootCall == Call && !N.Field)
      Store = &S;
  }
  if (!Store || !isOfDevice(L.Model, Store->Field))
    return nullptr;
  Asked A = askedBefore(L.Model, Told, *Store);
  bool Looks = llvm::any_of(Told.steps(), [&](const StoryStep &S) {
    std::optional<Deed> D = deedOf(Told, S);
    return (D && D->Gives && groupOf(*D) == Group) ||
           ((S.What == StoryStep::Read || S.What == StoryStep::Address) &&
            sameField(S.Field, Store->Field));
  });
  return A.Called || !A.Members.empty() || Looks || !Told.isWhole() ? nullptr
                                                                    : Store;
}

/// What a callback takes each time it is called, and keeps where it may have
/// kept another before.
static void judgeOverwritten(const Lives &L, const Stages::Root &R,
                             llvm::ArrayRef<WayOut> Ways, Remarks &Out) {
  llvm::SmallPtrSet<const Stmt *, 4> Said;
  for (const WayOut &W : Ways)
    for (const Holding &H : W.Held) {
      if (W.Fails || !H.At || !isOnesOwn(H) || !Said.insert(H.At).second)
        continue;
      const Story &Told = L.Known.story(R.F);
      const StoryStep *Store = blindStore(L, Told, H.At, H.Group);
      if (!Store)
        continue;
      Out.push_back(takenRemark(RemarkKind::Overwritten,
                                Store->At->getExprLoc(), Store->Field, R.F,
                                Store->At, H));
    }
}

void judgeTwice(const Lives &L, Remarks &Out) {
  judgeFiles(L, Out);
  for (const Stages::Root &R : L.Known.roots()) {
    auto Ways = L.Held.Ways.find(R.F);
    if (Ways == L.Held.Ways.end())
      continue;
    if (R.When == Stage::Probe || R.When == Stage::Remove)
      judgeGivenTwice(L, R, Ways->second, Out);
    if (R.When == Stage::Open || R.When == Stage::Close ||
        R.When == Stage::Anytime)
      judgeStale(L, R, Ways->second, Out);
    if (R.When == Stage::Anytime)
      judgeOverwritten(L, R, Ways->second, Out);
  }
}

} // namespace vfio
