//===- ConvertHalf.cpp - A driver that somebody has begun to convert ------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The structure comes from vfio_alloc_device already. Each end of the old model
// becomes the put. Where the old model's init prepares it a second time and is
// given the same, it goes; where it is given something else nobody but the
// author can tell which is meant.
//
//===----------------------------------------------------------------------===//

#include "lifecycle/ASTVisitor.h"
#include "rewriter/Conversion.h"
#include "rewriter/read/NullTest.h"

using namespace clang;

namespace vfio::rewriter {

static bool isHalf(const AllocSite &A) {
  return A.Api->Kind == Role::AllocDevice;
}

/// A device in memory of the driver's own: what waits for its last put before
/// the memory goes is the author's to write.
void Conversion::refuseInPlace() {
  const SiteRef &End = D.first();
  SourceLocation Loc = End.S->Call->getBeginLoc();
  refuse(RefusalId::HalfMigrated, *End.U, Loc,
         "the device is prepared by vfio_init_device(), and " +
             (isOldUninit(End.S->Api->Kind)
                  ? "ended here by " + End.S->Api->Name.str() +
                        "() of the old model"
                  : "its structure is freed here without a put of the device") +
             ": only its last put calls .release",
         "put the device by vfio_put_device(), and free the structure when "
         ".release has run");
}

/// True where the structure that ends at \p R is allocated in the new way.
bool Conversion::isHalfDone(const SiteRef &R) const {
  return !R.From.empty() && llvm::all_of(R.From, [&](unsigned A) {
    return isHalf(Flow.allocs()[A]);
  });
}

/// True where the function of \p Uninit puts the device behind it.
bool Conversion::putLater(const SiteRef &Uninit) const {
  SourceManager &SM = Uninit.U->sources();
  return llvm::any_of(
      Uninit.U->Model->sitesIn(Uninit.S->In), [&](const Site *S) {
        return S->Api->Kind == Role::PutDevice &&
               SM.isBeforeInTranslationUnit(Uninit.S->Call->getBeginLoc(),
                                            S->Call->getBeginLoc());
      });
}

/// True where \p S tests \p X by IS_ERR.
static bool testsError(const Stmt *S, llvm::StringRef X) {
  struct Finder : ASTVisitor<Finder> {
    llvm::StringRef X;
    bool Found = false;
    bool VisitCallExpr(CallExpr *Call) ENGINE_OVERRIDE {
      if (roleOf(*Call) == Role::IsErr && Call->getNumArgs() == 1)
        if (const VarDecl *V = namedVar(Call->getArg(0)))
          Found |= V->getName() == X;
      return true;
    }
  } F;
  F.X = X;
  F.TraverseStmt(const_cast<Stmt *>(S));
  return F.Found;
}

/// Why it is not certain what is missing; empty where it is.
std::string Conversion::whyNotFinished(const AllocSite &A,
                                       const std::vector<SiteRef> &Inits,
                                       const Expr *Allocated) const {
  std::optional<AllocDevice> New =
      matchAllocDevice(Allocated, A.U->Model->Ctx);
  if (!New)
    return "the allocation is not a plain vfio_alloc_device()";
  if (!llvm::all_of(D.Allocs,
                    [&](unsigned I) { return isHalf(Flow.allocs()[I]); }))
    return "another place allocates the structure in the old way";
  auto Text = [&](const Unit &U, const Expr *E) {
    return U.text(E->getSourceRange());
  };
  for (const SiteRef &Init : Inits) {
    const Expr *Ops = Init.S->Call->getArg(Init.S->Api->Ops);
    if (Init.U != A.U || Init.S->In != A.In)
      return "the old init is in another function than the allocation";
    if (deviceArgument(Init) != Text(*A.U, New->Device))
      return "the two are given different parent devices";
    if (Text(*Init.U, Ops) != Text(*A.U, New->Ops))
      return "the two are given different ops tables";
  }
  return {};
}

/// Takes the old init of \p A away. \p Allocated is the allocation's value, kept
/// in \p X by \p S.
void Conversion::finishHalf(const AllocSite &A,
                            const std::vector<SiteRef> &Inits,
                            const Expr *Allocated, const Stmt *S,
                            llvm::StringRef X) {
  std::string Reason;
  if (!Inits.empty())
    Reason = whyNotFinished(A, Inits, Allocated);
  if (!Reason.empty()) {
    refuse(RefusalId::HalfMigrated, *A.U, A.Call->getBeginLoc(),
           "the structure is allocated by vfio_alloc_device(), which prepares "
           "its device, and the old model's init prepares it a second time: " +
               Reason,
           "drop the init and the uninit, and end the device by "
           "vfio_put_device() alone");
    return;
  }
  for (const SiteRef &Init : Inits) {
    if (Handled.insert(Init.S->Call).second)
      removeCall(*Init.U, Init.S->Call);
    step(StepId::DropInit, *Init.U, Init.S->Call->getBeginLoc(),
         {Init.S->Api->Name.str(), X.str()});
  }
  if (!testsError(A.In->getBody(), X))
    convertNullCheck(A, S, A.Call, X);
}

} // namespace vfio::rewriter
