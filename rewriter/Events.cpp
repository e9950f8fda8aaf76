//===- Events.cpp - The life of a device before and after -----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/Events.h"
#include "lifecycle/PathEngine.h"
#include "llvm/ADT/StringExtras.h"

using namespace clang;

namespace vfio::rewriter {

namespace {

using Words = std::vector<std::string>;

/// The ways out of one function that end alike.
struct Way {
  bool Fails = false;
  Words Events;
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

/// Adds the lives of the structure \p Record in \p U; false where some may be
/// missing.
static bool collect(const Unit &U, llvm::StringRef Record, Ways &Out) {
  bool Complete = true;
  for (const PathLife &L : livesOnPaths(*U.Model, Complete)) {
    if (!L.Record || L.Record->getName() != Record)
      continue;
    Words Events;
    for (llvm::StringRef E : L.Events)
      Events.push_back(E.str());
    std::vector<Way> &List = waysOf(Out, L.Root->getNameAsString());
    auto It = llvm::find_if(List, [&](const Way &W) {
      return W.Fails == L.Fails && W.Events == Events;
    });
    if (It == List.end())
      It = List.insert(It,
                       {L.Fails, Events, {}, U.place(L.Root->getLocation())});
    std::string Label = labelOf(U, L);
    if (!llvm::is_contained(It->Labels, Label))
      It->Labels.push_back(Label);
  }
  return Complete;
}

/// What a life comes to in both models: the structure is there from the
/// allocation to what ends it, be that uninit and free, or a put. With
/// \p UninitEnds the structure is not the driver's to free after uninit.
static Words inBothModels(const Words &Events, bool UninitEnds) {
  Words Out;
  for (llvm::StringRef E : Events) {
    bool Ends = E == "put" || E == "free" || (E == "uninit" && UninitEnds);
    if (E == "alloc")
      Out.push_back("begin");
    else if (Ends && (Out.empty() || Out.back() != "end"))
      Out.push_back("end");
    else if (E.contains("register"))
      Out.push_back(E.str());
  }
  return Out;
}

/// True where devres or an owner frees the structure: the driver has no call
/// that does, or the new code prepares it by vfio_init_device.
static bool isFreedElsewhere(const OldDriver &D, const Program &After) {
  return D.Frees.empty() || llvm::any_of(After.Units, [](const auto &U) {
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
  bool UninitEnds, Complete, Moved;
  const std::set<std::string> &Mended;
  EventTable Out;

  /// Finds each of \p Old, the ways of \p Function before, in \p New.
  void compare(const std::string &Function, const std::vector<Way> &Old,
               const std::vector<Way> &New) {
    std::vector<bool> Used(New.size(), false);
    for (const Way &W : Old)
      Out.Paths.push_back(
          {Function, pathLabel(W), W.Events, after(Function, W, New, Used)});
    for (size_t I = 0; I < New.size(); ++I) {
      if (Used[I])
        continue;
      Out.Paths.push_back({Function, pathLabel(New[I]), {"-"}, New[I].Events});
      complain(Function, New[I], "has a path with",
               "which the old code had not");
    }
  }

private:
  bool alike(const Way &A, const Way &B) const {
    return A.Fails == B.Fails && inBothModels(A.Events, UninitEnds) ==
                                     inBothModels(B.Events, UninitEnds);
  }

  /// What became of the events of \p W.
  Words after(const std::string &Function, const Way &W,
              const std::vector<Way> &New, std::vector<bool> &Used) {
    Words Found;
    for (size_t I = 0; I < New.size(); ++I)
      if (alike(New[I], W)) {
        if (Found.empty())
          Found = New[I].Events;
        Used[I] = true;
      }
    // A path that was mended ends otherwise; it is known by its condition.
    for (size_t I = 0; I < New.size() && Found.empty(); ++I)
      if (Mended.count(Function) && New[I].Fails == W.Fails &&
          llvm::any_of(New[I].Labels, [&](const std::string &L) {
            return llvm::is_contained(W.Labels, L);
          })) {
        Found = New[I].Events;
        Used[I] = true;
      }
    if (!Found.empty() || inBothModels(W.Events, UninitEnds).empty())
      return Found;
    if (Moved && W.Fails)
      return {"(in @init)"};
    complain(Function, W, "had a path with", "which the new code has not");
    return {"-"};
  }

  void complain(const std::string &Function, const Way &W, llvm::StringRef Has,
                llvm::StringRef Other) {
    if (!Complete || Mended.count(Function) || !Out.Problem.empty())
      return;
    Out.Problem = ("events are not conserved: '" + Function + "' " + Has + " " +
                   llvm::join(W.Events, ", ") + ", " + Other)
                      .str();
    Out.Where = W.Where;
  }
};

} // namespace

EventTable compareEvents(const OldDriver &D, const Program &After,
                         const std::set<std::string> &Mended, bool Moved) {
  Ways Old, New;
  bool Complete = true;
  for (const Unit *U : D.Units)
    Complete &= collect(*U, D.RecordName, Old);
  for (const auto &U : After.Units)
    Complete &= collect(*U, D.RecordName, New);
  Comparison C{isFreedElsewhere(D, After), Complete, Moved, Mended, {}};
  for (const auto &[Function, Ways] : Old)
    C.compare(Function, Ways, waysOf(New, Function));
  return std::move(C.Out);
}

} // namespace vfio::rewriter
