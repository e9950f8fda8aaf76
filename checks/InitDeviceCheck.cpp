//===- InitDeviceCheck.cpp - vfio_init_device where it has no business ----===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/InitDeviceCheck.h"
#include "checks/SourceText.h"
#include "contracts/Waits.h"
#include "lifecycle/ASTVisitor.h"

using namespace clang;

namespace vfio::checks {

/// True where \p F tells somebody that the device is gone: how a structure
/// that outlives its device is made safe.
static bool signalsCompletion(const FunctionDecl *F) {
  struct Finder : ASTVisitor<Finder> {
    bool Found = false;
    bool VisitCallExpr(CallExpr *Call) ENGINE_OVERRIDE {
      const FunctionDecl *D = Call->getDirectCallee();
      Found |=
          D && D->getIdentifier() && waitOf(D->getName()) == Wait::Completes;
      return !Found;
    }
  } Finder;
  Finder.TraverseStmt(F->getBody());
  return Finder.Found;
}

/// True where the structure's owner is told of the device's end, by the
/// release of every table that the call can mean.
static bool outlivesItsDevice(const TUModel &Model, const Site &S) {
  if (S.Ops.Tables.empty())
    return true; // a table that is not shown here
  return llvm::all_of(S.Ops.Tables, [&](const OpsTable *T) {
    const FunctionDecl *Release = T->callback("release");
    if (const FunctionDecl *R = Model.definition(Release))
      return signalsCompletion(R);
    // One with errors in it may be right.
    return Release && llvm::any_of(Model.Damaged, [&](const FunctionDecl *F) {
             return F->getCanonicalDecl() == Release->getCanonicalDecl();
           });
  });
}

/// The call that allocates a structure like the one of \p S by hand, or null.
static const Site *allocationOf(const TUModel &Model, const Site &S) {
  if (!S.Device.Record)
    return nullptr;
  for (const Site &Other : Model.Sites)
    if ((Other.Api->Kind == Role::Allocate ||
         Other.Api->Kind == Role::DevmAllocate) &&
        Other.Device.Record &&
        Other.Device.Record.Record == S.Device.Record.Record)
      return &Other;
  return nullptr;
}

void InitDeviceCheck::report(const TUModel &Model, ASTContext &Context) {
  for (const Site &S : Model.Sites) {
    if (S.Api->Kind != Role::InitDevice || outlivesItsDevice(Model, S))
      continue;
    diag(S.Call->getExprLoc(),
         "'vfio_init_device' is for a structure that outlives its device, as "
         "vfio-ccw's does; allocate %0 with 'vfio_alloc_device'")
        << (S.Device.Record ? nameOf(S.Device.Record.Record)
                            : std::string("the structure"));
    if (const Site *Alloc = allocationOf(Model, S))
      diag(Alloc->Call->getExprLoc(), "allocated by the driver here",
           DiagnosticIDs::Note);
  }
  for (const Finding &F : Model.findings()) {
    if (F.Kind != FindingKind::HandAllocatedInNewModel)
      continue;
    diag(F.Where,
         "%0 is registered, but was not made by 'vfio_alloc_device': core's "
         "reference count and completion in it are not set up")
        << (F.Record ? nameOf(F.Record) : std::string("the structure"));
    if (F.Allocation)
      diag(F.Allocation->getExprLoc(), "allocated by the driver here",
           DiagnosticIDs::Note);
  }
}

} // namespace vfio::checks
