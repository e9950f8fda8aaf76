//===- ContractCheck.h - The life of another subsystem's devices ----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CHECKS_CONTRACTCHECK_H
#define VFIO_CHECKS_CONTRACTCHECK_H

#include "checks/FindingCheck.h"

namespace vfio::checks {

/// lifecycle-vdpa and its like: one for each contract of OtherContracts.def.
class ContractCheck : public FindingCheck {
public:
  ContractCheck(llvm::StringRef Name, clang::tidy::ClangTidyContext *Context,
                const Contract &Of)
      : FindingCheck(Name, Context), Of(Of) {}

protected:
  const Contract &contract() const override { return Of; }
  std::optional<Wording> wordFinding(const Finding &F,
                                     const TUModel &Model) override;

private:
  const Contract &Of;
};

} // namespace vfio::checks

#endif // VFIO_CHECKS_CONTRACTCHECK_H
