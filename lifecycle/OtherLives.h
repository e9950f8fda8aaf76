//===- OtherLives.h - What a driver takes, it gives back ------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// lifecycle.md section 7. Callbacks come in pairs: what an opener leaves taken,
// its closer gives back, and an opener that fails undoes its own work.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_OTHERLIVES_H
#define VFIO_LIFECYCLE_OTHERLIVES_H

#include "lifecycle/HoldWalk.h"
#include "lifecycle/Moves.h"

namespace vfio {

/// What the rules below are given.
struct Lives {
  explicit Lives(const TUModel &Model)
      : Model(Model), Known(Model), Moved(Known),
        Held(walkHoldings(Model, Known)) {}
  const TUModel &Model;
  Stages Known;
  Moves Moved;
  HoldFacts Held;
};

/// Openers that fail and keep, closers that do not give back.
void judgePairs(const Lives &L, Remarks &Out);
/// What is given back while something still uses it.
void judgeOrder(const Lives &L, Remarks &Out);
/// What still runs when what it uses is gone.
void judgeRunners(const Lives &L, Remarks &Out);
/// What is given back by two, or left behind as a stale pointer.
void judgeTwice(const Lives &L, Remarks &Out);
/// What \p R keeps over what it may have kept before.
void judgeOverwritten(const Lives &L, const Stages::Root &R,
                      llvm::ArrayRef<WayOut> Ways, Remarks &Out);
/// What members still have of an error, where somebody gives back whatever they
/// have.
void judgeErrorPointers(const Lives &L, const Stages::Root &R,
                        llvm::ArrayRef<WayOut> Ways, Remarks &Out);
/// What the release of a file gives back, and somebody else as well.
void judgeFiles(const Lives &L, Remarks &Out);
/// Memory that is freed by what is for another allocator, or with the bus
/// device as well.
void judgeHeaps(const Lives &L, Remarks &Out);
/// True where \p Free must not be given what \p Take, an allocation, gives.
bool isForOtherHeap(const clang::CallExpr *Free, const clang::CallExpr *Take);
/// What goes with the bus device, and so ends too late.
void judgeDevres(const Lives &L, Remarks &Out);
/// Locks that are not initialised, members changed without them.
void judgeLocking(const Lives &L, Remarks &Out);

/// What the call of \p S, which takes or gives something of \p Group, takes or
/// gives; nothing where it does not.
struct Deed {
  const StoryStep *Step = nullptr;
  const ResourceRow *Row = nullptr; ///< null for memory
  bool Gives = false;
  Named What;
  /// What is given, as it is written; null where it is not an argument.
  const clang::Expr *Given = nullptr;
};
std::optional<Deed> deedOf(const Story &Told, const StoryStep &S);

/// False where \p Call would give back by \p Row, but for what it is given.
bool givesAsWritten(const ResourceRow &Row, const clang::CallExpr *Call);

inline bool sameField(const clang::FieldDecl *A, const clang::FieldDecl *B) {
  return A && B && A->getCanonicalDecl() == B->getCanonicalDecl();
}

/// True where \p Field is part of a structure that has the device in it.
bool isOfDevice(const TUModel &Model, const clang::FieldDecl *Field);

/// True where \p R is such a structure, or one of which it has a part, or an
/// array of them.
bool isPartOfDevice(const TUModel &Model, const clang::RecordDecl *R);

/// The member, or the variable, that stands for what \p Call took, in the
/// story of \p Root.
Named nameOfTaken(const Lives &L, const clang::FunctionDecl *Root,
                  const clang::CallExpr *Call);

inline unsigned groupOf(const Deed &D) {
  return D.Row ? D.Row->Group : MemoryGroup;
}

/// True where \p D gives back something of \p Group.
bool gives(const Deed &D, unsigned Group);

/// True where \p F gives back something of \p Group that may be \p What, or may
/// do so where it is not shown.
/// With \p Many, what gives back one of several does not.
bool givesBack(const Lives &L, const clang::FunctionDecl *F, unsigned Group,
               const Named &What, bool Many = false);

/// True where the story has \p S, of an element in a loop, no more than once.
bool isOnlyOnce(const Story &Told, const StoryStep &S, const clang::Expr *Of);

/// True where \p Opener takes, by \p Call, one for each round of a loop.
bool takesMany(const Lives &L, const clang::FunctionDecl *Opener,
               const clang::CallExpr *Call);

/// The same of what may run, and counts, where \p Opener took it: what gives
/// back in \p Other, by its stage.
bool mayGiveBack(const Lives &L, const Stages::Root &Opener,
                 const Stages::Root &Other, unsigned Group, const Named &What,
                 bool Many = false);

/// True where the function of \p Told gives \p H, which may be \p What, back
/// where a branch that \p W came by says so, and the walk cannot tell what it
/// says.
bool isGivenByGuess(const Story &Told, const WayOut &W, const Holding &H,
                    const Named &What);

/// The remark that at \p Where, in \p In, something is wrong with what \p H
/// says was taken.
Remark takenRemark(RemarkKind Kind, clang::SourceLocation Where,
                   const clang::FieldDecl *Member,
                   const clang::FunctionDecl *In, const clang::Expr *At,
                   const Holding &H);

/// True where \p H is for the closer of what took it. Works are
/// vfio-runs-late's; a driver's own registration, and what core's close ends,
/// have rules of their own.
bool isForClosers(const Holding &H);

/// True where \p Opener takes several by \p Call, in a loop, and gives such
/// back in a loop: how many of them, no path tells. One that stops before the
/// first is none.
bool isCountedBack(const Lives &L, const clang::FunctionDecl *Opener,
                   const clang::CallExpr *Call, unsigned Group);

/// True where \p H is a thread that ends without being told to by
/// kthread_stop(), and somebody waits for that.
bool endsByItself(const Lives &L, const Holding &H);

/// What \p R gives back without having it, and what it loses.
void judgeLosses(const Lives &L, const Stages::Root &R,
                 llvm::ArrayRef<WayOut> Ways, Remarks &Out);
/// What the members of a driver's other structures have when those are freed.
void judgeMembers(const Lives &L, Remarks &Out);

/// What \p R takes and its closer gives back under another condition.
void judgeConditions(const Lives &L, const Stages::Root &R,
                     llvm::ArrayRef<WayOut> Ways, Remarks &Out);

/// What is taken and given back under a parameter that can change in between.
void judgeParameters(const Lives &L, Remarks &Out);

/// True where \p R only runs when the bus device goes, after a remove that puts
/// the device.
bool isTooLate(const Lives &L, const Stages::Root &R);

/// Everything that is remarked about the other lives of \p Model. Functions
/// that were not followed to their end are added to \p Unfollowed.
Remarks findOtherLives(const TUModel &Model,
                       std::vector<NotFollowed> &Unfollowed);

} // namespace vfio

#endif // VFIO_LIFECYCLE_OTHERLIVES_H
