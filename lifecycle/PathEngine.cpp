//===- PathEngine.cpp - All paths of a driver -----------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/PathEngine.h"
#include "lifecycle/Walker.h"

using namespace clang;

namespace vfio {

std::vector<Finding> findOnPaths(const TUModel &Model,
                                 PathStatistics *Statistics,
                                 const PathLimits &Limits) {
  // The old API before 5.13 has no typestate that we know; a TU without a VFIO
  // header has no device; and core may do what drivers may not.
  if (Model.Gen == Generation::Unknown || Model.Gen == Generation::TooOld ||
      Model.IsCore)
    return {};
  flow::EntityTable Entities;
  flow::FlowGraphs Graphs(Model);
  flow::Rules Rules(Model, Entities);
  flow::Walker Walker(Model, Graphs, Entities, Rules, Limits);
  for (const FunctionDecl *Root : Graphs.roots()) {
    Walker.walkRoot(Root);
    if (!Statistics)
      continue;
    ++Statistics->Roots;
    Statistics->Steps += Walker.steps();
    if (!Walker.complete())
      Statistics->GivenUp.push_back(Root);
  }
  std::vector<Finding> Findings = Rules.takeFindings();
  const SourceManager &SM = Model.Ctx.getSourceManager();
  llvm::sort(Findings, [&](const Finding &A, const Finding &B) {
    return A.Where == B.Where ? A.Kind < B.Kind
                              : SM.isBeforeInTranslationUnit(A.Where, B.Where);
  });
  return Findings;
}

std::vector<PathLife> livesOnPaths(const TUModel &Model, bool &Complete) {
  std::vector<PathLife> Lives;
  if (Model.Gen == Generation::Unknown || Model.Gen == Generation::TooOld)
    return Lives;
  flow::EntityTable Entities;
  flow::FlowGraphs Graphs(Model);
  flow::Rules Rules(Model, Entities);
  Rules.Lives = &Lives;
  PathLimits Limits;
  flow::Walker Walker(Model, Graphs, Entities, Rules, Limits);
  for (const FunctionDecl *Root : Graphs.roots()) {
    Walker.walkRoot(Root);
    Complete &= Walker.complete();
  }
  return Lives;
}

} // namespace vfio
