//===- Events.cpp - The life of a device before and after -----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/prove/Events.h"
#include "lifecycle/ASTVisitor.h"
#include "lifecycle/PathEngine.h"
#include "rewriter/prove/EndInLine.h"
#include "llvm/ADT/StringExtras.h"

using namespace clang;

namespace vfio::rewriter {

namespace {

using Events = std::vector<LifeEvent>;

/// The ways out of one function that end alike.
struct Way {
  bool Fails = false;
  Events Life;
  std::vector<std::string> Labels; ///< the conditions that lead here
  Place Where;
};

/// The ways of each function, in the order of the source.
using Ways = std::vector<std::pair<std::string, std::vector<Way>>>;

} // namespace

/// "error: !x->pages", from the condition that was decided last.
static std::string labelOf(const Unit &U, const PathLife &L) {
  if (!L.Fails)
    return "success";
  std::string Text =
      L.LastBranch ? U.text(L.LastBranch->getSourceRange()) : std::string();
  if (Text.empty())
    return "error";
  Text = llvm::join(llvm::split(Text, '\n'), " ");
  return "error: " + (L.LastBranchTaken ? Text : "not (" + Text + ")");
}

static std::vector<Way> &waysOf(Ways &All, const std::string &Function) {
  for (auto &[Name, List] : All)
    if (Name == Function)
      return List;
  return All.emplace_back(Function, std::vector<Way>()).second;
}

namespace {
/// The ways of the driver's functions on one side.
struct Side {
  Ways All;
  /// Functions whose ways are not all there.
  std::set<const FunctionDecl *> Incomplete;
};
} // namespace

/// Adds the lives of \p D's structure in \p U.
static void collect(const Unit &U, const OldDriver &D, Side &Out) {
  bool Complete = true;
  for (const PathLife &L : livesOnPaths(U.followed(), Complete)) {
    if (!L.Record || !D.PartNames.count(L.Record->getNameAsString()) ||
        D.OthersFunctions.count(L.Root->getNameAsString()))
      continue;
    std::vector<Way> &List = waysOf(Out.All, L.Root->getNameAsString());
    auto It = llvm::find_if(List, [&](const Way &W) {
      return W.Fails == L.Fails && W.Life == L.Events;
    });
    if (It == List.end())
      It = List.insert(It,
                       {L.Fails, L.Events, {}, U.place(L.Root->getLocation())});
    std::string Label = labelOf(U, L);
    if (!llvm::is_contained(It->Labels, Label))
      It->Labels.push_back(Label);
  }
  if (Complete)
    return;
  PathStatistics Statistics;
  findOnPaths(U.followed(), &Statistics);
  Out.Incomplete.insert(Statistics.GivenUp.begin(), Statistics.GivenUp.end());
}

/// The functions of \p U that \p F calls, all the way, and \p F; those of other
/// units as well where these are followed.
static std::set<const FunctionDecl *>
reachedFrom(const Program &P, const Unit &U, const FunctionDecl *F) {
  struct Callees : EvaluatedVisitor<Callees> {
    std::vector<const FunctionDecl *> Found;
    bool VisitDeclRefExpr(DeclRefExpr *E) ENGINE_OVERRIDE {
      if (const auto *Callee = dyn_cast<FunctionDecl>(E->getDecl()))
        Found.push_back(Callee);
      return true;
    }
  };
  std::set<const FunctionDecl *> Out = {F};
  std::vector<Program::Definition> Work = {{&U, F}};
  while (!Work.empty()) {
    Program::Definition From = Work.back();
    Work.pop_back();
    Callees C;
    C.TraverseStmt(From.F->getBody());
    for (const FunctionDecl *Callee : C.Found)
      if (Program::Definition D = P.definition(Program::key(*From.U, Callee));
          D && (D.U == &U || P.isFollowed()) && Out.insert(D.F).second)
        Work.push_back(D);
  }
  return Out;
}

/// What a life comes to in both models: the structure is there from the
/// allocation to what ends it, be that uninit and free, or a put, which stands
/// for both. With \p UninitEnds the structure is not the driver's to free after
/// uninit.
static Events inBothModels(const Events &Life, bool UninitEnds) {
  Events Out;
  for (LifeEvent E : Life)
    switch (E) {
    case LifeEvent::Allocated:
    case LifeEvent::Registered:
    case LifeEvent::RegisterFailed:
    case LifeEvent::Unregistered:
      Out.push_back(E);
      break;
    case LifeEvent::Initialised:
    case LifeEvent::CoreReleased:
      break;
    case LifeEvent::Uninitialised:
      if (!UninitEnds)
        break;
      [[fallthrough]];
    case LifeEvent::Put:
    case LifeEvent::Freed:
      if (Out.empty() || Out.back() != LifeEvent::Put)
        Out.push_back(LifeEvent::Put);
      break;
    }
  return Out;
}

/// True where devres or an owner frees the structure: the driver has no call
/// that does, or the new code prepares it by vfio_init_device.
static bool isFreedElsewhere(const OldDriver &D, const Program &After) {
  return D.Devm || D.Frees.empty() ||
         llvm::any_of(After.Units, [](const auto &U) {
           return llvm::any_of(U->Model->Sites, [](const Site &S) {
             return S.Api->Name == "vfio_init_device";
           });
         });
}

static std::string pathLabel(const Way &W) {
  if (!W.Fails)
    return "success";
  // Of many conditions the first two tell enough.
  std::vector<std::string> Some(W.Labels.begin(),
                                W.Labels.begin() +
                                    std::min<size_t>(2, W.Labels.size()));
  for (size_t I = 1; I < Some.size(); ++I)
    if (llvm::StringRef(Some[I]).starts_with("error: "))
      Some[I] = Some[I].substr(7);
  std::string Text = llvm::join(Some, ", ");
  return W.Labels.size() > Some.size() ? Text + ", ..." : Text;
}

namespace {

/// The comparison of one driver's ways.
class Comparison {
public:
  Comparison(const OldDriver &D, const Program &Before, const Program &After,
             const std::set<std::string> &Mended, bool Moved, Proof &P)
      : D(D), Before(Before), After(After), Mended(Mended), Moved(Moved),
        UninitEnds(isFreedElsewhere(D, After)), P(P) {
    for (const auto &U : Before.Units)
      collect(*U, D, Old);
    for (const auto &U : After.Units)
      collect(*U, D, New);
  }

  EventTable run() {
    for (const auto &[Function, Ways] : Old.All) {
      compare(Function, Ways, waysOf(New.All, Function));
      ++P.Functions;
    }
    checkFollowed();
    return std::move(Out);
  }

private:
  /// Finds each of \p Old, the ways of \p Function before, in \p New.
  void compare(const std::string &Function, const std::vector<Way> &Old,
               const std::vector<Way> &New) {
    std::vector<bool> Used(New.size(), false);
    for (const Way &W : Old)
      Out.Paths.push_back({Function,
                           pathLabel(W),
                           W.Fails,
                           {PathEvents::Side::There, W.Life},
                           after(Function, W, New, Used)});
    for (size_t I = 0; I < New.size(); ++I) {
      if (Used[I])
        continue;
      Out.Paths.push_back({Function,
                           pathLabel(New[I]),
                           New[I].Fails,
                           {PathEvents::Side::Absent, {}},
                           {PathEvents::Side::There, New[I].Life}});
      complain(Function, New[I], "has a path with",
               "which the old code had not");
    }
  }

  static bool shareLabel(const Way &A, const Way &B) {
    return llvm::any_of(A.Labels, [&](const std::string &L) {
      return llvm::is_contained(B.Labels, L);
    });
  }

  Events life(const Way &W) const { return inBothModels(W.Life, UninitEnds); }

  /// True where all that \p Now has beside \p Was is an end.
  bool isMended(const Way &Was, const Way &Now) const {
    Events Ended = life(Was);
    if (Ended.empty() || Ended.back() != LifeEvent::Put)
      Ended.push_back(LifeEvent::Put);
    return Was.Fails == Now.Fails && life(Now) == Ended;
  }

  /// What became of the events of \p W.
  PathEvents::Side after(const std::string &Function, const Way &W,
                         const std::vector<Way> &New, std::vector<bool> &Used) {
    const Way *Found = nullptr;
    // Two structures can be on one way: that of the same condition is shown.
    for (bool Named : {true, false})
      for (size_t I = 0; I < New.size(); ++I)
        if (New[I].Fails == W.Fails && life(New[I]) == life(W) &&
            (!Named || shareLabel(New[I], W))) {
          if (!Found)
            Found = &New[I];
          Used[I] = true;
        }
    P.Ways += Found != nullptr;
    for (size_t I = 0; I < New.size() && !Found; ++I)
      if (Mended.count(Function) && isMended(W, New[I])) {
        Found = &New[I];
        Used[I] = true;
        ++(D.Devm ? P.PutForDevm : P.Mended);
      }
    if (Found)
      return {PathEvents::Side::There, Found->Life};
    if (life(W).empty())
      return {};
    if (Moved && W.Fails)
      return {PathEvents::Side::InInit, {}};
    complain(Function, W, "had a path with", "which the new code has not");
    return {PathEvents::Side::Absent, {}};
  }

  void complain(const std::string &Function, const Way &W, llvm::StringRef Has,
                llvm::StringRef Other) {
    fail(("events are not conserved: '" + Function + "' " + Has + " " +
          textOf(W.Life) + ", " + Other)
             .str(),
         W.Where);
  }

  void fail(std::string Problem, Place Where) {
    if (!Out.Problem.empty())
      return;
    Out.Problem = std::move(Problem);
    Out.Where = std::move(Where);
  }

  bool isInLine(const Unit &U, const FunctionDecl *F) {
    if (!endsInLine(D, U, F, After))
      return false;
    std::string Name = F->getNameAsString();
    if (!llvm::is_contained(P.InLine, Name))
      P.InLine.push_back(Name);
    return true;
  }

  /// Each function that handles the device must be on a way that was compared,
  /// and those ways must all be there.
  void checkFollowed() {
    std::set<const FunctionDecl *> Followed, Handling;
    for (const auto *Refs :
         {&D.Inits, &D.Uninits, &D.Frees, &D.Registers, &D.Unregisters})
      for (const SiteRef &R : *Refs)
        Handling.insert(R.S->In);
    for (const auto &U : Before.Units)
      for (const FunctionDecl *F : U->Model->Functions) {
        bool Root = llvm::any_of(Old.All, [&](const auto &Entry) {
          return Entry.first == F->getNameAsString();
        });
        bool Cut = Old.Incomplete.count(F);
        if (!Root && !Cut)
          continue;
        std::set<const FunctionDecl *> Reached = reachedFrom(Before, *U, F);
        bool Handles = Cut && llvm::any_of(Reached, [&](const FunctionDecl *R) {
                         return Handling.count(R) &&
                                !isUntouched(*U, R, After) && !isInLine(*U, R);
                       });
        if (Cut && Handles)
          fail("the paths of '" + F->getNameAsString() +
                   "' are too many to be followed to their end",
               U->place(F->getLocation()));
        else if (Cut)
          P.NotFollowed.push_back(F->getNameAsString());
        if (Root)
          Followed.insert(Reached.begin(), Reached.end());
      }
    for (const SiteRef &R : D.Unregisters)
      if (!Followed.count(R.S->In) && !isInLine(*R.U, R.S->In))
        fail("no path through '" + R.S->In->getNameAsString() +
                 "' could be followed",
             R.U->place(R.S->In->getLocation()));
  }

  const OldDriver &D;
  const Program &Before, &After;
  const std::set<std::string> &Mended;
  bool Moved, UninitEnds;
  Proof &P;
  Side Old, New;
  EventTable Out;
};

} // namespace

std::vector<std::string> PathEvents::Side::texts() const {
  std::vector<std::string> Out;
  if (What == Absent)
    Out.push_back("-");
  else if (What == InInit)
    Out.push_back("(in @init)");
  for (LifeEvent E : Events)
    Out.push_back(textOf(E).str());
  return Out;
}

EventTable compareEvents(const OldDriver &D, const Program &Before,
                         const Program &After,
                         const std::set<std::string> &Mended, bool Moved,
                         Proof &P) {
  return Comparison(D, Before, After, Mended, Moved, P).run();
}

} // namespace vfio::rewriter
