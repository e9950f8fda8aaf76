//===- Handing.cpp - What other files do to a structure they are given ----===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/read/Handing.h"
#include "lifecycle/ASTVisitor.h"
#include "rewriter/read/NullTest.h"
#include "rewriter/read/Statements.h"
#include "rewriter/read/UseAfter.h"
#include "llvm/Support/Path.h"

using namespace clang;

namespace vfio::rewriter {

namespace {
struct CallList : EvaluatedVisitor<CallList> {
  std::vector<const CallExpr *> Calls;
  bool VisitCallExpr(CallExpr *Call) ENGINE_OVERRIDE {
    Calls.push_back(Call);
    return true;
  }
};
} // namespace

static std::string nameOf(const CallExpr *Call) {
  const FunctionDecl *F = Call->getDirectCallee();
  return F ? "'" + F->getNameAsString() + "'" : "a function pointer";
}

bool Handing::isStructure(const Unit &U, const FunctionDecl *In,
                          const Expr *E) const {
  QualType T = E->IgnoreParenImpCasts()->getType();
  if (!T->isPointerType())
    return false;
  // A pointer to something inside of it, the device apart, says nothing of the
  // structure's life.
  const RecordDecl *R = pointeeRecord(T);
  if (R && !findDeviceRecord(R, U.Model->Ctx))
    return false;
  if (!R && !T->isVoidPointerType())
    return false;
  return llvm::any_of(Flow.pointsTo(U, In, E),
                      [&](unsigned A) { return D.Allocs.count(A); });
}

/// True where \p F has calls that make or end the driver's device.
bool Handing::handles(const Unit &U, const FunctionDecl *F) const {
  for (const auto *Refs :
       {&D.Inits, &D.Uninits, &D.Frees, &D.Registers, &D.Unregisters})
    for (const SiteRef &R : *Refs)
      if (R.U == &U && R.S->In == F)
        return true;
  return false;
}

std::vector<Handing::Given> Handing::givenIn(const Unit &U,
                                             const FunctionDecl *F) const {
  CallList L;
  L.TraverseStmt(F->getBody());
  std::vector<Given> Out;
  for (const CallExpr *Call : L.Calls) {
    const FunctionDecl *Callee = Call->getDirectCallee();
    if (Callee && (findApi(*Call) || Callee->getBuiltinID()))
      continue;
    for (const Expr *Arg : Call->arguments())
      if (isStructure(U, F, Arg)) {
        Out.push_back({&U, F, Call, Arg});
        break;
      }
  }
  return Out;
}

Ending Handing::endingOf(const Unit &U, const CallExpr *Call) {
  const FunctionDecl *F = Call->getDirectCallee();
  if (Program::Definition Callee = P.callee(U, Call))
    return endingOf(Callee);
  if (!F)
    return endingByPointer(U, Call);
  // What the kernel offers is known, or has nothing to do with it.
  if (F && !U.Model->isDriverFile(F->getCanonicalDecl()->getLocation()))
    return Ending::Never;
  return Ending::Unread;
}

/// Where a call by a pointer can end the structure, no path shows it.
Ending Handing::endingByPointer(const Unit &U, const CallExpr *Call) {
  std::vector<Program::Definition> Can = Flow.pointed().of(U, Call);
  bool Never =
      !Can.empty() && llvm::all_of(Can, [&](const Program::Definition &F) {
        return endingOf(F) == Ending::Never && !handles(*F.U, F.F);
      });
  return Never ? Ending::Never : Ending::Unread;
}

/// What ends the structure, and becomes a put: the free, or the uninit of what
/// devm frees.
const std::vector<SiteRef> &Handing::ends() const {
  return D.Devm ? D.Uninits : D.Frees;
}

/// True where the structure is gone after \p Call.
bool Handing::isEnd(const Unit &U, const CallExpr *Call) {
  if (llvm::any_of(ends(), [&](const SiteRef &R) { return R.S->Call == Call; }))
    return true;
  return !findApi(*Call) && endingOf(U, Call) == Ending::Always;
}

Ending Handing::endingOf(const Program::Definition &F) {
  auto [It, New] = Known.try_emplace(F.F, Ending::Never);
  if (!New)
    return It->second;
  Ending Worst = Ending::Never;
  for (const Given &G : givenIn(*F.U, F.F)) {
    Ending E = endingOf(*G.U, G.Call);
    if (E == Ending::Unread)
      Unread.try_emplace(F.F, G);
    if (E != Ending::Never)
      Worst = E == Ending::Unread ? E : Ending::Sometimes;
  }
  for (const SiteRef &R : ends())
    if (R.U == F.U && R.S->In == F.F && Worst == Ending::Never)
      Worst = Ending::Sometimes;
  // On each way: by a statement that no way out comes before.
  if (Worst == Ending::Sometimes)
    for (const Item &I : itemsOf(F.F)) {
      CallList L;
      if (isa<Expr>(I.S) || isa<ReturnStmt>(I.S))
        L.TraverseStmt(const_cast<Stmt *>(I.S));
      if (llvm::any_of(L.Calls,
                       [&](const CallExpr *C) { return isEnd(*F.U, C); })) {
        Worst = Ending::Always;
        break;
      }
      // Without a structure there is nothing to end.
      if (hasExit(I.S) && !nullGuard(I.S))
        break;
    }
  return Known[F.F] = Worst;
}

/// True where the function of \p G unregisters before it, or is one in which
/// the device is not registered for good: it registers the device itself, or
/// is called by one that does either.
bool Handing::unregistersBefore(const Given &G) const {
  auto Speaks = [&](const Unit *U, const FunctionDecl *F) {
    for (const auto *Refs : {&D.Registers, &D.Unregisters})
      for (const SiteRef &R : *Refs)
        if (R.U == U && R.S->In == F)
          return true;
    CallList L;
    L.TraverseStmt(F->getBody());
    return llvm::any_of(L.Calls, [&](const CallExpr *Call) {
      Program::Definition Callee = P.callee(*U, Call);
      for (const auto *Refs : {&D.Registers, &D.Unregisters})
        for (const SiteRef &R : *Refs)
          if (Callee && R.U == Callee.U && R.S->In == Callee.F)
            return true;
      return false;
    });
  };
  if (Speaks(G.U, G.In))
    return true;
  return llvm::any_of(
      P.callsOf(Program::key(*G.U, G.In)),
      [&](const Program::CallSite &C) { return Speaks(C.U, C.In); });
}

/// The call below \p G of which it is not known what it does.
Handing::Given Handing::unreadOf(const Given &G) const {
  Program::Definition Callee = P.callee(*G.U, G.Call);
  auto Inner = Callee ? Unread.find(Callee.F) : Unread.end();
  return Inner == Unread.end() || Inner->second.Call == G.Call
             ? G
             : unreadOf(Inner->second);
}

Refusal Handing::unread(const Given &G) const {
  Given Last = unreadOf(G);
  Place Where = G.U->place(G.Call->getBeginLoc());
  Place At = Last.U->place(Last.Call->getBeginLoc());
  bool ByName = Last.Call->getDirectCallee();
  std::string Named =
      ByName
          ? nameOf(Last.Call)
          : "'" + Last.U->text(Last.Call->getCallee()->getSourceRange()) + "'";
  std::string To = Last.Call == G.Call
                       ? "to " + Named
                       : "by way of " + nameOf(G.Call) + " to " + Named +
                             " (line " + std::to_string(At.Line) + " of " +
                             llvm::sys::path::filename(At.File).str() + ")";
  if (ByName)
    return {RefusalId::EscapingPointer, Where,
            "the structure is given " + To +
                ", of which no file that was read has the body: it may end it",
            "give vfio-migrate all files of the driver"};
  return {RefusalId::EscapingPointer, Where,
          "the structure is given " + To +
              ", a function pointer: what it leads to is not all known, or "
              "handles the device itself, and may end it",
          "call the function by its name where the device is made and ended, "
          "then run again"};
}

void Handing::check(const Given &G, std::vector<Refusal> &Out) {
  SourceLocation Loc = G.Call->getBeginLoc();
  auto Refuse = [&](RefusalId Id, const std::string &Reason,
                    llvm::StringRef WhatToDo) {
    Out.push_back({Id, G.U->place(Loc), Reason, WhatToDo.str()});
  };
  switch (endingOf(*G.U, G.Call)) {
  case Ending::Never:
    return;
  case Ending::Unread:
    if (handles(*G.U, G.In) && Refused.insert(unreadOf(G).Call).second)
      Out.push_back(unread(G));
    return;
  case Ending::Sometimes:
    // The comparison of both sides' paths has it, where these are followed.
    Refuse(RefusalId::UnpairedCleanup,
           nameOf(G.Call) + ", of another file, ends the structure on some of "
                            "its ways and leaves it on others",
           "end the structure in the function that allocated it, then run "
           "again");
    Doubts.push_back(std::move(Out.back()));
    Out.pop_back();
    return;
  case Ending::Always:
    break;
  }
  const VarDecl *X = structureOf(G.Arg);
  const Expr *Use =
      X ? firstUseAfter(G.U->Model->Ctx, G.In, G.Call, X) : nullptr;
  if (Use) {
    Loc = Use->getBeginLoc();
    Refuse(RefusalId::UnpairedCleanup,
           "the structure is used after " + nameOf(G.Call) + " has ended it",
           "take what is needed of it before it is ended, then run again");
  } else if (!D.Registers.empty() && !unregistersBefore(G)) {
    Refuse(RefusalId::UnpairedCleanup,
           "the device is registered, and " + nameOf(G.Call) +
               " ends its structure here without an unregister before it",
           "unregister the device first, then run again");
  }
}

std::vector<Refusal> Handing::problems() {
  std::vector<Refusal> Out;
  for (const auto &U : P.Units)
    for (const FunctionDecl *F : U->Model->Functions) {
      // Inside of one file the path engine sees what happens.
      for (const Given &G : givenIn(*U, F))
        if (!P.callee(*U, G.Call) || P.callee(*U, G.Call).U != U.get())
          check(G, Out);
    }
  if (!D.Registers.empty() && D.Unregisters.empty())
    Out.push_back(neverUnregistered());
  return Out;
}

/// The unregister of a vfio_device of which it is not known which structure it
/// is in is no one driver's.
Refusal Handing::neverUnregistered() const {
  for (const auto &U : P.Units)
    for (const Site &S : U->Model->Sites)
      if (isUnregister(S.Api->Kind) && S.Device.Pointer &&
          llvm::any_of(Flow.pointsTo(*U, S.In, S.Device.Pointer),
                       [&](unsigned A) { return D.Allocs.count(A); }))
        return {RefusalId::SeveralInstances, U->place(S.Call->getBeginLoc()),
                "what is unregistered here can be in this structure or in "
                "another one",
                "unregister and end the devices of each structure in a "
                "function of its own, then run again"};
  const SiteRef &Register = D.Registers.front();
  return {RefusalId::UnpairedCleanup,
          Register.U->place(Register.S->Call->getBeginLoc()),
          "the device is registered and nothing in the files that were read "
          "unregisters it",
          "unregister the device before its structure is ended, then run "
          "again"};
}

} // namespace vfio::rewriter
