//===- Unsaid.cpp - What the checks tell besides findings -----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/Unsaid.h"
#include <tuple>

namespace vfio::checks {

UnsaidListener &unsaidListener() {
  static UnsaidListener Listener;
  return Listener;
}

bool Unsaid::operator==(const Unsaid &U) const {
  auto Parts = [](const Unsaid &X) {
    return std::tie(X.What, X.File, X.Line, X.Column, X.Check, X.Subject,
                    X.Why);
  };
  return Parts(*this) == Parts(U);
}

std::string messageOf(const Unsaid &U) {
  if (U.What == Unsaid::NotReported)
    return U.Subject + ": " + U.Why;
  return "'" + U.Subject + "' was not followed to its end (" + U.Why +
         "): that nothing is found there means nothing";
}

} // namespace vfio::checks
