//===- InitContractCheck.cpp - What @init must undo -----------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/InitContractCheck.h"
#include "checks/SourceText.h"

using namespace clang;

namespace vfio::checks {

std::optional<Wording> InitContractCheck::wordFinding(const Finding &F,
                                                      const TUModel &Model) {
  Wording W;
  switch (F.Kind) {
  case FindingKind::InitLeaks:
    W.Message =
        (F.Resource
             ? describe(*F.Resource).str() + " taken by '" + F.Detail + "'"
             : "the memory from '" + F.Detail + "'") +
        " is not given back when '.init' fails here, and core does not call "
        "'.release' then";
    return W;
  case FindingKind::InitFrees:
    W.Message = "'.init' frees the structure, which core frees itself when "
                "'.init' fails";
    W.Fixes.append(removeStatement(F.At, Model.Ctx));
    return W;
  case FindingKind::InitPuts:
    W.Message = "'.init' puts a device that has no reference yet: core frees "
                "the structure itself when '.init' fails";
    W.Fixes.append(removeStatement(F.At, Model.Ctx));
    return W;
  case FindingKind::InitRegisters:
    W.Message = "'.init' registers the device before core has finished "
                "allocating it";
    return W;
  default:
    return std::nullopt;
  }
}

} // namespace vfio::checks
