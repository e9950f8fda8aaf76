//===- CoreRulesCheck.cpp - A check ---------------------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/CoreRulesCheck.h"
#include "checks/Fixes.h"
#include "checks/SourceText.h"
#include "contracts/Iommufd.h"
#include "lifecycle/CoreRules.h"
#include "clang/Lex/Lexer.h"

using namespace clang;

namespace vfio::checks {

/// What is wrong with an ops table.
static std::string tableMessage(const Remark &R) {
  std::string Table = quoted(R.Subject);
  std::string Member = R.Member ? "'." + R.Member->getNameAsString() + "'" : "";
  switch (R.Kind) {
  case RemarkKind::IommufdMissing:
    return "ops table " + Table + " has no " + Member +
           ": where the kernel has CONFIG_IOMMUFD, core refuses to register "
           "the device";
  case RemarkKind::IommufdHalf:
    return "ops table " + Table +
           " has some of the iommufd operations, but no " + Member +
           ": core refuses to register the device";
  case RemarkKind::IommufdFamily:
    // Where the kernel has the option off, its helpers are no functions.
    return (R.Function ? quoted(R.Function) : Member) + " in " + Table +
           " does not fit the way the device is registered: "
           "'vfio_iommufd_emulated_*' goes with "
           "'vfio_register_emulated_iommu_dev', 'vfio_iommufd_physical_*' with "
           "the others";
  case RemarkKind::PinsNoUnmap:
    return "ops table " + Table +
           " has no '.dma_unmap', but its device pins pages: core refuses to "
           "pin them";
  case RemarkKind::MigrationOp:
  case RemarkKind::LogOp:
    return Table + " has no " + Member +
           ": core refuses to register a device with such a table";
  case RemarkKind::MigrationNoFlags:
    return "'mig_ops' is set, but nothing sets 'migration_flags': without "
           "'VFIO_MIGRATION_STOP_COPY' core refuses to register the device";
  case RemarkKind::MigrationNoStop:
    return "'migration_flags' lacks 'VFIO_MIGRATION_STOP_COPY', without which "
           "core refuses to register the device";
  default:
    return "";
  }
}

/// What is wrong with a PCI variant driver.
static std::string pciMessage(const Remark &R) {
  switch (R.Kind) {
  case RemarkKind::PciNoInit:
    return R.Function
               ? "'.init' does not call 'vfio_pci_core_init_dev', so core's "
                 "part of the device is never set up"
               : "ops table " + quoted(R.Subject) +
                     " of a PCI device has no '.init': without "
                     "'vfio_pci_core_init_dev' core's part of the device is "
                     "never set up";
  case RemarkKind::DrvdataNever:
    return "the PCI device's drvdata is not set before "
           "'vfio_pci_core_register_device', which refuses a device that it "
           "does not find there";
  case RemarkKind::DrvdataLate:
    return "the PCI device's drvdata is set only after "
           "'vfio_pci_core_register_device', which refuses a device that it "
           "does not find there";
  case RemarkKind::DrvdataSometimes:
    return "the PCI device's drvdata is set only where '" +
           R.Member->getName().str() +
           "' says so, and 'vfio_pci_core_register_device' refuses a device "
           "that it does not find there";
  case RemarkKind::DrvdataWrong:
    return "the PCI device's drvdata must be the 'vfio_pci_core_device', and "
           "this is something else: 'vfio_pci_core_register_device' refuses "
           "it";
  case RemarkKind::DrvdataCleared:
    return "the PCI device's drvdata is cleared while the device is still "
           "registered: core looks there until "
           "'vfio_pci_core_unregister_device' returns";
  case RemarkKind::OpenNoFinish:
    return "'.open_device' enables the device, but never calls "
           "'vfio_pci_core_finish_enable': its INTx and regions are never "
           "ready";
  case RemarkKind::CloseNotCore:
    return "'.close_device' does not call 'vfio_pci_core_close_device': the "
           "device stays enabled";
  case RemarkKind::CloseSkipsCore:
    return "'.close_device' does not always call "
           "'vfio_pci_core_close_device': then the device stays enabled";
  case RemarkKind::CloseMissing:
    return "ops table " + quoted(R.Subject) +
           " has no '.close_device', but its '.open_device' enables the "
           "device: it stays enabled";
  default:
    return "";
  }
}

/// What is there too late.
static std::string timeMessage(const Remark &R) {
  switch (R.Kind) {
  case RemarkKind::NoIommuGroup:
    return "a mediated device has no IOMMU group, so "
           "'vfio_register_group_dev' fails: call "
           "'vfio_register_emulated_iommu_dev'";
  case RemarkKind::InitReads:
    return "'.init' uses " + quoted(R.Member) +
           ", which probe sets only after 'vfio_alloc_device', and so after "
           "'.init'";
  case RemarkKind::SetLate:
    return quoted(R.Member) + " is set after the device was registered, but " +
           quoted(R.Function) + ", which user space can call by then, uses it";
  default:
    return "";
  }
}

void CoreRulesCheck::collect(const TUModel &Model, Remarks &Out) {
  if (!hasNewModel(Model.Gen))
    return;
  judgeCoreTables(Model, Out);
  judgePciRules(Model, Out);
  judgeTooLate(Model, Out);
}

/// The helper of the other family, where this one is written there itself.
static llvm::SmallVector<FixItHint, 2> otherFamily(const Remark &R,
                                                   const ASTContext &Ctx) {
  if (R.Kind != RemarkKind::IommufdFamily)
    return {};
  const SourceManager &SM = Ctx.getSourceManager();
  CharSourceRange Whole =
      SM.getExpansionRange(R.At->IgnoreImpCasts()->getSourceRange());
  StringRef Text = Lexer::getSourceText(Whole, SM, Ctx.getLangOpts());
  StringRef Other = ofOtherFamily(Text);
  if (Other.empty())
    return {};
  return {FixItHint::CreateReplacement(Whole, Other)};
}

std::optional<Wording> CoreRulesCheck::word(const Remark &R,
                                            const TUModel &Model) {
  for (std::string Text : {tableMessage(R), pciMessage(R), timeMessage(R)})
    if (!Text.empty())
      return Wording{std::move(Text), otherFamily(R, Model.Ctx)};
  return std::nullopt;
}

} // namespace vfio::checks
