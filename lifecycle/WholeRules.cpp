//===- WholeRules.cpp - What nothing in a module does ---------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A device that a driver keeps in a list of its own comes back from there as
// something that no path has seen before. Where all of a module was read, and
// nothing in it does what is due at the end of a life, that needs no path.
//
//===----------------------------------------------------------------------===//

#include "engine/EvaluatedVisitor.h"
#include "lifecycle/OpenQuestions.h"
#include "lifecycle/Rules.h"
#include "lifecycle/Stages.h"

using namespace clang;

namespace vfio::flow {

namespace {
/// The functions that something names, and what ends a device out of sight.
struct CallsOf : engine::EvaluatedVisitor<CallsOf> {
  llvm::SetVector<const FunctionDecl *> Named;
  llvm::SmallPtrSet<const Expr *, 16> Callees;
  bool DropsReference = false; ///< of any kind
  bool HandsOn = false;        ///< a function that ends a device, as a value
  bool VisitCallExpr(CallExpr *Call) ENGINE_OVERRIDE {
    Callees.insert(Call->getCallee()->IgnoreParenImpCasts());
    return true;
  }
  bool VisitDeclRefExpr(DeclRefExpr *Ref) ENGINE_OVERRIDE {
    if (const auto *F = dyn_cast<FunctionDecl>(Ref->getDecl())) {
      Named.insert(F->getCanonicalDecl());
      const ApiFunction *Api =
          F->getIdentifier() ? findApi(F->getName()) : nullptr;
      HandsOn |=
          Api && !Callees.contains(Ref) &&
          (Api->Kind == Role::Unregister || Api->Kind == Role::PutDevice);
      const ResourceRow *Row =
          F->getIdentifier() ? findResource(F->getName()) : nullptr;
      DropsReference |=
          Row && Row->Gives && Row->Kind == ResourceKind::Reference;
    }
    return true;
  }
};

/// The whole of a module, as far as its devices' ends go.
class Whole {
public:
  explicit Whole(const TUModel &Model) : Model(Model) {}

  /// True where every device of the module is of one kind, made by core.
  bool makesOneKind();
  /// True where all that can run was read, and no count is dropped directly.
  bool isRead();
  bool does(Role Kind) const;
  /// A call by \p Kind in what runs when the module goes, and not where
  /// devices are made; null where there is none.
  const Site *atEnd(Role Kind);
  /// True where \p Kind is called outside of the functions that make devices.
  bool doesElsewhere(Role Kind) const;
  const Site *registration() const;
  const FunctionDecl *exit() const { return Exit; }

private:
  bool makes(const FunctionDecl *F) const {
    return Makers.contains(F->getCanonicalDecl());
  }
  void reachFromExit();

  const TUModel &Model;
  const FunctionDecl *Exit = nullptr;
  llvm::SmallPtrSet<const FunctionDecl *, 4> Makers;
  llvm::SetVector<const FunctionDecl *> AtEnd;
};
} // namespace

bool Whole::makesOneKind() {
  const TagDecl *Record = nullptr;
  for (const Site &S : Model.Sites) {
    switch (S.Api->Kind) {
    case Role::AllocDevice:
      if (!S.Device.Record ||
          (Record && Record != S.Device.Record.Record->getCanonicalDecl()))
        return false;
      Record = S.Device.Record.Record->getCanonicalDecl();
      Makers.insert(S.In->getCanonicalDecl());
      break;
    case Role::InitDevice:
    case Role::DevmAction:
    case Role::DevmActionOrReset:
      return false;
    default:
      break;
    }
  }
  return Record && Model.Damaged.empty() && Model.DamagedDecls.empty();
}

bool Whole::isRead() {
  for (const Stages::Root &R : Stages(Model).roots())
    if (R.When == Stage::ModuleExit && !Model.isBrought(R.F))
      Exit = R.F;
  if (!Exit || !Model.link() || !openQuestions(Model).Undefined.empty())
    return false;
  reachFromExit();
  CallsOf All;
  for (const FunctionDecl *F : Model.Functions)
    All.TraverseStmt(F->getBody());
  for (const VarDecl *V : Model.Vars)
    if (V->hasInit())
      All.TraverseStmt(const_cast<Expr *>(V->getInit()));
  return !All.DropsReference && !All.HandsOn;
}

/// What the module's exit leads to; a bus calls what a driver's table names.
void Whole::reachFromExit() {
  AtEnd.insert(Exit->getCanonicalDecl());
  for (const BusDriver &B : Model.BusDrivers)
    if (B.Remove)
      AtEnd.insert(B.Remove->getCanonicalDecl());
  for (size_t I = 0; I < AtEnd.size(); ++I) // which grows
    if (const FunctionDecl *Def = Model.definition(AtEnd[I])) {
      CallsOf C;
      C.TraverseStmt(Def->getBody());
      AtEnd.insert(C.Named.begin(), C.Named.end());
    }
}

bool Whole::does(Role Kind) const {
  return llvm::any_of(Model.Sites,
                      [&](const Site &S) { return S.Api->Kind == Kind; });
}

bool Whole::doesElsewhere(Role Kind) const {
  return llvm::any_of(Model.Sites, [&](const Site &S) {
    return S.Api->Kind == Kind && !makes(S.In);
  });
}

const Site *Whole::atEnd(Role Kind) {
  for (const Site &S : Model.Sites)
    if (S.Api->Kind == Kind && !makes(S.In) &&
        AtEnd.contains(S.In->getCanonicalDecl()))
      return &S;
  return nullptr;
}

const Site *Whole::registration() const {
  for (const Site &S : Model.Sites)
    if (S.Api->Kind == Role::Register)
      return &S;
  return nullptr;
}

void Rules::judgeWhole() {
  // A path that shows more, or a doubt about it, has the last word.
  if (!Candidates.empty())
    return;
  Whole All(Model);
  if (!All.makesOneKind() || All.does(Role::PciRegister) ||
      All.does(Role::PciUnregister))
    return;
  bool Unregisters = All.does(Role::Unregister);
  if (Unregisters && All.doesElsewhere(Role::PutDevice))
    return;
  const Site *Registers = All.registration();
  if (!Registers || !All.isRead())
    return;
  const Site *Wrong =
      All.atEnd(Unregisters ? Role::Unregister : Role::PutDevice);
  if (!Wrong)
    return;
  const SourceManager &SM = Model.Ctx.getSourceManager();
  Candidate C{{}, {}, Deed::Put};
  C.F.Kind = Unregisters ? FindingKind::LeakAfterUnregister
                         : FindingKind::PutWhileRegistered;
  C.F.In = Wrong->In;
  C.F.At = Wrong->Call;
  C.F.Where = SM.getExpansionLoc(Wrong->Call->getBeginLoc());
  C.F.Device = Wrong->Call->getArg(Wrong->Api->Subject);
  C.F.Record = Wrong->Device.Record.Record;
  C.F.Notes.push_back({FindingNote::RegisteredHere,
                       SM.getExpansionLoc(Registers->Call->getExprLoc())});
  C.F.Root = All.exit();
  Candidates.push_back(std::move(C));
}

} // namespace vfio::flow
