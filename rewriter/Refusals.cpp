//===- Refusals.cpp - The list of reasons to refuse -----------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "rewriter/Refusals.h"
#include "llvm/ADT/STLExtras.h"

namespace vfio::rewriter {

static constexpr RefusalKind Kinds[] = {
#define REFUSAL(NAME, ID, MEANING, WHAT_TO_DO) {ID, MEANING, WHAT_TO_DO},
#include "rewriter/Refusals.def"
};

llvm::ArrayRef<RefusalKind> refusalKinds() { return Kinds; }

const RefusalKind &refusalKind(RefusalId Id) {
  return Kinds[static_cast<size_t>(Id)];
}

std::optional<RefusalId> findRefusal(llvm::StringRef Id) {
  const auto *It =
      llvm::find_if(Kinds, [&](const RefusalKind &K) { return K.Id == Id; });
  if (It == std::end(Kinds))
    return std::nullopt;
  return static_cast<RefusalId>(It - std::begin(Kinds));
}

Refusal makeRefusal(RefusalId Id, Place Where, llvm::StringRef Reason,
                    llvm::StringRef WhatToDo) {
  const RefusalKind &Kind = refusalKind(Id);
  return {Id, std::move(Where), (Reason.empty() ? Kind.Meaning : Reason).str(),
          (WhatToDo.empty() ? Kind.WhatToDo : WhatToDo).str()};
}

void refuse(DriverResult &Driver, Refusal Why) {
  Driver.Outcome = Status::Refused;
  Driver.Refusals.push_back(std::move(Why));
  Driver.Changes.clear();
  Driver.Plan.clear();
  Driver.Events.clear();
  Driver.BugsRemoved.clear();
  Driver.Proof.clear();
}

} // namespace vfio::rewriter
