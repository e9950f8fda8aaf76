//===- FileRules.cpp - What a file of the driver's gives back -------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A file that is made for user space has a life of its own: the last reference
// to it runs the `.release` of its operations.
//
//===----------------------------------------------------------------------===//

#include "lifecycle/Conditions.h"
#include "lifecycle/OtherLives.h"
#include "clang/Analysis/CFG.h"

using namespace clang;

namespace vfio {

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

/// True where \p D, of a file's release, frees the \p Of that the file was
/// given.
static bool freesGiven(const TUModel &Model, const Deed &D,
                       const RecordDecl *Of) {
  // `kfree(filp->private_data)`
  bool IsPrivate =
      D.Gives && !D.Row && D.Given && D.What.Field &&
      D.Given->IgnoreParenCasts()->getType()->isVoidPointerType() &&
      !Model.isDriverFile(D.What.Field->getLocation());
  return IsPrivate || freesOne(D, Of);
}

/// True where some way through \p F comes from \p First to \p Then.
static bool canCome(const FunctionDecl *F, const Expr *First,
                    const Expr *Then) {
  std::unique_ptr<CFG> Graph =
      CFG::buildCFG(F, F->getBody(), &F->getASTContext(), CFG::BuildOptions());
  if (!Graph)
    return true;
  auto Has = [](const CFGBlock *B, const Expr *Call) {
    return llvm::any_of(*B, [&](const CFGElement &E) {
      auto S = E.getAs<CFGStmt>();
      return S && S->getStmt() == Call;
    });
  };
  llvm::SmallVector<const CFGBlock *, 16> Work;
  for (const CFGBlock *B : *Graph)
    if (Has(B, First)) {
      if (Has(B, Then))
        return true;
      Work.append({B});
    }
  llvm::SmallPtrSet<const CFGBlock *, 16> Seen;
  while (!Work.empty())
    for (const CFGBlock *Next : Work.pop_back_val()->succs())
      if (Next && Seen.insert(Next).second) {
        if (Has(Next, Then))
          return true;
        Work.push_back(Next);
      }
  return false;
}

/// In \p Told, a \p Of that is freed after the reference to its file was put.
static void judgeAfterPut(const Story &Told, const RecordDecl *Of,
                          const FunctionDecl *Release, Remarks &Out) {
  const StoryStep *Put = nullptr;
  for (const StoryStep &S : Told.steps()) {
    std::optional<Deed> D = deedOf(Told, S);
    if (!D || !D->Gives || S.In == Release)
      continue;
    if (D->Row && D->Row->Of == GroupOf::File)
      Put = D->What.Field && isSameRecord(D->What.Field->getParent(), Of)
                ? &S
                : nullptr;
    else if (Put && Put->Frame == S.Frame && freesOne(*D, Of) &&
             canCome(S.In, Put->At, S.At)) {
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

/// True where it depends on something else than \p Field whether \p S is done.
static bool isAskedElse(const Lives &L, const Story &Told, const StoryStep &S,
                        const FieldDecl *Field) {
  Asked A = askedBefore(L.Model, Told, S);
  return A.Called || llvm::any_of(A.Members, [&](const FieldDecl *M) {
           return M->getCanonicalDecl() != Field->getCanonicalDecl();
         });
}

/// What \p End, the story of a file's \p Release, gives back of the members of
/// a \p Of, and close has given back before and left there: the file may live
/// longer than the open device.
static void judgeMembersOf(const Lives &L, const Story &End,
                           const FunctionDecl *Release, const RecordDecl *Of,
                           Remarks &Out) {
  auto GivesMember = [&](const Story &Told, const StoryStep &S) {
    std::optional<Deed> D = deedOf(Told, S);
    bool Is = D && D->Gives && !S.Later && D->What.Field && !D->What.Address &&
              isSameRecord(D->What.Field->getParent(), Of) &&
              (!D->Row || D->Row->Kind != ResourceKind::Lock);
    return Is ? D : std::optional<Deed>();
  };
  auto Writes = [](const Story &Told, const FieldDecl *Field) {
    return touches(Told, Field->getCanonicalDecl(), true);
  };
  for (const StoryStep &S : End.steps()) {
    std::optional<Deed> Last = GivesMember(End, S);
    // Its own reference is how it comes here at all.
    if (!Last || Writes(End, Last->What.Field) ||
        (Last->Row && Last->Row->Of == GroupOf::File) ||
        isAskedElse(L, End, S, Last->What.Field))
      continue;
    for (const Stages::Root &R : L.Known.roots()) {
      const Story &Told = L.Known.story(R.F);
      if (R.When != Stage::Close || Writes(Told, Last->What.Field))
        continue;
      for (const StoryStep &First : Told.steps()) {
        std::optional<Deed> D = GivesMember(Told, First);
        if (!D || groupOf(*D) != groupOf(*Last) || First.In == Release ||
            D->What.Field->getCanonicalDecl() !=
                Last->What.Field->getCanonicalDecl())
          continue;
        Remark Found{RemarkKind::FileGivesToo,
                     Told.inRoot(First)->getExprLoc(),
                     nullptr,
                     nullptr,
                     Release,
                     First.At,
                     {{RemarkNote::GivenHere, S.At->getExprLoc()}}};
        Found.Resource = D->Row ? D->Row->Kind : ResourceKind::Memory;
        Out.push_back(Found);
        return;
      }
    }
  }
}

void judgeFiles(const Lives &L, Remarks &Out) {
  llvm::SmallPtrSet<const FunctionDecl *, 2> Said;
  for (const Stages::Root &R : L.Known.roots())
    for (const StoryStep &S : L.Known.story(R.F).steps()) {
      if (!S.tells(Tell::MakesFile) || S.call()->getNumArgs() < 3)
        continue;
      const FunctionDecl *Release = releaseOfFile(L.Model, S.call()->getArg(1));
      const RecordDecl *Of =
          pointeeRecord(S.call()->getArg(2)->IgnoreParenCasts()->getType());
      if (!Release || !Of || !Said.insert(Release).second)
        continue;
      const Story &End = L.Known.story(Release);
      judgeMembersOf(L, End, Release, Of, Out);
      if (llvm::any_of(End.steps(), [&](const StoryStep &Step) {
            std::optional<Deed> D = deedOf(End, Step);
            return D && !Step.Later && freesGiven(L.Model, *D, Of);
          }))
        for (const Stages::Root &Other : L.Known.roots())
          judgeAfterPut(L.Known.story(Other.F), Of, Release, Out);
    }
}

} // namespace vfio
