//===- ProgramLink.cpp - One program in one syntax tree -------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/ProgramLink.h"
#include "lifecycle/DriverFiles.h"
#include "engine/EvaluatedVisitor.h"
#include "lifecycle/TopLevel.h"
#include "lifecycle/TwinImporter.h"

using namespace clang;

namespace vfio {

llvm::StringRef textOf(Unread Why) {
  switch (Why) {
  case Unread::NoSource:
    return "no source of the module defines it";
  case Unread::Unparsed:
    return "a source that names it does not parse";
  case Unread::Several:
    return "more than one source defines it";
  case Unread::NotImported:
    return "its definition could not be brought over";
  case Unread::OverBudget:
    return "too many sources would have to be read for it";
  }
  return "";
}

ProgramSources::~ProgramSources() = default;

namespace {
/// The names of file scope that a body or an initialiser mentions.
struct Mentions : engine::EvaluatedVisitor<Mentions> {
  llvm::StringSet<> Names;
  bool VisitDeclRefExpr(DeclRefExpr *Ref) ENGINE_OVERRIDE {
    const ValueDecl *D = Ref->getDecl();
    if (D->getIdentifier() && D->getDeclContext()->isFileContext())
      Names.insert(D->getName());
    return true;
  }
};
} // namespace

/// Another source's tree, and what is known of it.
struct ProgramLink::Tree {
  struct Item {
    NamedDecl *D; ///< a function with a body, or a variable with a value
    llvm::StringSet<> Mentions;
  };

  Tree(ASTContext &To, ASTContext &From);
  void index();

  ASTContext &From;
  TwinImporter Importer;
  std::vector<NamedDecl *> Own; ///< definitions in the driver's files
  std::vector<Item> Items;      ///< with what they mention; made on demand
};

ProgramLink::Tree::Tree(ASTContext &To, ASTContext &From)
    : From(From), Importer(To, From) {
  for (Decl *D : ownDecls(From)) {
    auto *F = dyn_cast<FunctionDecl>(D);
    auto *V = dyn_cast<VarDecl>(D);
    if ((F && F->doesThisDeclarationHaveABody()) ||
        (V && V->isThisDeclarationADefinition()))
      // What was brought there itself is asked for where it comes from.
      if (!isBroughtHere(D->getLocation(), From.getSourceManager()))
        Own.push_back(cast<NamedDecl>(D));
  }
}

void ProgramLink::Tree::index() {
  if (!Items.empty())
    return;
  for (NamedDecl *D : Own) {
    Mentions M;
    if (auto *F = dyn_cast<FunctionDecl>(D))
      M.TraverseStmt(F->getBody());
    else if (auto *V = dyn_cast<VarDecl>(D); V->hasInit())
      M.TraverseStmt(V->getInit());
    Items.push_back({D, std::move(M.Names)});
  }
}

ProgramLink::ProgramLink(ASTContext &Ctx, ProgramSources &Sources)
    : Ctx(Ctx), Sources(Sources) {}
ProgramLink::~ProgramLink() = default;

ProgramLink::Tree &ProgramLink::treeOf(ASTContext &From) {
  std::unique_ptr<Tree> &T = Trees[&From];
  if (!T)
    T = std::make_unique<Tree>(Ctx, From);
  return *T;
}

/// The definition in \p T that the linker would take for \p D.
NamedDecl *ProgramLink::definitionIn(Tree &T, const NamedDecl *D) {
  for (NamedDecl *Def : T.Own)
    if (Def->getIdentifier() && Def->getName() == D->getName() &&
        Def->hasExternalFormalLinkage() &&
        isa<FunctionDecl>(Def) == isa<FunctionDecl>(D))
      return Def;
  return nullptr;
}

bool ProgramLink::define(const NamedDecl *D) {
  if (!D->getIdentifier() || !D->hasExternalFormalLinkage() ||
      !Asked.insert(D->getName()).second)
    return false;
  ProgramSources::Answer Found = Sources.defining(D->getName());
  Unread Why = Found.OverBudget ? Unread::OverBudget
               : Found.Unparsed ? Unread::Unparsed
                                : Unread::NoSource;
  for (const auto *Some : {&Found.Own, &Found.Near}) {
    llvm::SmallVector<std::pair<Tree *, NamedDecl *>, 2> Definitions;
    for (ASTContext *From : *Some)
      if (NamedDecl *Def = definitionIn(treeOf(*From), D))
        Definitions.push_back({&treeOf(*From), Def});
    if (Definitions.size() > 1)
      Why = Unread::Several;
    if (Definitions.size() == 1) {
      if (Definitions.front().first->Importer.bring(Definitions.front().second))
        return true;
      Why = Unread::NotImported;
    }
    if (!Definitions.empty())
      break;
  }
  Reasons[D->getName()] = Why;
  return false;
}

bool ProgramLink::bringUsers(const NamedDecl *D) {
  if (!D->getIdentifier() || !D->hasExternalFormalLinkage() ||
      !AskedUsers.insert(D->getName()).second)
    return false;
  bool Brought = false;
  for (ASTContext *From : Sources.naming(D->getName()).Own) {
    Tree &T = treeOf(*From);
    T.index();
    // Who mentions it, who mentions those, and so on.
    llvm::SmallVector<std::string, 8> Work = {D->getNameAsString()};
    llvm::StringSet<> Seen;
    while (!Work.empty()) {
      std::string Name = Work.pop_back_val();
      for (Tree::Item &User : T.Items) {
        if (!User.Mentions.contains(Name) ||
            !Seen.insert(User.D->getName()).second)
          continue;
        if (!T.Importer.GetAlreadyImportedOrNull(User.D))
          Brought |= T.Importer.bring(User.D) != nullptr;
        Work.push_back(User.D->getNameAsString());
      }
    }
  }
  return Brought;
}

const Unread *ProgramLink::reason(const NamedDecl *D) const {
  if (!D->getIdentifier())
    return nullptr;
  auto It = Reasons.find(D->getName());
  return It == Reasons.end() ? nullptr : &It->second;
}

} // namespace vfio
