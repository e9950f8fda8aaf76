//===- TUModel.h - The life-cycle facts of one translation unit -----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What one parse shows of its drivers: computed once a TU, asked by every
// check and by the rewriter. It holds AST pointers and lives no longer than
// the AST; Facts.h has the plain values that outlive it.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_TUMODEL_H
#define VFIO_LIFECYCLE_TUMODEL_H

#include "contracts/ApiTable.h"
#include "lifecycle/DeviceRecord.h"
#include "lifecycle/Doubt.h"
#include "lifecycle/DriverFiles.h"
#include "lifecycle/Finding.h"
#include "lifecycle/Generation.h"
#include "lifecycle/Idioms.h"
#include "lifecycle/OpsTables.h"
#include "lifecycle/PathEngine.h"
#include "lifecycle/Remark.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include <memory>
#include <optional>
#include <vector>

namespace vfio {

class CallTargets;
class ProgramLink;
class ProgramSources;

/// The device (or the memory) that an expression speaks of.
struct DeviceRef {
  const clang::Expr *Pointer = nullptr; ///< the expression, as written
  /// The variable that the way to the device starts from, aliases followed;
  /// null where it starts from a call or is not understood.
  const clang::VarDecl *Root = nullptr;
  /// The call that it starts from (drvdata, an accessor), else null.
  const clang::CallExpr *RootCall = nullptr;
  /// The outermost record in which the way saw the device embedded; for
  /// memory without a device, empty.
  DeviceRecord Record;
  /// True where Pointer is the container itself, false for a pointer to the
  /// vfio_device (or to another part) inside of it.
  bool IsContainer = false;
};

/// A call with a role in the life of a device, or of memory that holds one.
struct Site {
  const ApiFunction *Api;
  const clang::CallExpr *Call;
  const clang::FunctionDecl *In;
  DeviceRef Device;
  /// For init and alloc calls: the tables that the ops argument can mean.
  OpsTables::Targets Ops;
};

/// A container_of on a pointer to a vfio_device or to a part of a record that
/// embeds one.
struct ContainerSite {
  ContainerOf Of;
  const clang::Expr *Whole;
  const clang::FunctionDecl *In;
};

/// A table that hangs functions to a bus: `struct pci_driver` and its like
/// (anything named `*_driver` or `mdev_parent_ops` with probe/remove members).
struct BusDriver {
  const clang::VarDecl *Var;
  const clang::FunctionDecl *Probe = nullptr;  ///< .probe or .create
  const clang::FunctionDecl *Remove = nullptr; ///< .remove
  const clang::FunctionDecl *Shutdown = nullptr;
  /// The bus would call a `.remove`, nothing is given for one, and nothing says
  /// that the driver stays bound for good.
  bool LacksRemove = false;
};

/// The facts of one TU. All pointers are owned by the ASTContext.
struct TUModel {
  /// \p Sources: where to look for what this TU only declares; null for
  /// nowhere.
  explicit TUModel(clang::ASTContext &Ctx, ProgramSources *Sources = nullptr);
  ~TUModel();

  clang::ASTContext &Ctx;
  Generation Gen;
  /// The TU is part of the VFIO core, or one of its libraries, itself: what is
  /// wrong for a driver is its job.
  bool IsCore = false;
  /// Definitions of functions in the driver's own files, in source order.
  std::vector<const clang::FunctionDecl *> Functions;
  /// Those with an error in them, which stand in none of the lists here: what
  /// they do is not known.
  std::vector<const clang::FunctionDecl *> Damaged;
  /// Variables, and structures that embed a vfio_device, with an error in them.
  std::vector<const clang::NamedDecl *> DamagedDecls;
  /// True where errors hide a part of the driver: that nothing does a thing is
  /// not known then.
  bool hasHoles() const;
  /// Variables of file scope and static locals in the driver's own files.
  std::vector<const clang::VarDecl *> Vars;
  /// Records defined in the driver's own files that embed a vfio_device.
  std::vector<DeviceRecord> Records;
  std::unique_ptr<OpsTables> Ops;
  std::vector<BusDriver> BusDrivers;
  std::vector<Site> Sites;
  std::vector<ContainerSite> Containers;

  /// What calls through pointers can mean.
  CallTargets &targets() const { return *Pointers; }
  /// The definition of \p F in this TU's driver files; null where there is
  /// none, or where it is weak, so that what it does is not known.
  const clang::FunctionDecl *definition(const clang::FunctionDecl *F) const;
  /// The driver's function that \p Where is in, for a macro where it is used;
  /// null where it is in none.
  const clang::FunctionDecl *functionAt(clang::SourceLocation Where) const;
  /// The sites in \p F, in source order.
  std::vector<const Site *> sitesIn(const clang::FunctionDecl *F) const;
  /// What \p E points to.
  DeviceRef resolve(const clang::Expr *E) const;
  /// What ties this TU to the driver's other sources; null where none were lent.
  const ProgramLink *link() const { return Link.get(); }
  /// True for what stands in another source of the driver.
  bool isBrought(const clang::Decl *D) const;
  /// What is wrong on the paths of this TU; found when first asked.
  const std::vector<Finding> &findings() const;
  /// The call that shows that the driver is of before 5.13: of a function of
  /// then, where it calls none of the later models; null where it is not.
  const Site *tooOld() const;
  /// True where the driver has a `struct mdev_parent_ops`, as to 5.18.
  bool hasParentTable() const;
  /// What is wrong with the driver's other lives; found when first asked.
  const Remarks &otherLives() const;
  /// What looks wrong and was not reported, and why.
  const std::vector<Silence> &silences() const;
  /// The functions that were not followed to their end on the way to these, and
  /// that nobody has been told of yet; each once.
  std::vector<NotFollowed> takeNotFollowed() const;
  /// True where \p Loc is in a file of the driver.
  bool isDriverFile(clang::SourceLocation Loc) const {
    return Files.contains(Loc);
  }

private:
  const clang::Expr *aliasOf(const clang::VarDecl *Var) const;
  DeviceRef follow(const clang::Expr *E, FieldPath &Embedded) const;
  void collect();
  bool bringMissing();
  void collectDecls();
  bool findsCore() const;
  void collectBusDrivers();
  void collectBusDrivers(const clang::VarDecl *Var, const clang::Expr *Init);
  void collectSites();

  mutable DriverFiles Files;
  std::unique_ptr<CallTargets> Pointers;
  llvm::DenseSet<const clang::FunctionDecl *> Bodies; ///< those of Functions
  std::unique_ptr<ProgramLink> Link;
  mutable std::optional<std::vector<Finding>> Found;
  mutable std::optional<Remarks> Others;
  mutable std::vector<Silence> Silent;
  mutable std::vector<NotFollowed> Unfollowed;
  mutable llvm::DenseSet<const clang::FunctionDecl *> Told;
  /// Every expression that is assigned to a local variable, by variable.
  mutable llvm::DenseMap<const clang::VarDecl *,
                         llvm::SmallVector<const clang::Expr *, 2>>
      LocalValues;
};

/// The facts of the TU that \p Ctx holds.
std::unique_ptr<TUModel> buildModel(clang::ASTContext &Ctx,
                                    ProgramSources *Sources = nullptr);

} // namespace vfio

#endif // VFIO_LIFECYCLE_TUMODEL_H
