//===- FlowGraphs.h - How the functions of a TU call each other -----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The call graph of a TU as far as life-cycles go: which functions matter,
// which start a story, and what part each plays.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_FLOWGRAPHS_H
#define VFIO_LIFECYCLE_FLOWGRAPHS_H

#include "lifecycle/TUModel.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

namespace vfio::flow {

/// What part a function plays in the life of a device.
enum class Part {
  Other,
  Init,     ///< `.init` of an ops table
  Release,  ///< `.release` of one
  Callback, ///< another of an ops table: the device is registered
  Probe,    ///< of a bus driver: starts from nothing
  Remove    ///< of a bus driver: finds a registered device
};

/// The functions of a TU and how they call each other.
class FlowGraphs {
public:
  explicit FlowGraphs(const TUModel &Model);

  /// The driver's definition of \p F, or null.
  const clang::FunctionDecl *definition(const clang::FunctionDecl *F) const;

  /// True where \p F, or a function of this TU that it calls, does something
  /// in the life of a device or of a resource.
  bool matters(const clang::FunctionDecl *F) const {
    return Mattering.contains(F->getCanonicalDecl());
  }
  /// True where something of the model itself is called.
  bool touchesDevice(const clang::FunctionDecl *F) const {
    return Devices.contains(F->getCanonicalDecl());
  }
  Part partOf(const clang::FunctionDecl *F) const;
  /// The functions to start from, in the order of a driver's life.
  std::vector<const clang::FunctionDecl *> roots() const;

private:
  bool isRoot(const clang::FunctionDecl *F) const;
  void scan();
  void propagate(llvm::DenseSet<const clang::FunctionDecl *> &Set);

  const TUModel &Model;
  llvm::DenseSet<const clang::FunctionDecl *> Definitions, Mattering, Devices,
      Called, Named;
  llvm::DenseMap<const clang::FunctionDecl *,
                 llvm::SmallVector<const clang::FunctionDecl *, 4>>
      Callers;
  llvm::DenseMap<const clang::FunctionDecl *, Part> Parts;
};

} // namespace vfio::flow

#endif // VFIO_LIFECYCLE_FLOWGRAPHS_H
