//===- OpenContractCheck.cpp - What an open device gives back -------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/OpenContractCheck.h"

using namespace clang;

namespace vfio::checks {

std::optional<Wording> OpenContractCheck::word(const Remark &R,
                                               const TUModel &) {
  switch (R.Kind) {
  case RemarkKind::OpenKeeps:
    return Wording{takenBy(R) + " is not given back when '.open_device' fails "
                                "here, and core does not call '.close_device' "
                                "then",
                   {}};
  case RemarkKind::CloseKeeps:
    return Wording{
        neverGiven(R, (R.Function ? quoted(R.Function) + " does not"
                                  : "there is no '.close_device'") +
                          ", and neither '.release' nor remove does"),
        {}};
  case RemarkKind::GivesNotTaken:
    return Wording{describe(R.Resource).str() +
                       " is given back here on a way on which " +
                       quoted(R.Function) + " has not taken it, and fails",
                   {}};
  case RemarkKind::LostHere:
    return Wording{takenBy(R) + " is lost when " + quoted(R.Function) +
                       " returns here: nothing has it, and nothing gave it "
                       "back",
                   {}};
  case RemarkKind::MemberKept:
    return Wording{takenBy(R) + " and kept in " + quoted(R.Member) +
                       " is lost: " + quoted(R.Function) +
                       " frees the structure, and nothing gives back what it "
                       "has there",
                   {}};
  case RemarkKind::CloseSometimes:
    return Wording{takenBy(R) + " is not always given back: whether " +
                       quoted(R.Function) + " does it depends on " +
                       quoted(R.Member) +
                       ", which the open device changes, and '.open_device' "
                       "takes it in any case",
                   {}};
  default:
    return std::nullopt;
  }
}

} // namespace vfio::checks
