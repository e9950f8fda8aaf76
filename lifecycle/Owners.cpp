//===- Owners.cpp - Which structures a vfio_device can be part of ---------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/Owners.h"
#include "lifecycle/ASTVisitor.h"

using namespace clang;

namespace vfio {

bool Owners::contains(const RecordDecl *R) const {
  return llvm::any_of(List, [&](const Owner &O) {
    return O.Record.Record->getCanonicalDecl() == R->getCanonicalDecl();
  });
}

static void merge(Owners &Into, const Owners &From) {
  for (const Owners::Owner &O : From.List)
    if (!Into.contains(O.Record.Record))
      Into.List.push_back(O);
  Into.Complete &= From.Complete;
}

namespace {
/// The values that a function returns, and the calls it makes to another.
struct ReturnsAndCalls : ASTVisitor<ReturnsAndCalls> {
  const FunctionDecl *Callee = nullptr;
  llvm::SmallVector<const Expr *, 2> Values;
  llvm::SmallVector<const CallExpr *, 4> Calls;
  bool AddressTaken = false;
  llvm::SmallPtrSet<const Expr *, 4> CalledAs;

  bool VisitReturnStmt(ReturnStmt *R) ENGINE_OVERRIDE {
    if (R->getRetValue())
      Values.push_back(R->getRetValue());
    return true;
  }
  bool VisitCallExpr(CallExpr *Call) ENGINE_OVERRIDE {
    const FunctionDecl *D = Call->getDirectCallee();
    if (Callee && D && D->getCanonicalDecl() == Callee->getCanonicalDecl()) {
      Calls.push_back(Call);
      CalledAs.insert(Call->getCallee()->IgnoreParenImpCasts());
    }
    return true;
  }
  bool VisitDeclRefExpr(DeclRefExpr *Ref) ENGINE_OVERRIDE {
    if (Callee &&
        Ref->getDecl()->getCanonicalDecl() == Callee->getCanonicalDecl() &&
        !CalledAs.contains(Ref))
      AddressTaken = true;
    return true;
  }
};
} // namespace

bool leavesTheUnit(const TUModel &Model, const OpsTable &Table) {
  if (Table.Var->isExternallyVisible())
    return true;
  for (const FunctionDecl *F : Model.Functions) {
    if (!F->isExternallyVisible() ||
        !isVfioDeviceOps(pointeeRecord(F->getReturnType())))
      continue;
    ReturnsAndCalls R;
    R.TraverseStmt(F->getBody());
    for (const Expr *Value : R.Values)
      if (llvm::is_contained(Model.Ops->targets(Value, F).Tables, &Table))
        return true;
  }
  return false;
}

Owners ownersOfTable(const TUModel &Model, const OpsTable &Table) {
  Owners Out;
  for (const Site &S : Model.Sites) {
    Role K = S.Api->Kind;
    if (K != Role::AllocDevice && K != Role::InitDevice && !isOldInit(K))
      continue;
    // A use whose table is not understood may be a use of this one.
    if (!S.Ops.Complete)
      Out.Complete = false;
    if (!llvm::is_contained(S.Ops.Tables, &Table))
      continue;
    if (!S.Device.Record || S.Device.Record.Several)
      Out.Complete = false;
    else if (!Out.contains(S.Device.Record.Record))
      Out.List.push_back({S.Device.Record, &S});
  }
  if (Out.List.empty() || leavesTheUnit(Model, Table))
    Out.Complete = false;
  return Out;
}

/// True where \p F is the value of a member of \p Table.
static bool isCallbackOf(const FunctionDecl *F, const OpsTable &Table) {
  return llvm::any_of(Table.Members, [&](const OpsTable::Member &M) {
    return M.Callback &&
           M.Callback->getCanonicalDecl() == F->getCanonicalDecl();
  });
}

static Owners ownersOfParam(const TUModel &Model, const FunctionDecl *F,
                            unsigned Index, unsigned Depth) {
  Owners Out;
  bool Callback = false;
  for (const OpsTable &Table : Model.Ops->tables())
    if (isCallbackOf(F, Table) && Index == 0) {
      Callback = true;
      merge(Out, ownersOfTable(Model, Table));
    }
  if (F->isExternallyVisible())
    Out.Complete = false;
  // A helper: its callers know. Drivers nest these two or three deep.
  bool Called = false;
  for (const FunctionDecl *Caller : Model.Functions) {
    ReturnsAndCalls R;
    R.Callee = F;
    R.TraverseStmt(Caller->getBody());
    // An address that is taken outside of tables can lead anywhere.
    if (R.AddressTaken)
      Out.Complete = false;
    for (const CallExpr *Call : R.Calls) {
      Called = true;
      if (Depth > 3 || Index >= Call->getNumArgs() || Caller == F) {
        Out.Complete = false;
        continue;
      }
      DeviceRef Ref = Model.resolve(Call->getArg(Index));
      const auto *Param = dyn_cast_or_null<ParmVarDecl>(Ref.Root);
      if (Ref.Record && !isVfioDevice(Ref.Record.Record)) {
        Owners One;
        One.List.push_back({Ref.Record, nullptr});
        merge(Out, One);
      } else if (Param && isVfioDevice(pointeeRecord(Param->getType()))) {
        merge(Out, ownersOfParam(Model, Caller, Param->getFunctionScopeIndex(),
                                 Depth + 1));
      } else {
        Out.Complete = false;
      }
    }
  }
  if (!Callback && !Called)
    Out.Complete = false;
  return Out;
}

Owners ownersOfParam(const TUModel &Model, const FunctionDecl *F,
                     const ParmVarDecl *Param) {
  return ownersOfParam(Model, F, Param->getFunctionScopeIndex(), 0);
}

bool isContainerIn(const DeviceRecord &Owner, const RecordDecl *Record,
                   const FieldPath &Path) {
  const RecordDecl *At = Owner.Record;
  for (size_t I = 0; I < Owner.Path.size(); ++I) {
    if (At && At->getCanonicalDecl() == Record->getCanonicalDecl() &&
        llvm::equal(llvm::ArrayRef(Owner.Path).drop_front(I), Path))
      return true;
    At = Owner.Path[I]->getType()->getAsRecordDecl();
  }
  return false;
}

} // namespace vfio
