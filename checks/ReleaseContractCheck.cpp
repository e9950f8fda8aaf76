//===- ReleaseContractCheck.cpp - What @release must do -------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/ReleaseContractCheck.h"
#include "checks/Fixes.h"
#include "checks/SourceText.h"

using namespace clang;

namespace vfio::checks {

/// Calls \p Function on the parameter of a release that runs straight through,
/// as its last act.
static void appendCall(const Finding &F, StringRef Function,
                       const TUModel &Model, Wording &W) {
  if (F.In && F.In->getNumParams() == 1)
    W.Fixes.append(appendStatement(
        F.In, (Function + "(" + F.In->getParamDecl(0)->getName() + ");").str(),
        Model));
}

/// True where an ops table pairs \p Release with the PCI core's init.
static bool isPciRelease(const FunctionDecl *Release, const TUModel &Model) {
  return llvm::any_of(Model.Ops->tables(), [&](const OpsTable &T) {
    const FunctionDecl *R = T.callback("release");
    const FunctionDecl *I = T.callback("init");
    if (!R || !I || R->getCanonicalDecl() != Release->getCanonicalDecl())
      return false;
    if (const ApiFunction *Api = findApi(I->getName()))
      return Api->Kind == Role::PciInitDev;
    return llvm::any_of(Model.Sites, [&](const Site &S) {
      return S.Api->Kind == Role::PciInitDev &&
             S.In->getCanonicalDecl() == I->getCanonicalDecl();
    });
  });
}

static StringRef freeingFunction(const Finding &F, const TUModel &Model) {
  return F.In && isPciRelease(F.In, Model) ? "vfio_pci_core_release_dev"
                                           : "vfio_free_device";
}

/// Moves the free that \p F tells of to the end of its function.
static void freeLast(const Finding &F, const TUModel &Model, Wording &W) {
  const Site *Free = nullptr;
  for (const Site *S : Model.sitesIn(F.In))
    if (S->Api->Kind == Role::FreeDevice || S->Api->Kind == Role::PciReleaseDev)
      if (std::exchange(Free, S))
        return;
  if (!Free)
    return;
  std::string Text = textOf(Free->Call->getSourceRange(), Model.Ctx);
  auto Append = appendStatement(F.In, Text + ";", Model);
  auto Remove = removeStatement(Free->Call, Model.Ctx);
  if (Text.empty() || Append.empty() || Remove.empty())
    return;
  W.Fixes.append(Remove);
  W.Fixes.append(Append);
}

static std::string leakOf(const Finding &F) {
  if (!F.Resource)
    return "'.release' does not free member '" + F.Detail +
           "', which '.init' allocates: it is leaked with each device";
  return "'.release' does not give back " + describe(*F.Resource).str() +
         " that '.init' takes by '" + F.Detail +
         "': it is lost with each device";
}

std::optional<Wording> ReleaseContractCheck::wordFinding(const Finding &F,
                                                         const TUModel &Model) {
  Wording W;
  switch (F.Kind) {
  case FindingKind::ReleaseNeverFrees:
    W.Message = "'.release' does not free the structure, which in this kernel "
                "only the driver can do: call '" +
                freeingFunction(F, Model).str() + "' last";
    appendCall(F, freeingFunction(F, Model), Model, W);
    return W;
  case FindingKind::ReleaseSometimesFrees:
    W.Message =
        "'.release' does not free the structure on this path, though it "
        "does on others: it is leaked";
    return W;
  case FindingKind::ReleaseFreesTwice:
    W.Message = "'.release' frees this a second time";
    if (!F.Notes.empty() &&
        alwaysFollows(F.At, F.Notes.front().Where, F.In, Model))
      W.Fixes.append(removeStatement(F.At, Model.Ctx));
    return W;
  case FindingKind::ReleaseUsesFreed:
    W.Message = "the structure is used after '.release' has freed it: freeing "
                "it must be the last thing done";
    freeLast(F, Model, W);
    return W;
  case FindingKind::ReleaseFrees:
    W.Message = "'.release' frees the structure, but in this kernel core frees "
                "it after '.release' returns: it is freed twice";
    W.Fixes.append(removeStatement(F.At, Model.Ctx));
    return W;
  case FindingKind::ReleaseSkipsCore:
    W.Message = F.Of == Finding::Case::Sometimes
                    ? "'.release' does not always call "
                      "'vfio_pci_core_release_dev', though '.init' calls "
                      "'vfio_pci_core_init_dev': what the PCI core holds is "
                      "leaked"
                    : "'.release' does not call 'vfio_pci_core_release_dev', "
                      "though '.init' calls 'vfio_pci_core_init_dev': what the "
                      "PCI core holds is leaked";
    if (!driverFrees(Model.Gen) && F.Of == Finding::Case::Plain)
      appendCall(F, "vfio_pci_core_release_dev", Model, W);
    return W;
  case FindingKind::ReleasePuts:
    W.Message = "'.release' puts the device, whose last reference is already "
                "gone: the count underflows";
    W.Fixes.append(removeStatement(F.At, Model.Ctx));
    return W;
  case FindingKind::ReleaseRegisters:
    W.Message = "'.release' registers a device that is about to be freed";
    return W;
  case FindingKind::ReleaseUnregisters:
    W.Message = "'.release' unregisters the device, but it runs only after the "
                "last reference is gone: unregister it where the driver is "
                "removed";
    return W;
  case FindingKind::ReleaseLeaks:
    W.Message = leakOf(F);
    return W;
  default:
    return std::nullopt;
  }
}

} // namespace vfio::checks
