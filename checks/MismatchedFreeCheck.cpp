//===- MismatchedFreeCheck.cpp - A device freed by the wrong allocator ----===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/MismatchedFreeCheck.h"
#include "checks/SourceText.h"
#include "lifecycle/Owners.h"

using namespace clang;

namespace vfio::checks {

/// The call that allocates a \p R in the new model in this TU, or null.
static const Site *allocationOf(const TUModel &Model, const RecordDecl *R) {
  for (const Site &S : Model.Sites)
    if (S.Api->Kind == Role::AllocDevice && S.Device.Record &&
        S.Device.Record.Record->getCanonicalDecl() == R->getCanonicalDecl())
      return &S;
  return nullptr;
}

/// True where the driver allocates a \p R by itself as well.
static bool isHandAllocated(const TUModel &Model, const RecordDecl *R) {
  return llvm::any_of(Model.Sites, [&](const Site &S) {
    return (S.Api->Kind == Role::Allocate ||
            S.Api->Kind == Role::DevmAllocate) &&
           S.Device.Record &&
           S.Device.Record.Record->getCanonicalDecl() == R->getCanonicalDecl();
  });
}

static bool isRelease(const TUModel &Model, const FunctionDecl *F) {
  return llvm::any_of(Model.Ops->tables(), [&](const OpsTable &T) {
    const FunctionDecl *R = T.callback("release");
    return R && R->getCanonicalDecl() == F->getCanonicalDecl();
  });
}

void MismatchedFreeCheck::report(const TUModel &Model, ASTContext &Context) {
  if (!hasNewModel(Model.Gen))
    return;
  for (const Site &S : Model.Sites) {
    if (!isFree(S.Api->Kind) || !S.Device.Record || !S.Device.IsContainer)
      continue;
    const RecordDecl *R = S.Device.Record.Record;
    const Site *Alloc = allocationOf(Model, R);
    if (!Alloc || isHandAllocated(Model, R))
      continue;
    bool InRelease = isRelease(Model, S.In);
    StringRef Instead = InRelease ? "vfio_free_device" : "vfio_put_device";
    const Expr *Arg = S.Call->getArg(S.Api->Subject);
    std::string Device = spellVfioDevice(Arg, Context);
    {
      auto Diag = diag(S.Call->getExprLoc(),
                       "%0 was allocated by 'vfio_alloc_device' and is freed "
                       "by %1: core's references and its own allocator are "
                       "passed over; use '%2'")
                  << nameOf(R) << S.Call->getDirectCallee() << Instead;
      if (!Device.empty() && isEditable(S.Call->getSourceRange(), Context) &&
          (!InRelease || driverFrees(Model.Gen)))
        Diag << FixItHint::CreateReplacement(
            S.Call->getSourceRange(), (Instead + "(" + Device + ")").str());
    }
    diag(Alloc->Call->getExprLoc(), "allocated here", DiagnosticIDs::Note);
  }
}

} // namespace vfio::checks
