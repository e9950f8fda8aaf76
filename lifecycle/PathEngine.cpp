//===- PathEngine.cpp - All paths of a driver -----------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/PathEngine.h"
#include "lifecycle/Roots.h"
#include "llvm/Support/FormatVariadic.h"

using namespace clang;

namespace vfio {

/// Whether \p Model has devices whose life the rules know. The old API before
/// 5.13 has no typestate that we know; a TU without a VFIO header has no
/// device; and core may do what drivers may not.
static bool hasLives(const TUModel &Model) {
  return Model.Gen != Generation::Unknown && Model.Gen != Generation::TooOld &&
         !Model.IsCore;
}

/// Walks all roots of \p Model by \p Rules.
static PathStatistics walkRoots(const TUModel &Model,
                                engine::EntityTable &Entities,
                                flow::Rules &Rules, const PathLimits &Limits) {
  PathStatistics Statistics;
  flow::FlowGraphs Graphs(Model);
  flow::Calls Calls(Model, Graphs, Entities, Rules, Limits);
  for (const FunctionDecl *Root : Graphs.roots()) {
    engine::Exceeded Limit = walkRoot(Root, Model, Graphs, Rules, Calls);
    ++Statistics.Roots;
    Statistics.Steps += Calls.walker().steps();
    if (Limit != engine::Exceeded::Nothing)
      Statistics.GivenUp.push_back(notFollowed(Root, Calls.walker(), Limits));
  }
  return Statistics;
}

NotFollowed notFollowed(const FunctionDecl *F, const engine::Walker &W,
                        const PathLimits &Limits) {
  bool ByStates = W.exceeded() == engine::Exceeded::States;
  return {F, W.exceeded(), ByStates ? Limits.StatesPerBlock : W.budget()};
}

std::string describe(const NotFollowed &N) {
  switch (N.Limit) {
  case engine::Exceeded::Steps:
    return llvm::formatv("{0:N0} steps", N.Most).str();
  case engine::Exceeded::States:
    return llvm::formatv("{0:N0} states at one place", N.Most).str();
  case engine::Exceeded::Graph:
    return "clang makes no graph of it";
  case engine::Exceeded::Nothing:
    break;
  }
  llvm_unreachable("a limit");
}

std::vector<Finding> findOnPaths(const TUModel &Model,
                                 PathStatistics *Statistics,
                                 const PathLimits &Limits,
                                 std::vector<Silence> *Silences) {
  if (!hasLives(Model))
    return {};
  engine::EntityTable Entities;
  flow::Rules Rules(Model, Entities);
  PathStatistics Cost = walkRoots(Model, Entities, Rules, Limits);
  if (Statistics)
    *Statistics = std::move(Cost);
  std::vector<Finding> Findings = Rules.takeFindings();
  if (Silences)
    *Silences = Rules.takeSilences();
  const SourceManager &SM = Model.Ctx.getSourceManager();
  llvm::sort(Findings, [&](const Finding &A, const Finding &B) {
    return A.Where == B.Where ? A.Kind < B.Kind
                              : SM.isBeforeInTranslationUnit(A.Where, B.Where);
  });
  return Findings;
}

std::vector<PathLife> livesOnPaths(const TUModel &Model, bool &Complete) {
  std::vector<PathLife> Lives;
  if (!hasLives(Model))
    return Lives;
  engine::EntityTable Entities;
  flow::Rules Rules(Model, Entities);
  Rules.Lives = &Lives;
  Complete &= walkRoots(Model, Entities, Rules, {}).GivenUp.empty();
  return Lives;
}

} // namespace vfio
