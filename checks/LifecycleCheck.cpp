//===- LifecycleCheck.cpp - A device's life along the paths of a driver ---===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/LifecycleCheck.h"
#include "checks/Fixes.h"
#include "checks/HalfMigrated.h"
#include "checks/SourceText.h"

using namespace clang;

namespace vfio::checks {

/// What gives a device back in the model that \p Old tells.
static StringRef ending(bool Old) {
  return Old ? "'vfio_uninit_group_dev' and a free" : "'vfio_put_device'";
}

/// What is wrong with a device of the old model.
static std::string messageForOld(const Finding &F, const std::string &Device) {
  switch (F.Kind) {
  case FindingKind::OldLeak:
    return Device + (F.Of == Finding::Case::ByHand
                         ? " is not freed on this path, so it is leaked"
                         : " is not uninitialised on this path, so its device "
                           "set is leaked");
  case FindingKind::OldFreeWithoutUninit:
    return Device + " is freed without '" + F.Detail +
           "' before it, so its device set keeps a pointer to freed memory";
  case FindingKind::OldUninitRegistered:
    return Device + " is uninitialised while it is registered; unregister it "
                    "first";
  case FindingKind::OldDoubleUninit:
    return Device + " is uninitialised a second time";
  default:
    return "";
  }
}

/// What is wrong with the registration of a device.
static std::string messageForRegistration(const Finding &F,
                                          const TUModel &Model,
                                          const std::string &Device) {
  std::string Structure = structureOf(F, Model);
  switch (F.Kind) {
  case FindingKind::LeakRegistered:
    return Device + " stays registered on this failing path, so user space can "
                    "open a device that its driver has given up";
  case FindingKind::NeverUnregistered:
    return "this function ends the driver's hold of the device, but never "
           "unregisters " +
           (Structure.empty() ? "it" : "the " + Structure) +
           ", so user space can go on using it";
  case FindingKind::NeverRemoved:
    return "probe registers " +
           (Structure.empty() ? "a device" : "the " + Structure) +
           ", but this driver has no '.remove' to unregister and put it: user "
           "space can go on using what is gone";
  case FindingKind::RegisterUnchecked:
    return "the registration of " + Device +
           " may fail, but its result is not looked at, and success is "
           "reported";
  case FindingKind::SucceedsUnregistered:
    return "success is returned though " + Device +
           " is not registered, and the remove function unregisters it";
  case FindingKind::RegisterUninitialised:
    return Device + " is registered, but no function of core has initialised "
                    "it";
  case FindingKind::RegisterTwice:
    return Device + " is registered a second time";
  case FindingKind::UnregisterUnregistered:
    return Device + " is unregistered, but on this path it is not registered";
  default:
    return messageForOld(F, Device);
  }
}

static std::string messageFor(const Finding &F, const TUModel &Model) {
  std::string Device = deviceOf(F, Model);
  bool Old = F.Of == Finding::Case::OldModel &&
             !isHalfMigrated(Model, recordOf(F, Model));
  switch (F.Kind) {
  case FindingKind::Leak:
    if (F.Of == Finding::Case::Again)
      return Device + " is allocated again before the one from the last time "
                      "round is put, which is leaked";
    return Device + " is not put on this path, so the reference that "
                    "'vfio_alloc_device' gave, and the structure, are leaked";
  case FindingKind::LeakAfterUnregister:
    return Device + " is unregistered but never ended by " + ending(Old).str() +
           ", so the structure is leaked";
  case FindingKind::DoublePut:
    return Device + " is put a second time, but the driver holds one "
                    "reference: the count underflows on a freed structure";
  case FindingKind::UseAfterPut:
    return Device +
           " is used after its last reference was put, when '.release' "
           "may have freed it";
  case FindingKind::UseAfterFree:
    return Device + " is used after it was freed";
  case FindingKind::PutWhileRegistered:
    return Device + " is put while it is registered: it can be freed under "
                    "user space that has it open; unregister it first";
  case FindingKind::FreeWhileRegistered:
    return Device + " is freed while it is registered: user space that has it "
                    "open uses freed memory; unregister it first";
  case FindingKind::CleanUpOutsideRelease:
    return Device + " is cleaned up here, and again by '.release' at its last "
                    "put; leave it to the put";
  case FindingKind::FreeAfterPut:
    return Device + " is freed after its last reference was put, which has "
                    "freed it already";
  case FindingKind::PutAfterFree:
    return Device + " is put after it was freed";
  case FindingKind::DoubleFree:
    return Device + " is freed a second time";
  default:
    return messageForRegistration(F, Model, Device);
  }
}

/// The second of two calls in the same block is removed, where nothing in
/// between can lead past one of them.
static void removeSecond(const Finding &F, const TUModel &Model, Wording &W) {
  if (F.At && !F.Notes.empty() &&
      alwaysFollows(F.At, F.Notes.front().Where, F.In, Model))
    W.Fixes.append(removeStatement(F.At, Model.Ctx));
}

/// True where \p S names the variable \p Name.
static bool mentions(const Stmt *S, StringRef Name) {
  const auto *Ref = dyn_cast<DeclRefExpr>(S);
  if (Ref && Ref->getDecl()->getIdentifier() &&
      Ref->getDecl()->getName() == Name)
    return true;
  return llvm::any_of(S->children(), [&](const Stmt *Child) {
    return Child && mentions(Child, Name);
  });
}

std::optional<Wording> LifecycleCheck::wordFinding(const Finding &F,
                                                   const TUModel &Model) {
  Wording W{messageFor(F, Model), {}};
  if (W.Message.empty())
    return std::nullopt;
  switch (F.Kind) {
  case FindingKind::DoublePut:
  case FindingKind::FreeAfterPut:
  case FindingKind::DoubleFree:
  case FindingKind::OldDoubleUninit:
    removeSecond(F, Model, W);
    break;
  case FindingKind::Leak:
    // `return PTR_ERR(x)`: whatever is wrong there, it is not only the put.
    if (F.OnlyWayHere && !F.Pointer.empty() && !mentions(F.At, F.Variable))
      W.Fixes = insertBefore(F.At, "vfio_put_device(" + F.Pointer + ");", F.In,
                             Model);
    break;
  default:
    break;
  }
  return W;
}

} // namespace vfio::checks
