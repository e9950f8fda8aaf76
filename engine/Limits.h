//===- Limits.h - How much work a walk may cost ---------------------------===//
//
// Part of the life-cycle tools, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef ENGINE_LIMITS_H
#define ENGINE_LIMITS_H

namespace engine {

/// What ended a walk before it had seen all paths.
enum class Exceeded {
  Nothing,
  Steps,  ///< too many statements
  States, ///< too many states that say different things, at one place
  Graph   ///< clang makes no graph of a function
};

/// How much work a root function may cost before it is given up.
struct Limits {
  unsigned StatesPerBlock = 48;
  unsigned Steps = 60000; ///< statements evaluated, inlined ones included
  /// More of them for a large function: this many for each of its elements.
  unsigned StepsPerElement = 8;
  unsigned Depth = 6; ///< of inlined calls
  /// From a few states at one place on, those are merged that differ in what
  /// they hold: what only one of them does is lost sight of, unless it lasts.
  bool Coarse = false;
};

} // namespace engine

#endif // ENGINE_LIMITS_H
