//===- ErrorPointerRules.cpp - What a member has of a failure -------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `x->ctx = eventfd_ctx_fdget(fd); if (IS_ERR(x->ctx)) return PTR_ERR(x->ctx);`
// and a close that gives back whatever x->ctx has.
//
//===----------------------------------------------------------------------===//

#include "lifecycle/Conditions.h"
#include "lifecycle/OtherLives.h"

using namespace clang;

namespace vfio {

/// True where \p Told asks whether \p Field has an error.
static bool asksForError(const Story &Told, const FieldDecl *Field) {
  return llvm::any_of(Told.steps(), [&](const StoryStep &S) {
    Role R = S.role();
    return (R == Role::IsErr || R == Role::IsErrOrNull ||
            R == Role::PtrErrOrZero) &&
           sameField(
               Told.nameOf(S.call()->getArg(S.api()->Subject), S.Frame).Field,
               Field);
  });
}

/// The call by which \p Told gives back what \p Field has, error or not; null
/// where it writes it before, or asks what may tell.
static const StoryStep *blindGive(const Lives &L, const Story &Told,
                                  const FieldDecl *Field, unsigned Group) {
  for (const StoryStep &S : Told.steps()) {
    if (S.What == StoryStep::Write && sameField(S.Field, Field))
      return nullptr;
    std::optional<Deed> D = S.Later ? std::nullopt : deedOf(Told, S);
    if (!D || !gives(*D, Group) || !sameField(D->What.Field, Field))
      continue;
    Asked A = askedBefore(L.Model, Told, S);
    bool OnlyItself = llvm::all_of(
        A.Members, [&](const FieldDecl *M) { return sameField(M, Field); });
    return S.tells(Tell::FollowsError) && OnlyItself && A.Globals.empty() &&
                   !A.Called && !A.Else
               ? &S
               : nullptr;
  }
  return nullptr;
}

/// True where \p Other may run once \p R has left by \p W.
static bool canMeet(const Stages::Root &R, const WayOut &W,
                    const Stages::Root &Other) {
  switch (R.When) {
  case Stage::Probe: // a release only where what failed puts the device
    return W.Fails
               ? W.Put && Other.When == Stage::Release
               : Other.When == Stage::Remove || Other.When == Stage::Release;
  case Stage::Init:
    return !W.Fails && Other.When == Stage::Release;
  case Stage::Open:
    return Other.When == Stage::Release || Other.When == Stage::Remove ||
           (!W.Fails && Other.When == Stage::Close);
  case Stage::Anytime:
    return Other.When == Stage::Close || Other.When == Stage::Release ||
           Other.When == Stage::Remove;
  default:
    return false;
  }
}

static bool clearsLater(const Lives &L, const FieldDecl *Field,
                        const FunctionDecl *User) {
  return llvm::any_of(L.Known.roots(), [&](const Stages::Root &R) {
    return R.When == Stage::Close && R.F != User &&
           touches(L.Known.story(R.F), Field, true);
  });
}

static void judgeError(const Lives &L, const Stages::Root &R, const WayOut &W,
                       const Holding &H, Remarks &Out) {
  const FieldDecl *Field = nameOfTaken(L, R.F, H.At).Field;
  if (!Field || !isOfDevice(L.Model, Field) || Field->getType()->isArrayType())
    return;
  for (const Stages::Root &Other : L.Known.roots()) {
    if (!canMeet(R, W, Other) || asksForError(L.Known.story(Other.F), Field) ||
        (R.When == Stage::Anytime && Other.When != Stage::Close &&
         clearsLater(L, Field, Other.F)))
      continue;
    const StoryStep *Give =
        blindGive(L, L.Known.story(Other.F), Field, H.Group);
    if (!Give)
      continue;
    Remark Found =
        takenRemark(RemarkKind::ErrorKept, W.Where, Field, Other.F, nullptr, H);
    Found.Notes = {{RemarkNote::TriedHere, H.At->getExprLoc()},
                   {RemarkNote::GivenHere, Give->At->getExprLoc()}};
    Out.push_back(Found);
    return;
  }
}

void judgeErrorPointers(const Lives &L, const Stages::Root &R,
                        llvm::ArrayRef<WayOut> Ways, Remarks &Out) {
  llvm::SmallPtrSet<const Expr *, 4> Said;
  for (const WayOut &W : Ways)
    for (const Holding &H : W.Errors) {
      size_t Before = Out.size();
      if (!Said.contains(H.At))
        judgeError(L, R, W, H, Out);
      if (Out.size() != Before)
        Said.insert(H.At);
    }
}

} // namespace vfio
