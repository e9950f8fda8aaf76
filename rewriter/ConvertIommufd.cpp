//===- ConvertIommufd.cpp - What core asks of a table from 6.2 on ---------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where CONFIG_IOMMUFD is on, core of 6.2 and later refuses to register a
// device whose table lacks the operations that bind it to an iommufd
// (drivers/vfio/vfio_main.c). Core has them ready: one family for devices that
// an IOMMU stands before, one for those whose driver pins pages itself.
//
//===----------------------------------------------------------------------===//

#include "lifecycle/GlobalNames.h"
#include "rewriter/Conversion.h"
#include "rewriter/render/TableRows.h"

using namespace clang;

namespace vfio::rewriter {

namespace {
/// An operation, and what core's functions for it end in.
struct Operation {
  const char *Member, *Helper;
};
} // namespace

static const Operation Operations[] = {{"bind_iommufd", "bind"},
                                       {"unbind_iommufd", "unbind"},
                                       {"attach_ioas", "attach_ioas"},
                                       {"detach_ioas", "detach_ioas"}};

/// The operations that the structure in \p U's headers has: those of the target
/// came with it.
static std::vector<Operation> declaredIn(const Unit &U) {
  std::vector<Operation> Out;
  const RecordDecl *Ops = globalRecord(U.Model->Ctx, "vfio_device_ops");
  for (const Operation &O : Operations)
    if (Ops && llvm::any_of(Ops->fields(), [&](const FieldDecl *F) {
          return F->getName() == O.Member;
        }))
      Out.push_back(O);
  return Out;
}

/// "emulated" or "physical", as the devices of \p D are registered; empty where
/// some are registered by the one and some by the other function.
static llvm::StringRef familyOf(const OldDriver &D,
                                llvm::ArrayRef<Step> Plan) {
  bool Emulated = false, Physical = false;
  for (const SiteRef &R : D.Registers)
    (R.S->Api->Name == "vfio_register_emulated_iommu_dev" ? Emulated
                                                          : Physical) = true;
  if (llvm::any_of(Plan,
                   [](const Step &S) { return S.Name == "RegisterEmulated"; }))
    Emulated = true, Physical = false;
  if (Emulated == Physical)
    return {};
  return Emulated ? "emulated" : "physical";
}

void Conversion::addIommufd(const Unit &U, const OpsTable &T) {
  if (To != Target::CoreFrees || !T.Init ||
      llvm::any_of(Operations,
                   [&](const Operation &O) { return T.find(O.Member); }))
    return;
  llvm::StringRef Family = familyOf(D, Plan);
  std::vector<Operation> Declared = declaredIn(U);
  if (Declared.empty() || Family.empty()) {
    std::string Why = Declared.empty()
                          ? "these headers do not declare them"
                          : "its devices are registered in more than one way";
    Remarks.push_back(
        "from 6.2 on, where CONFIG_IOMMUFD is on, core refuses a table without "
        ".bind_iommufd, .unbind_iommufd, .attach_ioas and .detach_ioas: add "
        "them to " +
        T.name().str() + ", as " + Why);
    return;
  }
  std::vector<TableRow> Rows;
  for (const Operation &O : Declared)
    Rows.push_back(
        {O.Member, ("vfio_iommufd_" + Family + "_" + O.Helper).str()});
  SourceLocation Loc = T.Var->getLocation();
  if (!edit(U, U.range(T.Init->getSourceRange()), Loc))
    return;
  appendRows(Edits, U, T, Rows);
  step("AddIommufd", U, Loc,
       "set the iommufd operations of " + T.name().str() +
           " to core's functions for " +
           (Family == "emulated" ? "emulated" : "physical") + " devices",
       "from 6.2 on core refuses to register a device without them, where "
       "CONFIG_IOMMUFD is on");
}

} // namespace vfio::rewriter
