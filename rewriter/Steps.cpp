//===- Steps.cpp - The list of steps --------------------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "rewriter/Steps.h"
#include "llvm/ADT/StringExtras.h"

namespace vfio::rewriter {

namespace {
struct Row {
  llvm::StringRef Name, What, Why;
};
} // namespace

static constexpr Row Rows[] = {
#define STEP(ID, WHAT, WHY) {#ID, WHAT, WHY},
#include "rewriter/Steps.def"
};

static const Row &rowOf(StepId Id) { return Rows[static_cast<size_t>(Id)]; }

Step makeStep(StepId Id, Place Where, llvm::ArrayRef<std::string> Arguments) {
  const Row &R = rowOf(Id);
  std::string What = R.What.str();
  for (size_t I = 0; I < Arguments.size(); ++I) {
    std::string Hole = "{" + llvm::utostr(I) + "}";
    if (size_t At = What.find(Hole); At != std::string::npos)
      What.replace(At, Hole.size(), Arguments[I]);
  }
  return {R.Name.str(), std::move(Where), std::move(What), R.Why.str()};
}

bool isStep(const Step &S, StepId Id) { return S.Name == rowOf(Id).Name; }

} // namespace vfio::rewriter
