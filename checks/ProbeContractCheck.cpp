//===- ProbeContractCheck.cpp - What probe and module init give back ------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/ProbeContractCheck.h"

using namespace clang;

namespace vfio::checks {

std::optional<Wording> ProbeContractCheck::word(const Remark &R,
                                                const TUModel &) {
  switch (R.Kind) {
  case RemarkKind::ProbeKeeps:
    return Wording{takenBy(R) + " is not given back when probe fails here, and "
                                "remove is not called then",
                   {}};
  case RemarkKind::InitKeeps:
    return Wording{takenBy(R) + " is not given back when '.init' fails here, "
                                "and '.release' is not called then",
                   {}};
  case RemarkKind::ReleaseKeeps:
    if (R.OnlyFirst)
      return Wording{neverGiven(R, ""), {}};
    return Wording{takenBy(R) + " in '.init' is never given back: " +
                       (R.Function ? quoted(R.Function) + " does not"
                                   : "there is no '.release'") +
                       ", and neither does remove",
                   {}};
  case RemarkKind::RemoveKeeps:
    return Wording{neverGiven(R, (R.Function ? quoted(R.Function) + " does not"
                                             : "there is no remove") +
                                     ", and neither does '.release'"),
                   {}};
  case RemarkKind::RemoveSometimes:
    return Wording{takenBy(R) + " is not always given back: whether " +
                       quoted(R.Function) + " does it depends on " +
                       quoted(R.Member) +
                       ", which was set before, and probe takes it in any case",
                   {}};
  case RemarkKind::ModuleKeeps:
    return Wording{takenBy(R) + " is not given back when the module's start "
                                "fails here, and its exit is not called then",
                   {}};
  case RemarkKind::ExitKeeps:
    return Wording{neverGiven(R, (R.Function ? quoted(R.Function) + " does not"
                                             : "there is no module exit")),
                   {}};
  case RemarkKind::ParameterChanges:
    return Wording{takenBy(R) + " is given back here only where " +
                       quoted(R.Subject) +
                       " says so, as it was taken; but that is a module "
                       "parameter that user space can change in between: keep "
                       "in the structure what was taken",
                   {}};
  case RemarkKind::GoneTooEarly:
    return Wording{quoted(R.Member) +
                       " is given back while the device is registered, but " +
                       quoted(R.Function) +
                       ", which user space can still call, uses it",
                   {}};
  case RemarkKind::GoneBeforeDriver:
    return Wording{quoted(R.Subject) +
                       " is given back while the driver is registered, and "
                       "its devices use it",
                   {}};
  default:
    return std::nullopt;
  }
}

} // namespace vfio::checks
