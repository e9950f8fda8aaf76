//===- DeviceRecord.h - Records that embed a vfio_device ------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_DEVICERECORD_H
#define VFIO_LIFECYCLE_DEVICERECORD_H

#include "lifecycle/Idioms.h"
#include "clang/AST/ASTContext.h"

namespace vfio {

/// A record that embeds `struct vfio_device` by value, at any depth.
struct DeviceRecord {
  const clang::RecordDecl *Record = nullptr; ///< its definition
  FieldPath Path;       ///< to the vfio_device; empty for vfio_device itself
  int64_t Offset = 0;   ///< of the vfio_device, bytes
  bool Several = false; ///< it embeds more than one; Path is the first

  explicit operator bool() const { return Record; }
};

/// True for `struct vfio_device` itself.
bool isVfioDevice(const clang::RecordDecl *R);

/// True for `struct vfio_pci_core_device`.
bool isPciCoreDevice(const clang::RecordDecl *R);

/// True where the vfio_device in \p R is the one of a vfio_pci_core_device.
bool embedsPciCore(const clang::RecordDecl *R, const clang::ASTContext &Ctx);

/// True for `struct vfio_device_ops`.
bool isVfioDeviceOps(const clang::RecordDecl *R);

/// The embedding of a vfio_device in \p R; empty where there is none (a
/// pointer to one does not count), or where \p R has no usable definition.
DeviceRecord findDeviceRecord(const clang::RecordDecl *R,
                              const clang::ASTContext &Ctx);

/// The embedding of a vfio_device in \p R by \p Path, also where \p R has
/// several.
DeviceRecord deviceRecordBy(const clang::RecordDecl *R, FieldPath Path,
                            const clang::ASTContext &Ctx);

/// The same for what \p T points to.
DeviceRecord findDevicePointee(clang::QualType T, const clang::ASTContext &Ctx);

} // namespace vfio

#endif // VFIO_LIFECYCLE_DEVICERECORD_H
