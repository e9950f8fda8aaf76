//===- Story.h - What a function does, in the order it is written ---------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The calls of a function and the members that it reads and writes, helpers of
// the driver's included, from top to bottom. It knows no paths: it answers
// "is this done at all", "is this done before that", "by which member". What
// must be known path by path is the engine's.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_STORY_H
#define VFIO_LIFECYCLE_STORY_H

#include "contracts/Tells.h"
#include "contracts/Waits.h"
#include "lifecycle/TUModel.h"

namespace vfio {

/// What an expression names, once parameters stand for what was given.
struct Named {
  /// The member that the way ends in; null for a plain variable.
  const clang::FieldDecl *Field = nullptr;
  /// The variable that the way starts from, as far as it was followed.
  const clang::VarDecl *Root = nullptr;
  /// The last member on the way that is the driver's: `x->rx` of `&x->rx.lock`.
  const clang::FieldDecl *Outer = nullptr;
  /// The call that it starts from.
  const clang::CallExpr *RootCall = nullptr;
  /// The thing itself is named, by its address or by a pointer that is none of
  /// its own: `&x->lock`. False for what a member holds: `x->wq`.
  bool Address = false;

  /// Whether both can be the same thing: the same member, or the same variable
  /// where neither has one.
  bool mayBe(const Named &Other) const;
};

/// One step of a story.
struct StoryStep {
  enum Kind {
    Call,
    Read,
    Write,
    WriteGlobal, ///< of a variable of file scope
    Address ///< the member's address is taken for something else than a call
  } What = Call;
  const clang::Expr *At = nullptr; ///< the call, or the member expression
  /// Call: the function that is called, null where it is not known.
  const clang::FunctionDecl *Callee = nullptr;
  const clang::FieldDecl *Field = nullptr; ///< Read, Write, Address
  const clang::VarDecl *Global = nullptr;  ///< WriteGlobal
  const clang::Expr *Value = nullptr;      ///< what is stored
  const clang::FunctionDecl *In = nullptr; ///< the function that it is in
  unsigned Frame = 0;                      ///< for \c Story::nameOf
  /// In a function that was only named as an argument: it runs later, or not.
  bool Later = false;
  /// Read: it decides a branch, and does no more.
  bool Tests = false;
  /// Whatever way the root takes, it comes here; but for a test of \c Guard.
  bool Sure = false;
  /// `if (x->guard) call();` is all that the step depends on.
  const clang::FieldDecl *Guard = nullptr;
  /// The conditions in its function that it depends on, for
  /// \c Story::conditionsOf; not of \c WriteGlobal.
  unsigned Around = 0, LeftBy = 0;

  const clang::CallExpr *call() const {
    return llvm::cast<clang::CallExpr>(At);
  }
  /// True for a call of a function that tells \p What.
  bool tells(Tell What) const;
  /// The counter that the call counts up, as an argument; null where it counts
  /// none up.
  const clang::Expr *countedUp() const;
  /// What it is to those who wait; nothing where it is no such call.
  std::optional<Wait> wait() const;
  /// The row of what is called, whose arguments are there; null where it has
  /// none.
  const ApiFunction *api() const;
  /// The role of what is called; None where it has none.
  Role role() const;
};

/// The story of one function.
class Story {
public:
  Story(const TUModel &Model, const clang::FunctionDecl *Root);

  llvm::ArrayRef<StoryStep> steps() const { return Steps; }
  /// The first step with a call that tells \p What; null where there is none.
  const StoryStep *find(Tell What) const;
  /// The first step with a call of role \p R; null where there is none.
  const StoryStep *find(Role R) const;
  /// False where a function was called that is neither the kernel's nor shown
  /// here, or the story became too long: it may do anything.
  bool isWhole() const { return Whole; }
  /// True where it became too long, or what it tells of calls too deep.
  bool isCutShort() const { return CutShort; }
  /// The only thing that the local variable \p Var is given; null where there
  /// is none, or more.
  const clang::Expr *onlyValueOf(const clang::VarDecl *Var) const;
  /// What \p E, written in frame \p Frame, names. With \p Own, the member is
  /// one of a structure of the driver's: `&x->later`, not the `work` in it.
  Named nameOf(const clang::Expr *E, unsigned Frame, bool Own = false) const;
  /// What \p E, written in frame \p Frame, is, once parameters stand for what
  /// was given for them.
  const clang::Expr *sourceOf(const clang::Expr *E, unsigned Frame) const;
  /// The member whose address \p Pointer, written in frame \p Frame, is, by
  /// parameters and locals; null where it is none.
  const clang::MemberExpr *memberBehind(const clang::Expr *Pointer,
                                        unsigned Frame) const;
  /// Where the root itself does \p S: the call by which it comes there.
  const clang::Expr *inRoot(const StoryStep &S) const;
  /// What \p S depends on, in its function and in those that call it, the
  /// conditions that leave a function before it included: the condition, null
  /// for what is no plain one, and the frame that it is written in.
  llvm::SmallVector<std::pair<const clang::Expr *, unsigned>, 4>
  conditionsOf(const StoryStep &S) const;
  /// True where \p S depends on a branch that \p Operand decides, itself or in
  /// a function that is asked.
  bool isUnder(const StoryStep &S, const clang::Expr *Operand) const;
  /// True where it depends on a number that the root is given whether it does
  /// \p S: on a branch around it or, with \p OrLeft, on one by which the root
  /// is left before.
  bool isUnderParameter(const StoryStep &S, bool OrLeft) const;
  /// True where \p S, or a call by which the root comes there, is in a loop.
  /// Not counting the loop \p But.
  bool isInLoop(const StoryStep &S, const clang::Stmt *But = nullptr) const;
  /// The innermost loop around \p S in its function; null where there is none.
  const clang::Stmt *loopAround(const StoryStep &S) const;

private:
  template <typename Fn> bool anyBranch(const StoryStep &S, Fn Is) const;
  friend class StoryTeller;
  friend class BranchFinder;
  /// A call that the story followed into a function.
  struct Frame {
    const clang::FunctionDecl *F;
    const clang::CallExpr *Via; ///< null for the root, and for what runs later
    unsigned Parent;
    size_t Step; ///< of the call
  };
  /// A branch, and the next one around it. Here and below, a number is that of
  /// the entry and one more; 0 is none. Steps share them: there may be as many
  /// of each.
  struct Branch {
    const clang::Expr *Condition;
    unsigned Around;
    const clang::Stmt *By; ///< the statement, or the operator
    bool Loops = false;  ///< what is under it may run again
    bool Always = false; ///< ... and runs at least once
  };
  /// A branch by which the function is left, and the last such before it.
  struct WayOut {
    unsigned Around, Before;
  };
  void tell(const clang::FunctionDecl *F, const Frame &New, bool Later,
            bool Sure);
  const clang::Expr *valueOf(const clang::VarDecl *Var, unsigned &Frame) const;

  const TUModel &Model;
  std::vector<Branch> Branches;
  std::vector<WayOut> WaysOut;
  std::vector<Frame> Frames;
  std::vector<StoryStep> Steps;
  /// What a local variable is given, null where that is more than one thing.
  llvm::DenseMap<const clang::VarDecl *, const clang::Expr *> LocalValues;
  bool Whole = true, CutShort = false;
};

/// The member that \p E is, or is an element of; null where it is neither.
const clang::MemberExpr *memberOf(const clang::Expr *E);

/// True for a function that a kernel header declares: it is not the driver's.
bool isKernelFunction(const clang::FunctionDecl *F);

} // namespace vfio

#endif // VFIO_LIFECYCLE_STORY_H
