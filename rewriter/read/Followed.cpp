//===- Followed.cpp - Paths that lead from one unit into another ----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a driver's function does to the structure can depend on the way it goes,
// and then so does what its caller in another file has to do. Whoever compares
// the two sides of a conversion follows such calls: the other units'
// definitions are brought into the tree of each.
//
//===----------------------------------------------------------------------===//

#include "lifecycle/GlobalNames.h"
#include "rewriter/read/Program.h"

using namespace clang;

namespace vfio::rewriter {

namespace {
/// The other units of a program.
class OtherUnits : public ProgramSources {
public:
  OtherUnits(const Program &P, const Unit &Mine) : P(P), Mine(Mine) {}

  Answer naming(llvm::StringRef) override {
    Answer A;
    for (const auto &U : P.Units)
      if (U.get() != &Mine)
        A.Own.push_back(&U->TU->context());
    return A;
  }
  Answer defining(llvm::StringRef Name) override { return naming(Name); }
  bool wantsUsers() const override { return true; }

private:
  const Program &P;
  const Unit &Mine;
};
} // namespace

void Program::followEachOther() {
  for (const auto &U : Units)
    U->Others = std::make_unique<OtherUnits>(*this, *U);
}

bool Program::handsAcross(const std::set<std::string> &Parts) const {
  auto IsPart = [&](QualType T) {
    const RecordDecl *R = pointeeRecord(T);
    return R && (isVfioDevice(R) || Parts.count(R->getNameAsString()));
  };
  for (const auto &Entry : Calls)
    for (const CallSite &C : Entry.second) {
      Definition To = callee(*C.U, C.Call);
      if (!To || To.U == C.U)
        continue;
      if (IsPart(C.Call->getType()) ||
          llvm::any_of(C.Call->arguments(), [&](const Expr *Arg) {
            return IsPart(Arg->IgnoreParenImpCasts()->getType());
          }))
        return true;
    }
  return false;
}

std::shared_ptr<const TUModel> Unit::shared() const {
  // Only when it is asked for: what plans the change sees the tree as parsed.
  if (Others && !Followed) {
    ParserNames Names(TU->context(), &TU->preprocessor());
    Followed = buildModel(TU->context(), Others.get());
  }
  return Followed;
}

const TUModel &Unit::followed() const { return Others ? *shared() : *Model; }

} // namespace vfio::rewriter
