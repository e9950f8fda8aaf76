//===- PrivateState.cpp - What belongs to the structure itself ------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/read/PrivateState.h"
#include "contracts/ResourceTable.h"
#include "lifecycle/ASTVisitor.h"

using namespace clang;

namespace vfio::rewriter {

/// Beginnings of the names of functions that touch nothing but memory, locks,
/// ids and counters (6.1: include/linux/{mutex,spinlock,list,idr,atomic,string,
/// completion,workqueue,timer,bitmap}.h and what their macros expand to).
static const char *const PrivateCalls[] = {
    "mutex_init", "__mutex_init", "mutex_destroy", "spin_lock_init",
    "__spin_lock_init", "__raw_spin_lock_init", "rwlock_init", "__rwlock_init",
    "init_rwsem", "__init_rwsem", "sema_init", "INIT_", "__init_work",
    "init_completion", "__init_completion", "__init_swait", "init_swait",
    "__init_waitqueue", "init_waitqueue", "init_timer_key", "timer_setup",
    "lockdep_", "debug_check", "ida_", "idr_init", "idr_destroy", "xa_init",
    "xa_destroy", "memcpy", "memset", "memmove", "__fortify", "fortify_",
    "__write_overflow", "__read_overflow", "strcpy", "strncpy", "strlcpy",
    "strscpy", "strcat", "strlcat", "__hash_init", "strlen", "strnlen",
    "strcmp", "strncmp", "sprintf", "snprintf", "scnprintf", "dev_name",
    "kobject_name", "_dev_", "dev_printk", "_printk", "printk", "__dynamic",
    "atomic_", "atomic64_", "arch_atomic", "raw_atomic", "instrument_",
    "kasan_", "kcsan_", "refcount_set", "kref_init", "bitmap_", "set_bit",
    "clear_bit", "__builtin_", "__compiletime", "array_size", "size_mul",
    "size_add", "roundup_pow", "__roundup_pow", "ilog2", "__ilog2", "fls",
    "is_power_of_2", "get_random", "jiffies", "ktime_get", "cpu_to_",
    "__cpu_to", "put_unaligned", "vfio_pci_core_init_dev",
    // core gives it back at the end
    "vfio_assign_device_set", "vfio_pci_core_release_dev", "vfio_free_device",
    "IS_ERR", "PTR_ERR", "ERR_PTR"};

static bool isPrivateName(llvm::StringRef Name) {
  for (llvm::StringRef P : PrivateCalls)
    if (Name.starts_with(P))
      return true;
  return false;
}

/// The kernel's functions that read, and whose parameters do not say so.
static bool isReader(llvm::StringRef Name) {
  static constexpr llvm::StringLiteral Readers[] = {"mdev_get_type_group_id",
                                                    "mdev_dev",
                                                    "mdev_parent_dev",
                                                    "mtype_get_type_group_id",
                                                    "mtype_get_parent_dev",
                                                    "pci_find_capability",
                                                    "pci_find_ext_capability",
                                                    "pci_num_vf",
                                                    "pci_physfn",
                                                    "pci_iov_vf_id",
                                                    "pci_is_pcie",
                                                    "pci_msix_vec_count",
                                                    "platform_get_resource",
                                                    "fsl_mc_is_cont_dev",
                                                    "dev_to_node",
                                                    "dev_driver_string",
                                                    "device_iommu_capable",
                                                    "iommu_present"};
  return llvm::is_contained(Readers, Name);
}

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

namespace {
class CallChecker : public ASTVisitor<CallChecker> {
public:
  CallChecker(const Program &P, const Unit &U, unsigned Depth, std::string Who)
      : P(P), U(U), Depth(Depth), Who(std::move(Who)) {}
  /// The first thing that is not private; empty where all is.
  std::string Why;

  bool VisitCallExpr(CallExpr *Call) ENGINE_OVERRIDE {
    const FunctionDecl *F = Call->getDirectCallee();
    if (!F || !F->getIdentifier())
      return no("calls through a pointer");
    switch (roleOf(*Call)) {
    case Role::Allocate:
    case Role::Free:
    case Role::IsErr:
    case Role::PtrErr:
      return true;
    case Role::None:
    case Role::FreeDevice:
    case Role::PciInitDev:
    case Role::PciReleaseDev:
      break;
    default:
      return no("calls " + F->getNameAsString() + "()");
    }
    // A function of the driver is what it does, whatever its name.
    Program::Definition D = P.callee(U, Call);
    if (!D && (isPrivateName(F->getName()) || isQuestion(*Call)))
      return true;
    if (!D || Depth > 3)
      return no("calls " + F->getNameAsString() +
                "(), which is not known to concern the structure alone");
    CallChecker Inner(P, *D.U, Depth + 1, F->getNameAsString() + "()");
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
  unsigned Depth;
  std::string Who; ///< the function that is looked at
};
} // namespace

std::string whyNotPrivate(const Program &P, const Unit &U, const Stmt *S) {
  CallChecker C(P, U, 0, "it");
  C.TraverseStmt(const_cast<Stmt *>(S));
  return C.Why;
}

bool isPrivateState(const Program &P, const Unit &U, const Stmt *S) {
  return whyNotPrivate(P, U, S).empty();
}

bool isPure(const Expr *E) {
  struct Finder : ASTVisitor<Finder> {
    bool Pure = true;
    bool VisitCallExpr(CallExpr *Call) ENGINE_OVERRIDE {
      const FunctionDecl *F = Call->getDirectCallee();
      llvm::StringRef Name =
          F && F->getIdentifier() ? F->getName() : llvm::StringRef();
      return Pure = Name.starts_with("to_") || Name == "mdev_dev" ||
                    Name == "mdev_parent_dev" ||
                    Name == "mdev_get_type_group_id" ||
                    Name.starts_with("__builtin_");
    }
    bool VisitBinaryOperator(BinaryOperator *BO) ENGINE_OVERRIDE {
      return Pure &= !BO->isAssignmentOp();
    }
    bool VisitUnaryOperator(UnaryOperator *UO) ENGINE_OVERRIDE {
      return Pure &= !UO->isIncrementDecrementOp();
    }
  } F;
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
