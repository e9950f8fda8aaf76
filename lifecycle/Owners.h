//===- Owners.h - Which structures a vfio_device can be part of -----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A `struct vfio_device *` that a callback gets is part of what was allocated,
// or initialised, with the callback's ops table.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_OWNERS_H
#define VFIO_LIFECYCLE_OWNERS_H

#include "lifecycle/TUModel.h"

namespace vfio {

/// The structures that a pointer to a vfio_device can point into.
struct Owners {
  struct Owner {
    DeviceRecord Record;
    const Site *Origin; ///< the call that allocates or initialises one
  };
  llvm::SmallVector<Owner, 2> List;
  /// False where the pointer may also come from what this TU does not show.
  bool Complete = true;

  bool contains(const clang::RecordDecl *R) const;
};

/// The owners of the device that parameter \p Param of \p F points to.
Owners ownersOfParam(const TUModel &Model, const clang::FunctionDecl *F,
                     const clang::ParmVarDecl *Param);

/// The owners of all devices that use \p Table.
Owners ownersOfTable(const TUModel &Model, const OpsTable &Table);

/// True where another TU can get at \p Table: by its name, or from a function
/// that returns it.
bool leavesTheUnit(const TUModel &Model, const OpsTable &Table);

/// True where subtracting the offset of \p Path from a pointer into \p Owner
/// gives a pointer to a \p Record: it is the owner itself, or a part of it
/// that has the device in it.
bool isContainerIn(const DeviceRecord &Owner, const clang::RecordDecl *Record,
                   const FieldPath &Path);

} // namespace vfio

#endif // VFIO_LIFECYCLE_OWNERS_H
