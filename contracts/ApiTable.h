//===- ApiTable.h - What the kernel's functions mean for a device's life --===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one table of API facts. A helper that a new kernel brings is a line in
// ApiTable.def; every check and every rewrite rule asks here what a name means.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CONTRACTS_APITABLE_H
#define VFIO_CONTRACTS_APITABLE_H

#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace clang {
class CallExpr;
class FunctionDecl;
} // namespace clang

namespace vfio {

/// What a call does in the life of a vfio_device, of memory, or of the values
/// that lead to them. See lifecycle.md section 2 for the contracts.
enum class Role {
  None,
  // The old model (5.13 to 6.0).
  InitGroupDev,    ///< prepares a structure that the driver allocated
  UninitGroupDev,  ///< its undo, before the structure is freed (5.15 on)
  PciInitDevice,   ///< the same pair for PCI variant drivers
  PciUninitDevice, ///< "
  AddGroupDev,     ///< before 5.13: out of range
  DelGroupDev,     ///< "
  AddParent,       ///< makes mdev devices possible, to 5.18
  DelParent,       ///< "
  // The new model (transition and later).
  AllocDevice,   ///< allocates, prepares, and takes the first reference
  InitDevice,    ///< prepares a structure that outlives it: ccw only
  PutDevice,     ///< drops a reference, the last one runs \c release
  FreeDevice,    ///< frees it: the last act of \c release (to 6.1)
  CoreRelease,   ///< ends it: core's own, no driver calls it
  PciInitDev,    ///< ready-made \c init of PCI variant drivers
  PciReleaseDev, ///< ready-made \c release of PCI variant drivers
  // Both models.
  Register,      ///< the device becomes visible
  Unregister,    ///< waits for users
  PciRegister,   ///< registration of PCI variant drivers
  PciUnregister, ///< its undo
  // Of other contracts.
  UnregisterPut, ///< waits for users, and drops a reference
  Adopt,         ///< from here on only a put ends what the driver allocated
  AdoptRegister, ///< the same, and makes it visible if it can
  GetDevice,     ///< takes another reference
  IsRegistered,  ///< true while it is visible
  // Memory.
  Allocate,     ///< NULL or memory that the caller must free
  DevmAllocate, ///< NULL or memory that the bus device frees
  Free,         ///< frees what Allocate returned
  DevmFree,     ///< frees what DevmAllocate returned
  // Values.
  GetDrvdata,        ///< the pointer kept with a struct device
  SetDrvdata,        ///< keeps it
  IsErr,             ///< true for an ERR_PTR
  IsErrOrNull,       ///< true for NULL and an ERR_PTR
  PtrErr,            ///< the errno in an ERR_PTR
  PtrErrOrZero,      ///< the errno in an ERR_PTR, 0 for a pointer
  ErrPtr,            ///< makes an ERR_PTR of an errno
  ErrCast,           ///< an ERR_PTR of another type
  DevmAction,        ///< adds a callback for when the driver is unbound
  DevmActionOrReset, ///< the same, called at once when adding fails
  DevmActionEnds     ///< takes such a callback back, or calls it early
};

/// How a call tells its failure.
enum class Outcome {
  None,     ///< void, or nothing that a driver tests
  Errno,    ///< int: 0 or a negative errno
  NullPtr,  ///< NULL on failure
  ErrorPtr, ///< ERR_PTR on failure, never NULL
};

/// One row of the table. Argument indices count from 0; -1 says there is none.
struct ApiFunction {
  llvm::StringRef Name;
  Role Kind;
  int Subject; ///< the argument that holds the device or the memory; for
               ///< SetDrvdata the pointer that is kept
  int Device;  ///< the argument that is the struct device (or its wrapper)
  int Ops;     ///< the argument that is the vfio_device_ops
  int Size;    ///< the argument that is a size in bytes
  Outcome Result;
};

/// \p Function as drivers write it: since 6.10 `kmalloc` is a macro that calls
/// `kmalloc_noprof`, in 7.2 `_kmalloc_noprof` (include/linux/slab.h).
inline llvm::StringRef asWritten(llvm::StringRef Function) {
  if (Function.consume_back("_noprof") && !Function.starts_with("__"))
    Function.consume_front("_");
  return Function;
}

/// The row of function \p Name, by the contract at hand (Contract.h); null
/// where the name means nothing to it.
const ApiFunction *findApi(llvm::StringRef Name);

/// The row of the function that \p Call calls directly; null otherwise, and
/// where the call lacks arguments that the row names: it does not compile.
const ApiFunction *findApi(const clang::CallExpr &Call);

/// True where \p Call has the arguments that \p Row names: it has, in all that
/// compiles.
bool hasArguments(const clang::CallExpr &Call, const ApiFunction &Row);

/// The role of the function that \p Call calls directly.
Role roleOf(const clang::CallExpr &Call);

/// The functions of VFIO's that have role \p R.
std::vector<llvm::StringRef> functionsOf(Role R);

/// The names by which a driver's source can be told from others without parsing
/// it: the functions of the VFIO driver API, in all generations, and the
/// structures that a driver embeds or fills in.
std::vector<std::string> driverApiNames();

/// Those of them that prepare a device in the old model.
std::vector<std::string> oldModelNames();

/// The names by which a device is prepared, in any model.
std::vector<std::string> preparationNames();

/// True where \p R makes a device that only a put ends.
inline bool makesDevice(Role R) {
  return R == Role::AllocDevice || R == Role::Adopt || R == Role::AdoptRegister;
}
/// True where \p R makes the device visible, for any kind of driver.
inline bool isRegister(Role R) {
  return R == Role::Register || R == Role::PciRegister;
}
/// True where \p R ends the device's visibility.
inline bool isUnregister(Role R) {
  return R == Role::Unregister || R == Role::PciUnregister;
}
/// True where \p R is the old model's preparation of a structure.
inline bool isOldInit(Role R) {
  return R == Role::InitGroupDev || R == Role::PciInitDevice;
}
/// True where \p R is the old model's undo of it.
inline bool isOldUninit(Role R) {
  return R == Role::UninitGroupDev || R == Role::PciUninitDevice;
}
/// True where \p R gives memory back to an allocator.
inline bool isFree(Role R) { return R == Role::Free || R == Role::DevmFree; }

} // namespace vfio

#endif // VFIO_CONTRACTS_APITABLE_H
