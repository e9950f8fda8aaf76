//===- DeviceRecord.cpp - Records that embed a vfio_device ----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/DeviceRecord.h"
#include "contracts/Contract.h"
#include "lifecycle/OtherLives.h"
#include "clang/AST/Decl.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;

namespace vfio {

static bool isNamed(const RecordDecl *R, llvm::StringRef Name) {
  return R && R->isStruct() && R->getIdentifier() && R->getName() == Name;
}

bool isVfioDevice(const RecordDecl *R) {
  return isNamed(R, contractAtHand().Structure);
}

bool isPciCoreDevice(const RecordDecl *R) {
  return isNamed(R, "vfio_pci_core_device");
}

bool isVfioDeviceOps(const RecordDecl *R) {
  return isNamed(R, contractAtHand().Ops);
}

/// Depth-first search in declaration order; \p Found counts the embeddings, \p
/// InArrays those to which no path leads.
static void search(const RecordDecl *R, FieldPath &Way, FieldPath &First,
                   unsigned &Found, unsigned &InArrays) {
  if (isVfioDevice(R)) {
    if (Found++ == 0)
      First = Way;
    return;
  }
  const RecordDecl *Def = R->getDefinition();
  if (!Def || Def->isInvalidDecl())
    return;
  for (const FieldDecl *F : Def->fields()) {
    if (const auto *Element =
            F->getType()->isArrayType()
                ? F->getType()->getBaseElementTypeUnsafe()->getAsRecordDecl()
                : nullptr) {
      FieldPath Within;
      search(Element, Way, Within, InArrays, InArrays);
      continue;
    }
    const RecordDecl *Inner = F->getType()->getAsRecordDecl();
    if (!Inner)
      continue;
    Way.push_back(F);
    search(Inner, Way, First, Found, InArrays);
    Way.pop_back();
  }
}

DeviceRecord findDeviceRecord(const RecordDecl *R, const ASTContext &Ctx) {
  DeviceRecord Out;
  if (!R || !R->getDefinition() || R->getDefinition()->isInvalidDecl())
    return Out;
  FieldPath Way;
  unsigned Found = 0, InArrays = 0;
  search(R, Way, Out.Path, Found, InArrays);
  if (!Found)
    return Out;
  Out.Record = R->getDefinition();
  Out.Several = Found + InArrays > 1;
  for (const FieldDecl *F : Out.Path)
    Out.Offset += Ctx.toCharUnitsFromBits(Ctx.getFieldOffset(F)).getQuantity();
  return Out;
}

DeviceRecord deviceRecordBy(const RecordDecl *R, FieldPath Path,
                            const ASTContext &Ctx) {
  DeviceRecord Out = findDeviceRecord(R, Ctx);
  if (!Out || Path.empty() ||
      !isVfioDevice(Path.back()->getType()->getAsRecordDecl()))
    return Out;
  Out.Path = std::move(Path);
  Out.Several = false;
  Out.Offset = 0;
  for (const FieldDecl *F : Out.Path)
    Out.Offset += Ctx.toCharUnitsFromBits(Ctx.getFieldOffset(F)).getQuantity();
  return Out;
}

DeviceRecord findDevicePointee(QualType T, const ASTContext &Ctx) {
  return findDeviceRecord(pointeeRecord(T), Ctx);
}

bool embedsPciCore(const RecordDecl *R, const ASTContext &Ctx) {
  return isPciCoreDevice(R) ||
         llvm::any_of(findDeviceRecord(R, Ctx).Path, [](const FieldDecl *F) {
           return isPciCoreDevice(F->getType()->getAsRecordDecl());
         });
}

bool isOfDevice(const TUModel &Model, const FieldDecl *Field) {
  return llvm::any_of(Model.Records, [&](const DeviceRecord &R) {
    return R.Record->getCanonicalDecl() ==
           Field->getParent()->getCanonicalDecl();
  });
}

/// True where \p Part is \p Whole, or a structure that the driver has in it, or
/// has an array of.
static bool isPartOf(const TUModel &Model, const RecordDecl *Part,
                     const RecordDecl *Whole, unsigned Depth) {
  if (Part->getCanonicalDecl() == Whole->getCanonicalDecl())
    return true;
  Whole = Whole->getDefinition();
  return Whole && Depth < 4 && Model.isDriverFile(Whole->getLocation()) &&
         llvm::any_of(
             Whole->fields(),
             [&](const FieldDecl *F) {
               const RecordDecl *R = Model.Ctx.getBaseElementType(F->getType())
                                         ->getAsRecordDecl();
               return R && isPartOf(Model, Part, R, Depth + 1);
             });
}

bool isPartOfDevice(const TUModel &Model, const RecordDecl *R) {
  return llvm::any_of(Model.Records, [&](const DeviceRecord &Of) {
    return isPartOf(Model, R, Of.Record, 0);
  });
}

} // namespace vfio
