//===- PrivateMemberCheck.cpp - Core's own members in a driver ------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/PrivateMemberCheck.h"
#include "checks/SourceText.h"
#include "contracts/Tells.h"
#include "lifecycle/ASTVisitor.h"

using namespace clang;

namespace vfio::checks {

/// True for a member of struct vfio_device that stands below the last one that
/// drivers may use: `kvm`, or `dev_set_list` in the kernels before it. Core
/// makes one exception for a driver's debugfs files.
static bool isPrivate(const FieldDecl *Field) {
  const RecordDecl *R = Field->getParent();
  // Drivers add to the one, and map memory by the other (nvgrace-gpu, 7.1).
  if (!isVfioDevice(R) || Field->getName() == "debug_root" ||
      Field->getName() == "inode")
    return false;
  const FieldDecl *Last = nullptr;
  for (StringRef Name : {"kvm", "dev_set_list"}) {
    for (const FieldDecl *F : R->fields())
      if (F->getName() == Name)
        Last = F;
    if (Last)
      break;
  }
  return Last && Field->getFieldIndex() > Last->getFieldIndex();
}

namespace {
/// A call that does core's work, with the member that it does it on.
struct Misuse {
  const CallExpr *Call;
  const MemberExpr *Member;
};

class MemberFinder : public ASTVisitor<MemberFinder> {
public:
  explicit MemberFinder(const TUModel &Model) : Model(Model) {}

  std::vector<const MemberExpr *> Members;
  std::vector<Misuse> Misuses;

  bool VisitCallExpr(CallExpr *Call) ENGINE_OVERRIDE {
    const FunctionDecl *F = Call->getDirectCallee();
    if (!F || !F->getIdentifier() || !Call->getNumArgs())
      return true;
    if (findApi(F->getName()) &&
        findApi(F->getName())->Kind == Role::CoreRelease) {
      Misuses.push_back({Call, nullptr});
      return true;
    }
    std::optional<Tell> What = tellOf(F->getName());
    if (What != Tell::DropsDevice && What != Tell::DropsShare)
      return true;
    const auto *Address =
        dyn_cast<UnaryOperator>(Call->getArg(0)->IgnoreParenImpCasts());
    const auto *M =
        Address && Address->getOpcode() == UO_AddrOf
            ? dyn_cast<MemberExpr>(Address->getSubExpr()->IgnoreParens())
            : nullptr;
    const auto *Field = M ? dyn_cast<FieldDecl>(M->getMemberDecl()) : nullptr;
    if (Field && isPrivate(Field)) {
      Misuses.push_back({Call, M});
      Told.insert(M);
    }
    return true;
  }

  bool VisitMemberExpr(MemberExpr *M) ENGINE_OVERRIDE {
    const auto *Field = dyn_cast<FieldDecl>(M->getMemberDecl());
    if (Field && !Told.contains(M) && isPrivate(Field) &&
        Model.isDriverFile(M->getMemberLoc()))
      Members.push_back(M);
    return true;
  }

private:
  const TUModel &Model;
  llvm::SmallPtrSet<const MemberExpr *, 4> Told;
};
} // namespace

/// The pointer to the vfio_device whose member \p M is, as text.
static std::string deviceOf(const MemberExpr *M, const ASTContext &Ctx) {
  std::string Base = textOf(M->getBase()->getSourceRange(), Ctx);
  if (Base.empty())
    return "";
  return M->isArrow() ? Base : "&" + Base;
}

void PrivateMemberCheck::report(const TUModel &Model, ASTContext &Context) {
  MemberFinder Finder(Model);
  for (const FunctionDecl *F : Model.Functions)
    Finder.TraverseStmt(F->getBody());
  for (const Misuse &M : Finder.Misuses) {
    auto Diag =
        diag(M.Call->getExprLoc(),
             M.Member ? "%0 drops core's own reference of the vfio_device; "
                        "use 'vfio_put_device'"
                      : "%0 is core's own: only the last 'vfio_put_device' "
                        "calls it")
        << M.Call->getDirectCallee();
    std::string Device = M.Member ? deviceOf(M.Member, Context) : "";
    if (!Device.empty() && hasNewModel(Model.Gen) &&
        isEditable(M.Call->getSourceRange(), Context))
      Diag << FixItHint::CreateReplacement(M.Call->getSourceRange(),
                                           "vfio_put_device(" + Device + ")");
  }
  for (const MemberExpr *M : Finder.Members) {
    diag(M->getMemberLoc(),
         "member %0 of 'struct vfio_device' is private to core, which changes "
         "it, and its meaning, from kernel to kernel")
        << M->getMemberDecl();
  }
}

} // namespace vfio::checks
