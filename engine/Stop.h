//===- Stop.h - Ending walks that nobody waits for any more ---------------===//
//
// Part of the life-cycle tools, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef ENGINE_STOP_H
#define ENGINE_STOP_H

#include <utility>

namespace engine {

/// While it stands, the walks of this thread end, as if out of steps, as soon
/// as \p When says so. What they found is not all then.
class StopWhen {
public:
  using Question = bool (*)();

  /// \p When may be null, for never.
  explicit StopWhen(Question When) : Outer(std::exchange(Innermost, When)) {}
  ~StopWhen() { Innermost = Outer; }
  StopWhen(const StopWhen &) = delete;
  StopWhen &operator=(const StopWhen &) = delete;

  static bool isNow() { return Innermost && Innermost(); }

private:
  static inline thread_local Question Innermost = nullptr;
  Question Outer;
};

} // namespace engine

#endif // ENGINE_STOP_H
