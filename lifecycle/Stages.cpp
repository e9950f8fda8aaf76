//===- Stages.cpp - When each function of a driver runs -------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/Stages.h"
#include "lifecycle/ASTVisitor.h"
#include "lifecycle/GlobalNames.h"
#include "lifecycle/ProgramLink.h"

using namespace clang;

namespace vfio {

Stages::Stages(const TUModel &Model) : Model(Model) {
  addTables();
  addModule();
  addOthers();
}

void Stages::add(const FunctionDecl *F, Stage When) {
  const FunctionDecl *Def = Model.definition(F);
  if (Def && llvm::none_of(Roots, [&](const Root &R) { return R.F == Def; }))
    Roots.push_back({Def, When});
}

const Story &Stages::story(const FunctionDecl *F) const {
  std::unique_ptr<Story> &S = Told[F->getCanonicalDecl()];
  if (!S)
    S = std::make_unique<Story>(Model, F);
  return *S;
}

bool Stages::hasItsCallers(const Root &R) const {
  return R.When != Stage::Later || !R.F->isExternallyVisible() ||
         !Model.link() || Model.link()->wantsUsers();
}

//===-- Several drivers in a file -----------------------------------------===//

/// The outermost structures with a device in them that \p R is, or is part of.
static void addDevices(const TUModel &Model, const RecordDecl *R,
                       llvm::SmallPtrSetImpl<const Decl *> &Out) {
  auto IsPart = [&](const FieldDecl *F) {
    const RecordDecl *Of = F->getType()->getAsRecordDecl();
    return Of && Of->getCanonicalDecl() == R->getCanonicalDecl();
  };
  for (const DeviceRecord &D : Model.Records)
    if (D.Record->getCanonicalDecl() == R->getCanonicalDecl() ||
        llvm::any_of(D.Path, IsPart))
      Out.insert(D.Record->getCanonicalDecl());
}

const Stages::Devices &Stages::devicesOf(const FunctionDecl *F) const {
  std::unique_ptr<Devices> &Out = Touched[F->getCanonicalDecl()];
  if (Out)
    return *Out;
  Out = std::make_unique<Devices>();
  for (const StoryStep &S : story(F).steps())
    if (S.Field && Model.isDriverFile(S.Field->getLocation()))
      addDevices(Model, S.Field->getParent(), *Out);
  return *Out;
}

bool Stages::mayConcern(const FunctionDecl *F, const RecordDecl *Device) const {
  const Devices &Its = devicesOf(F);
  Devices Wanted;
  addDevices(Model, Device, Wanted);
  return Its.empty() || Wanted.empty() ||
         llvm::any_of(Wanted, [&](const Decl *D) { return Its.contains(D); });
}

bool Stages::mayMeet(const FunctionDecl *F, const FunctionDecl *Other) const {
  const Devices &Its = devicesOf(Other);
  return Its.empty() || llvm::any_of(Its, [&](const Decl *D) {
           return mayConcern(F, cast<RecordDecl>(D));
         });
}

static Stage stageOf(const FieldDecl *Member) {
  llvm::StringRef Name = Member->getName();
  if (Name == "init")
    return Stage::Init;
  if (Name == "release")
    return Stage::Release;
  if (Name == "open_device")
    return Stage::Open;
  return Name == "close_device" ? Stage::Close : Stage::Anytime;
}

void Stages::addTables() {
  for (const OpsTable &Table : Model.Ops->tables())
    for (const OpsTable::Member &M : Table.Members)
      add(M.Callback, stageOf(M.Field));
  for (const BusDriver &B : Model.BusDrivers) {
    add(B.Probe, Stage::Probe);
    add(B.Remove, Stage::Remove);
  }
}

/// `module_init(f)` is an alias of init_module in a module, and a variable of
/// its own type elsewhere.
void Stages::addModule() {
  auto ByAlias = [&](llvm::StringRef Name, Stage When) {
    for (const NamedDecl *D : globals(Model.Ctx, Name)) {
      const auto *Alias = D->getAttr<AliasAttr>();
      if (!Alias)
        continue;
      for (const NamedDecl *Target : globals(Model.Ctx, Alias->getAliasee()))
        if (const auto *F = dyn_cast<FunctionDecl>(Target))
          add(F, When);
    }
  };
  ByAlias("init_module", Stage::ModuleInit);
  ByAlias("cleanup_module", Stage::ModuleExit);
  for (const VarDecl *Var : Model.Vars) {
    const auto *T = Var->getType()->getAs<TypedefType>();
    if (!T || !Var->hasInit())
      continue;
    llvm::StringRef Name = T->getDecl()->getName();
    if (Name == "initcall_t")
      add(namedFunction(Var->getInit()), Stage::ModuleInit);
    if (Name == "exitcall_t")
      add(namedFunction(Var->getInit()), Stage::ModuleExit);
  }
}

namespace {
/// Functions that are named and not called, and those that are called.
class NamedFunctions : public EvaluatedVisitor<NamedFunctions> {
public:
  llvm::SmallPtrSet<const FunctionDecl *, 32> Taken, Called;
  bool VisitCallExpr(CallExpr *Call) ENGINE_OVERRIDE {
    Callees.insert(Call->getCallee()->IgnoreParenImpCasts());
    if (const FunctionDecl *F = Call->getDirectCallee())
      Called.insert(F->getCanonicalDecl());
    return true;
  }
  bool VisitDeclRefExpr(DeclRefExpr *Ref) ENGINE_OVERRIDE {
    const auto *F = dyn_cast<FunctionDecl>(Ref->getDecl());
    if (F && !Callees.contains(Ref))
      Taken.insert(F->getCanonicalDecl());
    return true;
  }

private:
  llvm::SmallPtrSet<const Expr *, 32> Callees;
};
} // namespace

/// True for the tables by which core calls migration and dirty tracking.
static bool isMigrationTable(const VarDecl *Var) {
  const RecordDecl *R = Var->getType()->getAsRecordDecl();
  return R && R->getIdentifier() &&
         (R->getName() == "vfio_migration_ops" ||
          R->getName() == "vfio_log_ops");
}

void Stages::addOthers() {
  NamedFunctions All, Migration, Here;
  for (const FunctionDecl *F : Model.Functions) {
    All.TraverseStmt(F->getBody());
    if (!Model.isBrought(F))
      Here.TraverseStmt(F->getBody());
  }
  for (const VarDecl *Var : Model.Vars)
    if (Var->hasInit())
      (isMigrationTable(Var) ? Migration : All)
          .TraverseStmt(const_cast<Expr *>(Var->getInit()));
  for (const FunctionDecl *F : Model.Functions) {
    const FunctionDecl *C = F->getCanonicalDecl();
    if (Migration.Taken.contains(C))
      add(F, Stage::Anytime);
    else if (All.Taken.contains(C) ||
             // Whether another source's call of it was brought along, and is
             // followed that far, is chance.
             (F->isExternallyVisible() &&
              !(Model.isBrought(F) ? All : Here).Called.contains(C)))
      add(F, Stage::Later);
  }
}

bool isSkippedWhenFailed(Stage Opener, Stage Other) {
  if (Other == Opener || Other == Stage::Anytime || Other == Stage::Close)
    return true;
  switch (Opener) {
  case Stage::Init:
    return Other == Stage::Remove || Other == Stage::Open ||
           Other == Stage::Release;
  case Stage::Probe:
    return Other == Stage::Remove || Other == Stage::Open;
  case Stage::ModuleInit:
    return Other == Stage::ModuleExit;
  default:
    return false;
  }
}

} // namespace vfio
