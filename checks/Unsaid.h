//===- Unsaid.h - What the checks tell besides findings -------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// That nothing was found means little where a function was not followed to its
// end; and what looks wrong is not reported where something may excuse it. A
// program that lists such things asks for them here.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CHECKS_UNSAID_H
#define VFIO_CHECKS_UNSAID_H

#include "llvm/ADT/StringRef.h"
#include <functional>
#include <string>

namespace vfio::checks {

/// Something that was not found out, or not reported.
struct Unsaid {
  enum Sort {
    NotFollowed, ///< a function, to its end
    NotReported  ///< what looks wrong
  } What = NotFollowed;
  std::string File; ///< as the compiler names it
  unsigned Line = 0, Column = 0;
  std::string Check;   ///< of what was not reported
  std::string Subject; ///< the function's name; what looks wrong, in words
  std::string Why;     ///< the limit; the excuse

  bool operator==(const Unsaid &U) const;
};

/// "'foo_probe' was not followed to its end (20,000 steps): ...".
std::string messageOf(const Unsaid &U);

/// Who hears of what was not said, in this program. To be set before the first
/// check runs.
struct UnsaidListener {
  /// Of functions that were not followed; a remark at the function where empty.
  std::function<void(Unsaid)> NotFollowed;
  /// Of what was not reported; nobody is told where empty.
  std::function<void(Unsaid)> NotReported;
};
UnsaidListener &unsaidListener();

} // namespace vfio::checks

#endif // VFIO_CHECKS_UNSAID_H
