//===- ContainerOfMismatchCheck.cpp - The wrong container of a device -----===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/ContainerOfMismatchCheck.h"
#include "checks/SourceText.h"
#include "lifecycle/ASTVisitor.h"
#include "lifecycle/Owners.h"

using namespace clang;

namespace vfio::checks {

/// `container_of(ptr, struct owner, path)` in place of the macro call that
/// \p Site is, where only the member was wrong.
static llvm::SmallVector<FixItHint, 1> fixMember(const ContainerSite &Site,
                                                 const DeviceRecord &Owner,
                                                 const ASTContext &Ctx) {
  if (Site.Of.Record->getCanonicalDecl() != Owner.Record->getCanonicalDecl() ||
      !Site.Whole->getBeginLoc().isMacroID())
    return {};
  const SourceManager &SM = Ctx.getSourceManager();
  CharSourceRange Call = SM.getExpansionRange(Site.Whole->getSourceRange());
  std::string Ptr = describePointer(Site.Of.Ptr, Ctx);
  if (Ptr.empty() || Call.getBegin().isMacroID())
    return {};
  return {
      FixItHint::CreateReplacement(Call, "container_of(" + Ptr + ", struct " +
                                             Owner.Record->getName().str() +
                                             ", " + spell(Owner.Path) + ")")};
}

void ContainerOfMismatchCheck::reportContainer(const TUModel &Model,
                                               const ContainerSite &Site) {
  DeviceRef From = Model.resolve(Site.Of.Ptr);
  const auto *Param = dyn_cast_or_null<ParmVarDecl>(From.Root);
  if (!Param || !isVfioDevice(pointeeRecord(Param->getType())) ||
      !isVfioDevice(pointeeRecord(strip(Site.Of.Ptr)->getType())))
    return;
  Owners Known = ownersOfParam(Model, Site.In, Param);
  if (!Known.Complete || Known.List.empty() || !Model.Damaged.empty())
    return;
  for (const Owners::Owner &O : Known.List)
    if (isContainerIn(O.Record, Site.Of.Record, Site.Of.Path))
      return;
  const Owners::Owner &Right = Known.List.front();
  bool OtherMember = Site.Of.Record->getCanonicalDecl() ==
                     Right.Record.Record->getCanonicalDecl();
  {
    auto Diag =
        diag(Site.Whole->getExprLoc(),
             OtherMember ? "'container_of' takes the vfio_device for member "
                           "'%1' of %0, but core was given member '%2': the "
                           "pointer points beside the structure"
                         : "'container_of' names %0, but the device is part "
                           "of %3: the pointer points to another structure");
    Diag << nameOf(Site.Of.Record) << spell(Site.Of.Path)
         << spell(Right.Record.Path) << nameOf(Right.Record.Record);
    for (const FixItHint &Fix : fixMember(Site, Right.Record, Model.Ctx))
      Diag << Fix;
  }
  if (Right.Origin)
    diag(Right.Origin->Call->getExprLoc(),
         Right.Origin->Api->Kind == Role::AllocDevice
             ? "the device is allocated as %0 here"
             : "the device is initialised as part of %0 here",
         DiagnosticIDs::Note)
        << nameOf(Right.Record.Record);
  diag(Right.Record.Record->getLocation(), "%0 is defined here",
       DiagnosticIDs::Note)
      << nameOf(Right.Record.Record);
}

void ContainerOfMismatchCheck::reportOffset(const TUModel &Model,
                                            const Site &Alloc) {
  const DeviceRecord &R = Alloc.Device.Record;
  if (!R || R.Several || R.Offset == 0)
    return;
  diag(Alloc.Call->getExprLoc(),
       "%0 is allocated through its vfio_device, but member '%1' is not at its "
       "start: the device would be freed at the wrong address")
      << nameOf(R.Record) << spell(R.Path);
  diag(R.Path.front()->getLocation(), "move this member to the front",
       DiagnosticIDs::Note);
}

namespace {
/// A cast that makes a device's container without container_of.
struct PlainCast {
  const CStyleCastExpr *Cast;
  const Expr *Device; ///< the pointer to the vfio_device, or to what it is in
  const RecordDecl *From; ///< what that points to
  DeviceRecord To;        ///< with the path that leads to this
  bool Arithmetic;        ///< a number was added to the pointer, or subtracted
};

class CastFinder : public ASTVisitor<CastFinder> {
public:
  CastFinder(const TUModel &Model) : Model(Model), Ctx(Model.Ctx) {}

  std::vector<PlainCast> Found;

  bool VisitCStyleCastExpr(CStyleCastExpr *Cast) ENGINE_OVERRIDE {
    add(Cast, Cast->getType());
    return true;
  }

  /// `struct foo *f = (void *)vdev;` and the same as an argument.
  bool VisitImplicitCastExpr(ImplicitCastExpr *Implicit) ENGINE_OVERRIDE {
    const auto *Cast =
        dyn_cast<CStyleCastExpr>(Implicit->getSubExpr()->IgnoreParens());
    if (Cast && Cast->getType()->isVoidPointerType())
      add(Cast, Implicit->getType());
    return true;
  }

private:
  void add(const CStyleCastExpr *Cast, QualType Type) {
    DeviceRecord To = findDevicePointee(Type, Ctx);
    // The casts of container_of itself are the kernel's.
    SourceLocation Spelled =
        Ctx.getSourceManager().getSpellingLoc(Cast->getBeginLoc());
    if (!To || To.Path.empty() || !Model.isDriverFile(Spelled))
      return;
    const Expr *E = Cast->getSubExpr()->IgnoreParenCasts();
    bool Arithmetic = false;
    if (const auto *BO = dyn_cast<BinaryOperator>(E);
        BO && BO->isAdditiveOp() && BO->getType()->isPointerType()) {
      Arithmetic = true;
      E = BO->getLHS()->IgnoreParenCasts();
    }
    const RecordDecl *From = pointeeRecord(E->getType());
    auto Part = llvm::find_if(To.Path, [&](const FieldDecl *Step) {
      const RecordDecl *R = Step->getType()->getAsRecordDecl();
      return R && From && R->getCanonicalDecl() == From->getCanonicalDecl();
    });
    if (Part == To.Path.end())
      return;
    To.Path.erase(std::next(Part), To.Path.end());
    Found.push_back({Cast, E, From, To, Arithmetic});
  }

  const TUModel &Model;
  const ASTContext &Ctx;
};
} // namespace

void ContainerOfMismatchCheck::reportCasts(const TUModel &Model) {
  CastFinder Finder(Model);
  for (const FunctionDecl *F : Model.Functions)
    Finder.TraverseStmt(F->getBody());
  for (const PlainCast &C : Finder.Found) {
    auto Diag = diag(
        Model.Ctx.getSourceManager().getExpansionLoc(C.Cast->getBeginLoc()),
        C.Arithmetic
            ? "pointer arithmetic on a %2 makes a %0: use "
              "'container_of', which follows the layout of the structure"
            : "a cast of a %2 makes a %0: use 'container_of', "
              "which stays right when member '%1' is not the first");
    Diag << nameOf(C.To.Record) << spell(C.To.Path)
         << (isVfioDevice(C.From) ? "vfio_device" : nameOf(C.From));
    std::string Device = textOf(C.Device->getSourceRange(), Model.Ctx);
    if (Device.empty() || C.To.Several ||
        !isEditable(C.Cast->getSourceRange(), Model.Ctx) ||
        C.To.Record->getName().empty())
      continue;
    Diag << FixItHint::CreateReplacement(
        C.Cast->getSourceRange(), "container_of(" + Device + ", struct " +
                                      C.To.Record->getName().str() + ", " +
                                      spell(C.To.Path) + ")");
  }
}

void ContainerOfMismatchCheck::report(const TUModel &Model,
                                      ASTContext &Context) {
  if (Model.Gen == Generation::Unknown || Model.Gen == Generation::TooOld)
    return;
  for (const ContainerSite &Site : Model.Containers)
    reportContainer(Model, Site);
  for (const Site &S : Model.Sites)
    if (S.Api->Kind == Role::AllocDevice)
      reportOffset(Model, S);
  reportCasts(Model);
}

} // namespace vfio::checks
