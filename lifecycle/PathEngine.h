//===- PathEngine.h - All paths of a driver -------------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The engine walks the paths of each function that starts a story (probe,
// remove, @init, @release, and what nobody calls), into the functions of the TU
// that it calls, with the rules of a device's life. What exceeds a bound is
// given up, and told.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_PATHENGINE_H
#define VFIO_LIFECYCLE_PATHENGINE_H

#include "engine/Limits.h"
#include "lifecycle/Finding.h"
#include "lifecycle/LifeEvents.h"
#include <string>
#include <vector>

namespace engine {
class Walker;
} // namespace engine

namespace vfio {

struct TUModel;
struct Silence;

/// How much work a root function may cost before it is given up.
using PathLimits = engine::Limits;

/// A function that was not followed to its end: that nothing was found there
/// means nothing.
struct NotFollowed {
  const clang::FunctionDecl *F;
  engine::Exceeded Limit;
  unsigned Most; ///< what the limit is: how many steps, or states

  /// Stands for the function where only that matters.
  operator const clang::FunctionDecl *() const { return F; }
};

/// \p F, whose walk by \p W exceeded one of \p Limits.
NotFollowed notFollowed(const clang::FunctionDecl *F, const engine::Walker &W,
                        const PathLimits &Limits);

/// "20,000 steps" and the like: what \p N took, for people.
std::string describe(const NotFollowed &N);

/// What the engine did, for tests and for the curious.
struct PathStatistics {
  unsigned Roots = 0;
  unsigned Steps = 0;
  std::vector<NotFollowed> GivenUp;
};

/// Walks all paths of the TU and returns what is wrong, in source order.
std::vector<Finding> findOnPaths(const TUModel &Model,
                                 PathStatistics *Statistics = nullptr,
                                 const PathLimits &Limits = {},
                                 std::vector<Silence> *Silences = nullptr);

/// The life of one structure with a vfio_device on one way out of a function
/// that starts a story.
struct PathLife {
  const clang::FunctionDecl *Root = nullptr;
  const clang::RecordDecl *Record = nullptr;
  bool Fails = false; ///< the way returns an error
  /// The condition that was decided last, null where there was none.
  const clang::Expr *LastBranch = nullptr;
  bool LastBranchTaken = false;
  std::vector<LifeEvent> Events; ///< in the order of a life
};

/// The lives of all structures on all ways out of all roots of \p Model.
/// \p Complete is set to false where a root exceeded a limit, so that lives may
/// be missing.
std::vector<PathLife> livesOnPaths(const TUModel &Model, bool &Complete);

} // namespace vfio

#endif // VFIO_LIFECYCLE_PATHENGINE_H
