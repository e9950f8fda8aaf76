//===- Damage.cpp - What a file with errors still shows -------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/Damage.h"
#include "lifecycle/ASTVisitor.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/STLExtras.h"
#include <map>
#include <mutex>

using namespace clang;

namespace vfio {

static std::mutex Lock;

static std::map<const ASTContext *, std::vector<SourceLocation>> &noted() {
  static std::map<const ASTContext *, std::vector<SourceLocation>> All;
  return All;
}

void noteParseErrors(const ASTContext &Ctx, std::vector<SourceLocation> Where) {
  std::lock_guard<std::mutex> Guard(Lock);
  noted()[&Ctx] = std::move(Where);
}

void forgetParseErrors(const ASTContext &Ctx) {
  std::lock_guard<std::mutex> Guard(Lock);
  noted().erase(&Ctx);
}

Damage::Damage(ASTContext &Ctx) : Ctx(Ctx) {
  std::lock_guard<std::mutex> Guard(Lock);
  auto It = noted().find(&Ctx);
  if (It == noted().end())
    return;
  for (SourceLocation Where : It->second)
    Errors.push_back(Ctx.getSourceManager().getExpansionLoc(Where));
}

namespace {
/// Looks for what clang made up.
class HoleFinder : public ASTVisitor<HoleFinder> {
public:
  bool Found = false;

  bool VisitExpr(Expr *E) ENGINE_OVERRIDE {
    Found |= E->containsErrors();
    return !Found;
  }
  bool VisitDecl(Decl *D) ENGINE_OVERRIDE {
    Found |= D->isInvalidDecl();
    return !Found;
  }
};
} // namespace

bool Damage::reaches(const Decl *D) const {
  if (Errors.empty())
    return false;
  const SourceManager &SM = Ctx.getSourceManager();
  SourceLocation Begin = SM.getExpansionLoc(D->getBeginLoc());
  SourceLocation End = SM.getExpansionRange(D->getEndLoc()).getEnd();
  auto IsInside = [&](SourceLocation Where) {
    return Where.isValid() && !SM.isBeforeInTranslationUnit(Where, Begin) &&
           !SM.isBeforeInTranslationUnit(End, Where);
  };
  if (D->isInvalidDecl() || llvm::any_of(Errors, IsInside))
    return true;
  HoleFinder Finder;
  Finder.TraverseDecl(const_cast<Decl *>(D));
  return Finder.Found;
}

} // namespace vfio
