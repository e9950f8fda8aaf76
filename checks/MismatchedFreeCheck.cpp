//===- MismatchedFreeCheck.cpp - A device freed by the wrong allocator ----===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/MismatchedFreeCheck.h"
#include "checks/Fixes.h"
#include "checks/SourceText.h"
#include "contracts/Heaps.h"

using namespace clang;

namespace vfio::checks {

static const FunctionDecl *calleeOf(const Finding &F) {
  const auto *Call = dyn_cast_or_null<CallExpr>(F.At);
  return Call ? Call->getDirectCallee() : nullptr;
}

static bool isRelease(const TUModel &Model, const FunctionDecl *F) {
  return llvm::any_of(Model.Ops->tables(), [&](const OpsTable &T) {
    const FunctionDecl *R = T.callback("release");
    return R && R->getCanonicalDecl() == F->getCanonicalDecl();
  });
}

/// The function that ends the device in \p F's function: in @release, core's
/// free or the PCI core's release; elsewhere a put.
static StringRef rightFunction(const Finding &F, const TUModel &Model) {
  if (!F.In || !isRelease(Model, F.In))
    return "vfio_put_device";
  return F.Record && embedsPciCore(F.Record, Model.Ctx)
             ? "vfio_pci_core_release_dev"
             : "vfio_free_device";
}

/// True where what ends the device comes after \p F's free in any case.
static bool isEndedLater(const Finding &F, const TUModel &Model) {
  return F.In && llvm::any_of(Model.sitesIn(F.In), [&](const Site *S) {
           return (S->Api->Kind == Role::PutDevice ||
                   S->Api->Kind == Role::FreeDevice ||
                   S->Api->Kind == Role::PciReleaseDev) &&
                  S->Call != F.At &&
                  alwaysFollows(S->Call, F.Where, F.In, Model);
         });
}

/// The member of the structure that \p F's free is given, where it lies in the
/// structure itself and is not what the device is in; else null.
static const MemberExpr *partOf(const Finding &F) {
  if (!F.Device || !isa_and_nonnull<CallExpr>(F.At) ||
      !isFree(roleOf(*cast<CallExpr>(F.At))))
    return nullptr;
  const Expr *E = F.Device->IgnoreParenCasts();
  // A local variable that got it a few lines above.
  const auto *Ref = dyn_cast<DeclRefExpr>(E);
  const auto *Var = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
  if (Var && Var->isLocalVarDecl() && Var->hasInit())
    E = Var->getInit()->IgnoreParenCasts();
  const auto *Address = dyn_cast<UnaryOperator>(E);
  if (Address && Address->getOpcode() == UO_AddrOf)
    E = Address->getSubExpr()->IgnoreParens();
  else if (!E->getType()->isArrayType())
    return nullptr;
  while (const auto *Element = dyn_cast<ArraySubscriptExpr>(E)) {
    E = Element->getBase()->IgnoreParenImpCasts();
    if (!E->getType()->isArrayType())
      return nullptr; // an element of what a pointer leads to
  }
  const auto *Part = dyn_cast<MemberExpr>(E);
  if (!Part || !isa<FieldDecl>(Part->getMemberDecl()))
    return nullptr;
  const RecordDecl *R = Part->getType()->getAsRecordDecl();
  return R && (isVfioDevice(R) ||
               findDeviceRecord(R, Part->getMemberDecl()->getASTContext()))
             ? nullptr
             : Part;
}

static void replaceCall(const Finding &F, StringRef By, const TUModel &Model,
                        Wording &W) {
  if (isEndedLater(F, Model)) {
    W.Fixes.append(removeStatement(F.At, Model.Ctx));
    return;
  }
  std::string Device = F.Device ? spellVfioDevice(F.Device, Model.Ctx) : "";
  if (!Device.empty() && isa_and_nonnull<CallExpr>(F.At) &&
      isEditable(F.At->getSourceRange(), Model.Ctx))
    W.Fixes.push_back(FixItHint::CreateReplacement(
        F.At->getSourceRange(), (By + "(" + Device + ")").str()));
}

std::optional<Wording> MismatchedFreeCheck::wordFinding(const Finding &F,
                                                        const TUModel &Model) {
  const FunctionDecl *Callee = calleeOf(F);
  std::string By = Callee && Callee->getIdentifier()
                       ? ("'" + Callee->getName() + "'").str()
                       : "scope-based cleanup";
  std::string What = structureOf(F, Model);
  if (What.empty())
    What = "the device";
  Wording W;
  if (const MemberExpr *Part = partOf(F)) {
    W.Message = "'" + Part->getMemberDecl()->getNameAsString() +
                "' is a part of " + What +
                " and was never allocated, but is "
                "freed by " +
                By + "; drop this call";
    W.Fixes.append(removeStatement(F.At, Model.Ctx));
    return W;
  }
  switch (F.Kind) {
  case FindingKind::MismatchedFree: {
    StringRef Right = rightFunction(F, Model);
    W.Message = What +
                " was allocated by 'vfio_alloc_device' and is freed by " + By +
                ", which passes over core's references and its allocator; "
                "use '" +
                Right.str() + "'";
    replaceCall(F, Right, Model, W);
    return W;
  }
  case FindingKind::FreeAfterPut:
    // vfio_free_device is the right function at the wrong time.
    if (!Callee || !F.Allocation || !isFree(roleOf(*cast<CallExpr>(F.At))))
      return std::nullopt;
    W.Message = What +
                " was allocated by 'vfio_alloc_device' and is freed by " + By +
                " as well as by the put; drop this call";
    return W;
  case FindingKind::FreeOutsideRelease:
    W.Message = What + " is freed by " + By +
                " outside of '.release', while core may still hold references "
                "to it; use 'vfio_put_device'";
    replaceCall(F, "vfio_put_device", Model, W);
    return W;
  case FindingKind::AllocatorMismatch:
    W.Message = What + " was allocated by '" + F.Detail + "' and is freed by " +
                By + ", which is for another allocator";
    return W;
  case FindingKind::DevmInModel:
    W.Message =
        Callee && roleOf(*cast<CallExpr>(F.At)) == Role::InitDevice
            ? What + " was allocated by '" + F.Detail +
                  "', so it is freed when the bus device is unbound, whatever "
                  "references core still holds; use 'vfio_alloc_device'"
            : What + " was allocated by '" + F.Detail + "' and is freed by " +
                  By + ": devres frees it again when the bus device is unbound";
    return W;
  default:
    return std::nullopt;
  }
}

/// `kvfree` where the source says `kfree`.
static void renameFree(const Remark &R, StringRef Right, const TUModel &Model,
                       Wording &W) {
  const auto *Free = cast<CallExpr>(R.At);
  SourceRange Callee = Free->getCallee()->getSourceRange();
  if (!Right.empty() && Free->getNumArgs() == 1 &&
      isEditable(Callee, Model.Ctx))
    W.Fixes.push_back(FixItHint::CreateReplacement(Callee, Right));
}

std::optional<Wording> MismatchedFreeCheck::word(const Remark &R,
                                                 const TUModel &Model) {
  // Of a device, the findings tell.
  if (R.Kind != RemarkKind::WrongHeap ||
      llvm::any_of(Model.findings(),
                   [&](const Finding &F) { return F.At == R.At; }))
    return std::nullopt;
  StringRef Right = freeOf(heapOf(R.TakenBy->getDirectCallee()->getName()).Of);
  Wording W;
  W.Message = (R.Member ? quoted(R.Member) + " was allocated by '"
                        : std::string("memory allocated by '")) +
              calleeAsWritten(R.TakenBy, Model.Ctx) + "'" +
              (R.Member ? " and" : "") + " is freed by '" +
              calleeAsWritten(cast<CallExpr>(R.At), Model.Ctx) +
              "', which is for another allocator" +
              (Right.empty() ? "" : "; use '" + Right.str() + "'");
  renameFree(R, Right, Model, W);
  return W;
}

void MismatchedFreeCheck::report(const TUModel &Model, ASTContext &Context) {
  FindingCheck::report(Model, Context);
  LivesCheck::report(Model, Context);
}

} // namespace vfio::checks
