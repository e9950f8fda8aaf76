//===- Stages.h - When each function of a driver runs ---------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_STAGES_H
#define VFIO_LIFECYCLE_STAGES_H

#include "lifecycle/Story.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SmallPtrSet.h"

namespace vfio {

/// When core, the bus or the module loader calls a function.
enum class Stage {
  ModuleInit, // the first four are openers
  Probe,
  Init,    ///< `.init`, inside of the allocation
  Open,    ///< `.open_device`: the first open
  Anytime, ///< another callback of an open device: often, or never
  Close,   ///< `.close_device`: the last close
  Remove,
  Release, ///< `.release`: the last put
  ModuleExit,
  Later ///< something else that is called through a pointer
};

/// True for one that sets something up: where it fails, nobody takes it down.
inline bool isOpener(Stage When) { return When <= Stage::Open; }

/// The functions of a driver that something outside of it calls, and what they
/// do.
class Stages {
public:
  explicit Stages(const TUModel &Model);

  struct Root {
    const clang::FunctionDecl *F; ///< its definition
    Stage When;
  };
  llvm::ArrayRef<Root> roots() const { return Roots; }
  /// False where functions that were not brought here may call \p R: of what
  /// they do before and after it, nothing is known.
  bool hasItsCallers(const Root &R) const;
  /// What \p F does.
  const Story &story(const clang::FunctionDecl *F) const;
  /// False where all the devices that \p F has to do with are of other
  /// structures than \p Device: it belongs to another driver of the file.
  bool mayConcern(const clang::FunctionDecl *F,
                  const clang::RecordDecl *Device) const;
  /// The same of the devices that \p Other has to do with.
  bool mayMeet(const clang::FunctionDecl *F,
               const clang::FunctionDecl *Other) const;

private:
  using Devices = llvm::SmallPtrSet<const clang::Decl *, 2>;
  const Devices &devicesOf(const clang::FunctionDecl *F) const;

  void add(const clang::FunctionDecl *F, Stage When);
  void addTables();
  void addModule();
  void addOthers();

  const TUModel &Model;
  std::vector<Root> Roots;
  mutable llvm::DenseMap<const clang::FunctionDecl *, std::unique_ptr<Story>>
      Told;
  mutable llvm::DenseMap<const clang::FunctionDecl *, std::unique_ptr<Devices>>
      Touched;
};

/// True for the stages that core does not go through where \p Opener failed.
bool isSkippedWhenFailed(Stage Opener, Stage Other);

} // namespace vfio

#endif // VFIO_LIFECYCLE_STAGES_H
