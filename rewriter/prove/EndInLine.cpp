//===- EndInLine.cpp - An end that needs no paths to be compared ----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/prove/EndInLine.h"
#include "rewriter/read/Statements.h"

using namespace clang;

namespace vfio::rewriter {

namespace {
enum class Event { Unregister, Uninit, End, Other };

/// The events of one function, in the order of the source.
using Line = std::vector<std::pair<const CallExpr *, Event>>;
} // namespace

/// True where all of \p Events stand in one block, in the order of a life, with
/// no label and no way out between.
static bool isInOrder(const Unit &U, const Line &Events) {
  const CompoundStmt *Block = nullptr;
  std::vector<const Stmt *> Places;
  unsigned Unregisters = 0, Ends = 0;
  Event Last = Event::Unregister;
  for (const auto &[Call, E] : Events) {
    Spot S = spotOf(U.Model->Ctx, Call);
    const auto *In = dyn_cast_or_null<CompoundStmt>(S.Parent);
    if (E == Event::Other || E < Last || !S.Whole || S.Kind != Spot::InBlock ||
        !In || (Block && In != Block))
      return false;
    Last = E;
    Block = In;
    Places.push_back(S.S);
    Unregisters += E == Event::Unregister;
    Ends += E == Event::End;
  }
  if (Unregisters > 1 || Ends != 1)
    return false;
  auto First = llvm::find(Block->body(), Places.front());
  auto Behind = llvm::find(Block->body(), Places.back());
  return std::none_of(First, Behind, [](const Stmt *S) {
    return isa<LabelStmt>(S) || hasExit(S);
  });
}

static Line eventsBefore(const OldDriver &D, const Unit &U,
                         const FunctionDecl *F) {
  Line Out;
  auto Add = [&](const std::vector<SiteRef> &Refs, Event E) {
    for (const SiteRef &R : Refs)
      if (R.U == &U && R.S->In == F)
        Out.push_back({R.S->Call, E});
  };
  Add(D.Unregisters, Event::Unregister);
  Add(D.Uninits, D.Devm ? Event::End : Event::Uninit);
  if (!D.Devm)
    Add(D.Frees, Event::End);
  Add(D.Inits, Event::Other);
  Add(D.Registers, Event::Other);
  llvm::sort(Out, [&](const auto &A, const auto &B) {
    return U.sources().isBeforeInTranslationUnit(A.first->getBeginLoc(),
                                                 B.first->getBeginLoc());
  });
  return Out;
}

static Line eventsAfter(const Unit &U, const FunctionDecl *F) {
  Line Out;
  for (const Site *S : U.Model->sitesIn(F)) {
    Role R = S->Api->Kind;
    if (isUnregister(R))
      Out.push_back({S->Call, Event::Unregister});
    else if (R == Role::PutDevice)
      Out.push_back({S->Call, Event::End});
    else if (isRegister(R) || R == Role::AllocDevice)
      Out.push_back({S->Call, Event::Other});
  }
  return Out;
}

/// The function that \p F of \p U is in \p After, and its unit.
static Program::Definition counterpart(const Unit &U, const FunctionDecl *F,
                                       const Program &After) {
  for (const auto &New : After.Units)
    if (New->TU->input().File == U.TU->input().File)
      for (const FunctionDecl *G : New->Model->Functions)
        if (G->getNameAsString() == F->getNameAsString())
          return {New.get(), G};
  return {};
}

bool isUntouched(const Unit &U, const FunctionDecl *F, const Program &After) {
  Program::Definition Now = counterpart(U, F, After);
  return Now &&
         Now.U->text(Now.F->getSourceRange()) == U.text(F->getSourceRange());
}

bool endsInLine(const OldDriver &D, const Unit &U, const FunctionDecl *F,
                const Program &After) {
  Line Before = eventsBefore(D, U, F);
  Program::Definition To = counterpart(U, F, After);
  if (Before.empty() || !To || !isInOrder(U, Before))
    return false;
  Line Now = eventsAfter(*To.U, To.F);
  bool WasThere = Before.front().second == Event::Unregister;
  return !Now.empty() && isInOrder(*To.U, Now) &&
         WasThere == (Now.front().second == Event::Unregister);
}

} // namespace vfio::rewriter
