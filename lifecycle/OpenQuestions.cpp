//===- OpenQuestions.cpp - What a source leaves to others -----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/OpenQuestions.h"
#include "engine/EvaluatedVisitor.h"
#include "lifecycle/TUModel.h"
#include "clang/AST/Attr.h"

using namespace clang;

namespace vfio {

namespace {

/// The functions and variables of file scope that something mentions.
struct MentionedDecls : engine::EvaluatedVisitor<MentionedDecls> {
  llvm::SetVector<const NamedDecl *> Decls;
  bool VisitDeclRefExpr(DeclRefExpr *Ref) ENGINE_OVERRIDE {
    const ValueDecl *D = Ref->getDecl();
    if (isa<FunctionDecl, VarDecl>(D) && D->getIdentifier() &&
        D->getDeclContext()->isFileContext())
      Decls.insert(D);
    return true;
  }
};

/// Follows a driver from its callbacks down.
class Questioner {
public:
  explicit Questioner(const TUModel &Model) : Model(Model) {}
  OpenQuestions run();

private:
  void addSeeds();
  void reach(const NamedDecl *D);
  void read(const Stmt *S);
  bool isStory(const FunctionDecl *F) const;
  bool mayMatter(const NamedDecl *D) const;

  const TUModel &Model;
  OpenQuestions Out;
  llvm::SetVector<const NamedDecl *> Reached;
  llvm::DenseSet<const FunctionDecl *> WithSites;
};

} // namespace

/// True where something that \p T points to, or holds, can be a device, or
/// lead to one: any structure.
static bool isHandle(QualType T) {
  return T->isPointerType() && !T->getPointeeType()->isCharType() &&
         !T->getPointeeType()->isArithmeticType();
}

/// True where a function of that type can have anything to do with a device.
bool Questioner::mayMatter(const NamedDecl *D) const {
  const auto *F = dyn_cast<FunctionDecl>(D);
  if (!F)
    return cast<VarDecl>(D)->getType()->isRecordType() ||
           cast<VarDecl>(D)->getType()->isArrayType() ||
           isHandle(cast<VarDecl>(D)->getType());
  if (F->getBuiltinID())
    return false;
  // One that returns nothing does something: it may give an id back.
  return F->getNumParams() == 0 || F->getReturnType()->isVoidType() ||
         isHandle(F->getReturnType()) ||
         llvm::any_of(F->parameters(), [](const ParmVarDecl *P) {
           return isHandle(P->getType());
         });
}

/// True for functions that begin or end something for the whole module.
static bool isModuleEntry(const FunctionDecl *F) {
  const auto *Section = F->getAttr<SectionAttr>();
  return Section && (Section->getName() == ".init.text" ||
                     Section->getName() == ".exit.text");
}

bool Questioner::isStory(const FunctionDecl *F) const {
  return WithSites.contains(F->getCanonicalDecl()) || isModuleEntry(F);
}

void Questioner::addSeeds() {
  for (const Site &S : Model.Sites)
    if (S.Api->Kind < Role::Allocate || S.Api->Kind >= Role::DevmAction ||
        S.Device.Record)
      WithSites.insert(S.In->getCanonicalDecl());
  for (const FunctionDecl *F : Model.Functions)
    if (isStory(F))
      reach(F);
  for (const OpsTable &Table : Model.Ops->tables())
    for (const OpsTable::Member &M : Table.Members)
      // Most callbacks only work with the device; those that do more have a
      // site of their own.
      if (M.Callback && (!Model.definition(M.Callback) || M.Field->getName() == "init" ||
                         M.Field->getName() == "release" || M.Field->getName() == "open_device" ||
                         M.Field->getName() == "close_device"))
        reach(M.Callback);
  for (const BusDriver &B : Model.BusDrivers)
    for (const FunctionDecl *F : {B.Probe, B.Remove, B.Shutdown})
      if (F)
        reach(F);
}

void Questioner::read(const Stmt *S) {
  MentionedDecls M;
  M.TraverseStmt(const_cast<Stmt *>(S));
  for (const NamedDecl *D : M.Decls)
    reach(D);
}

/// Notes \p D as part of the story, or as something that is missing there.
void Questioner::reach(const NamedDecl *D) {
  D = cast<NamedDecl>(D->getCanonicalDecl());
  if (!Reached.insert(D))
    return;
  if (const auto *F = dyn_cast<FunctionDecl>(D)) {
    if (Model.definition(F) || F->isDefined())
      return;
  } else if (const auto *V = cast<VarDecl>(D); V->getDefinition()) {
    return;
  }
  if (Model.isDriverFile(D->getLocation()) && mayMatter(D))
    Out.Undefined.insert(D);
}

OpenQuestions Questioner::run() {
  addSeeds();
  for (size_t I = 0; I < Reached.size(); ++I) { // which grows
    if (const auto *F = dyn_cast<FunctionDecl>(Reached[I])) {
      if (const FunctionDecl *Def = Model.definition(F))
        read(Def->getBody());
    } else if (const VarDecl *Def = cast<VarDecl>(Reached[I])->getDefinition();
               Def && Def->hasInit() && Model.isDriverFile(Def->getLocation())) {
      read(Def->getInit());
    }
  }
  for (const FunctionDecl *F : Model.Functions)
    if (F->hasExternalFormalLinkage() && mayMatter(F))
      Out.Offered.insert(F);
  for (const OpsTable &Table : Model.Ops->tables())
    if (Table.Var->hasExternalFormalLinkage())
      Out.Offered.insert(Table.Var);
  return std::move(Out);
}

OpenQuestions openQuestions(const TUModel &Model) {
  return Questioner(Model).run();
}

} // namespace vfio
