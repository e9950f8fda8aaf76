//===- BusDrivers.cpp - What hangs a driver to its bus --------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/TUModel.h"

using namespace clang;

namespace vfio {

/// Calls \p Visit with each member that \p List gives a value, and the value.
static void
forEachMember(const InitListExpr *List,
              llvm::function_ref<void(const FieldDecl *, const Expr *)> Visit) {
  if (const InitListExpr *Semantic = List->getSemanticForm())
    List = Semantic;
  const RecordDecl *R = List->getType()->getAsRecordDecl();
  if (!R || !R->getDefinition())
    return;
  if (R->isUnion()) {
    if (const FieldDecl *F = List->getInitializedFieldInUnion();
        F && List->getNumInits())
      Visit(F, List->getInit(0));
    return;
  }
  unsigned I = 0;
  for (const FieldDecl *F : R->getDefinition()->fields())
    if (I < List->getNumInits())
      Visit(F, List->getInit(I++));
}

/// Reads the callbacks from \p List, which initialises a bus driver or an
/// anonymous part of one.
static void readCallbacks(const InitListExpr *List, BusDriver &B) {
  forEachMember(List, [&](const FieldDecl *F, const Expr *Value) {
    // In 6.11 and later, remove and remove_new are a union.
    if (const auto *Inner = dyn_cast_or_null<InitListExpr>(Value);
        Inner && F->isAnonymousStructOrUnion())
      return readCallbacks(Inner, B);
    const FunctionDecl *Fn = Value ? namedFunction(Value) : nullptr;
    if (!Fn)
      return;
    if (F->getName() == "probe" || F->getName() == "create")
      B.Probe = Fn;
    else if (F->getName() == "remove" || F->getName() == "remove_new")
      B.Remove = Fn;
    else if (F->getName() == "shutdown")
      B.Shutdown = Fn;
  });
}

/// True where \p List, or a part of it, gives one of the members \p Names a
/// value.
static bool setsOneOf(const InitListExpr *List,
                      llvm::ArrayRef<llvm::StringRef> Names) {
  bool Sets = false;
  forEachMember(List, [&](const FieldDecl *F, const Expr *Value) {
    if (!Value || isa<ImplicitValueInitExpr>(Value))
      return;
    if (const auto *Inner = dyn_cast<InitListExpr>(Value))
      Sets |= setsOneOf(Inner, Names);
    else
      Sets |= F->getIdentifier() && llvm::is_contained(Names, F->getName());
  });
  return Sets;
}

/// True where \p R has a member `remove`.
static bool canRemove(const RecordDecl *R) {
  return llvm::any_of(R->getDefinition()->fields(), [](const FieldDecl *F) {
    return F->isAnonymousStructOrUnion()
               ? canRemove(F->getType()->getAsRecordDecl())
               : F->getName() == "remove";
  });
}

static bool isDriverCore(const RecordDecl *R) {
  return R && R->getIdentifier() && R->getName() == "device_driver";
}

/// True for `struct device_driver`, and for a bus's structure around it: the
/// bus calls the functions in there. Up to 5.18 mdev had one of its own.
static bool isBusDriver(const RecordDecl *R) {
  if (!R || !R->getDefinition())
    return false;
  if (isDriverCore(R) || (R->getIdentifier() && R->getName() == "mdev_parent_ops"))
    return true;
  return llvm::any_of(R->getDefinition()->fields(), [](const FieldDecl *F) {
    return isDriverCore(F->getType()->getAsRecordDecl());
  });
}

/// Adds the bus drivers that \p Init, of \p Var or of a part of it, is or has
/// in it: a table of them, or a structure around one.
void TUModel::collectBusDrivers(const VarDecl *Var, const Expr *Init) {
  const auto *List = dyn_cast_or_null<InitListExpr>(Init);
  if (!List)
    return;
  if (isBusDriver(List->getType()->getAsRecordDecl())) {
    BusDriver B{Var};
    readCallbacks(List, B);
    // Nobody can unbind a driver with suppress_bind_attrs.
    B.LacksRemove =
        canRemove(List->getType()->getAsRecordDecl()) &&
        !setsOneOf(List, {"remove", "remove_new", "suppress_bind_attrs"});
    BusDrivers.push_back(B);
    return;
  }
  if (const InitListExpr *Semantic = List->getSemanticForm())
    List = Semantic;
  for (const Expr *Inner : List->inits())
    collectBusDrivers(Var, Inner);
}

void TUModel::collectBusDrivers() {
  for (const VarDecl *Var : Vars)
    collectBusDrivers(Var, Var->getInit());
}

} // namespace vfio
