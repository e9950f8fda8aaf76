//===- PrivateState.cpp - What belongs to the structure itself ------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/read/PrivateState.h"
#include "contracts/PrivateCalls.h"
#include "contracts/ResourceTable.h"
#include "lifecycle/ASTVisitor.h"

using namespace clang;

namespace vfio::rewriter {

bool onlyReads(const CallExpr &Call) {
  const FunctionDecl *F = Call.getDirectCallee();
  if (!F || !F->getIdentifier() || F->getReturnType()->isVoidType() ||
      findHolding(F->getName()))
    return false;
  if (const ApiFunction *Api = findApi(Call))
    return Api->Kind == Role::GetDrvdata || Api->Kind == Role::IsErr;
  if (isReader(F->getName()))
    return true;
  return llvm::all_of(F->parameters(), [](const ParmVarDecl *P) {
    QualType T = P->getType();
    return !T->isPointerType() || T->getPointeeType().isConstQualified();
  });
}

/// Why what \p F of the kernel takes or gives back is not the structure's
/// alone, as the end of a clause.
static llvm::StringRef whyNotAlone(const FunctionDecl &F) {
  const ResourceRow *Row = findHolding(F.getName());
  if (!Row)
    return isReader(F.getName())
               ? ", which asks for something of the bus device"
               : ", which is not known to concern the structure alone";
  switch (Row->Kind) {
  case ResourceKind::Lock:
    return ", and what is done under a lock is not taken apart";
  case ResourceKind::Notifier:
  case ResourceKind::Work:
  case ResourceKind::Queue:
  case ResourceKind::Thread:
    return ", and what it starts must not run any more when the device has "
           "left";
  case ResourceKind::Entry:
  case ResourceKind::File:
    return ", and until when others find the device there is remove's to say";
  case ResourceKind::Interrupt:
  case ResourceKind::Mapping:
  case ResourceKind::Device:
  case ResourceKind::CoreDevice:
  case ResourceKind::Power:
    return ", which concerns the bus device";
  case ResourceKind::Counter:
  case ResourceKind::Id:
  case ResourceKind::Reference:
  case ResourceKind::Page:
  case ResourceKind::Pin:
  case ResourceKind::Object:
  case ResourceKind::Cache:
  case ResourceKind::Memory:
    return ", and what it takes is not the structure's alone";
  }
  return {};
}

namespace {
class CallChecker : public ASTVisitor<CallChecker> {
public:
  CallChecker(const Program &P, const Unit &U, Asking Asks, unsigned Depth,
              std::string Who)
      : P(P), U(U), Asks(Asks), Depth(Depth), Who(std::move(Who)) {}
  /// The first thing that is not private; empty where all is.
  std::string Why;

  bool VisitCallExpr(CallExpr *Call) ENGINE_OVERRIDE {
    const FunctionDecl *F = Call->getDirectCallee();
    if (!F || !F->getIdentifier())
      return no("calls through a pointer");
    // What the compiler brings along knows of no driver.
    if (unsigned Builtin = F->getBuiltinID();
        Builtin && !U.Model->Ctx.BuiltinInfo.isPredefinedLibFunction(Builtin))
      return true;
    // `compiletime_assert()`: what is compiled never comes to the call.
    if (F->hasAttr<ErrorAttr>())
      return true;
    switch (roleOf(*Call)) {
    case Role::Allocate:
    case Role::Free:
    case Role::IsErr:
    case Role::IsErrOrNull:
    case Role::PtrErr:
    case Role::PtrErrOrZero:
    case Role::ErrPtr:
      return true;
    case Role::None:
    case Role::FreeDevice:
    case Role::PciInitDev:
    case Role::PciReleaseDev:
      break;
    case Role::DevmAllocate:
    case Role::DevmAction:
    case Role::DevmActionOrReset:
      return no("calls " + F->getNameAsString() +
                "(), and what devm gives back goes with the bus device");
    default:
      return no("calls " + F->getNameAsString() + "()");
    }
    // A function of the driver is what it does, whatever its name.
    Program::Definition D = P.callee(U, Call);
    if (!D && (isPrivateCall(F->getName()) || isQuestion(*Call) ||
               (Asks == Asking::Allowed && isReader(F->getName()))))
      return true;
    if (!D || Depth > 3)
      return no("calls " + F->getNameAsString() + "()" + whyNotAlone(*F).str());
    CallChecker Inner(P, *D.U, Asks, Depth + 1, F->getNameAsString() + "()");
    Inner.TraverseStmt(D.F->getBody());
    Why = Inner.Why;
    return Why.empty();
  }
  /// Who finds the structure by what is written here finds it until that is
  /// taken back.
  bool VisitBinaryOperator(BinaryOperator *BO) ENGINE_OVERRIDE {
    if (BO->isAssignmentOp() && BO->getType()->isPointerType() &&
        isElsewhere(BO->getLHS()))
      return no("leaves a pointer outside of the structure");
    return true;
  }
  /// Inline assembly is out of sight.
  bool VisitAsmStmt(AsmStmt *S) ENGINE_OVERRIDE {
    return !U.Model->isDriverFile(S->getBeginLoc()) ||
           no("has inline assembly");
  }

private:
  /// A function of the kernel's that says yes or no.
  bool isQuestion(const CallExpr &Call) const {
    const FunctionDecl *F = Call.getDirectCallee();
    return F->getReturnType()->isBooleanType() && onlyReads(Call) &&
           !U.Model->isDriverFile(F->getCanonicalDecl()->getLocation());
  }
  bool no(const std::string &What) {
    if (Why.empty())
      Why = Who + " " + What;
    return false;
  }
  /// A variable of the module, or a member of what a member points to.
  static bool isElsewhere(const Expr *LHS) {
    const Expr *E = LHS->IgnoreParenImpCasts();
    bool Reached = false;
    while (true) {
      if (const auto *Sub = dyn_cast<ArraySubscriptExpr>(E)) {
        E = Sub->getBase()->IgnoreParenImpCasts();
        continue;
      }
      const auto *ME = dyn_cast<MemberExpr>(E);
      if (!ME)
        break;
      E = ME->getBase()->IgnoreParenImpCasts();
      const auto *UO = dyn_cast<UnaryOperator>(E);
      if (UO && UO->getOpcode() == UO_AddrOf)
        E = UO->getSubExpr()->IgnoreParenImpCasts(); // (&x->work)->func
      else if (ME->isArrow() && !isa<DeclRefExpr>(E))
        Reached = true;
    }
    const auto *Ref = dyn_cast<DeclRefExpr>(E);
    const auto *V = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
    return Reached ||
           (V && V->hasGlobalStorage() && !V->getLocation().isMacroID());
  }

  const Program &P;
  const Unit &U;
  Asking Asks;
  unsigned Depth;
  std::string Who; ///< the function that is looked at
};
} // namespace

std::string whyNotPrivate(const Program &P, const Unit &U, const Stmt *S,
                          Asking Asks) {
  CallChecker C(P, U, Asks, 0, "it");
  C.TraverseStmt(const_cast<Stmt *>(S));
  return C.Why;
}

bool isPrivateState(const Program &P, const Unit &U, const Stmt *S) {
  return whyNotPrivate(P, U, S).empty();
}

namespace {
/// Whether an expression changes nothing, and is worth the same wherever it
/// stands.
struct PureFinder : ASTVisitor<PureFinder> {
  unsigned Depth = 0;
  bool Pure = true;
  bool VisitCallExpr(CallExpr *Call) ENGINE_OVERRIDE {
    const FunctionDecl *F = Call->getDirectCallee();
    return Pure &= F && (F->getBuiltinID() ||
                         (F->getIdentifier() && isAccessor(F->getName())) ||
                         onlyReturns(F));
  }
  bool VisitBinaryOperator(BinaryOperator *BO) ENGINE_OVERRIDE {
    return Pure &= !BO->isAssignmentOp();
  }
  bool VisitUnaryOperator(UnaryOperator *UO) ENGINE_OVERRIDE {
    return Pure &= !UO->isIncrementDecrementOp();
  }

private:
  /// `return container_of(x, struct y, z);` is all of \p F.
  bool onlyReturns(const FunctionDecl *F) const {
    constexpr unsigned Deepest = 3;
    const FunctionDecl *Def = F->getDefinition();
    const auto *Body =
        Def ? dyn_cast_or_null<CompoundStmt>(Def->getBody()) : nullptr;
    const auto *Ret = Body && Body->size() == 1 && Depth < Deepest
                          ? dyn_cast<ReturnStmt>(Body->body_front())
                          : nullptr;
    if (!Ret || !Ret->getRetValue())
      return false;
    PureFinder Inner;
    Inner.Depth = Depth + 1;
    Inner.TraverseStmt(const_cast<Expr *>(Ret->getRetValue()));
    return Inner.Pure;
  }
};
} // namespace

bool isPure(const Expr *E) {
  PureFinder F;
  F.TraverseStmt(const_cast<Expr *>(E));
  return F.Pure;
}

llvm::StringRef fromDevice(QualType T) {
  const RecordDecl *R = pointeeRecord(T);
  if (!R || !R->getIdentifier())
    return {};
  llvm::StringRef Name = R->getName();
  if (Name == "mdev_device")
    return "to_mdev_device";
  if (Name == "pci_dev")
    return "to_pci_dev";
  if (Name == "platform_device")
    return "to_platform_device";
  if (Name == "amba_device")
    return "to_amba_device";
  if (Name == "fsl_mc_device")
    return "to_fsl_mc_device";
  if (Name == "auxiliary_device")
    return "to_auxiliary_dev";
  return {};
}

} // namespace vfio::rewriter
