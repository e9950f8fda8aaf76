//===- MoveToInit.cpp - Private set-up moves to @init and @release --------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/plan/Mover.h"

using namespace clang;

namespace vfio::rewriter {

/// The variable that \p S gives \p Value: an assignment or a declaration.
static const VarDecl *keptBy(const Stmt *S, const Expr *&Value) {
  if (const auto *BO = dyn_cast<BinaryOperator>(S)) {
    Value = BO->getRHS();
    return namedVar(BO->getLHS());
  }
  const auto *DS = dyn_cast<DeclStmt>(S);
  const auto *Var = DS && DS->isSingleDecl()
                        ? dyn_cast<VarDecl>(DS->getSingleDecl())
                        : nullptr;
  Value = Var ? Var->getInit() : nullptr;
  return Var;
}

/// Where else than in probe the device is registered, behind \p Word.
std::string Mover::registeredIn(llvm::StringRef Word) const {
  for (const auto &Unit : P.Units)
    for (const Site &S : Unit->Model->Sites) {
      const RecordDecl *Rec = S.Device.Record.Record;
      if (isRegister(S.Api->Kind) && S.In != Probe && Rec &&
          Rec->getName() == RecordName)
        return (Word + " registered in " + S.In->getName() + "(), by '" +
                firstLine(Unit->text(S.Call->getSourceRange())) + "'")
            .str();
    }
  return {};
}

/// True where \p S in \p In, or a function of the driver that it calls, has a
/// call that \p Test is true of.
bool Mover::reaches(const Unit &In, const Stmt *S, bool (*Test)(Role),
                    unsigned Depth) const {
  struct Calls : ASTVisitor<Calls> {
    std::vector<const CallExpr *> Found;
    bool VisitCallExpr(CallExpr *Call) ENGINE_OVERRIDE {
      Found.push_back(Call);
      return true;
    }
  } C;
  C.TraverseStmt(const_cast<Stmt *>(S));
  return llvm::any_of(C.Found, [&](const CallExpr *Call) {
    if (Test(roleOf(*Call)) || Depth >= Deepest)
      return Test(roleOf(*Call));
    Program::Definition D = P.callee(In, Call);
    return D && reaches(*D.U, D.F->getBody(), Test, Depth + 1);
  });
}

/// True where the last that \p S does is to unregister the device, in a
/// function of the driver's as well.
bool Mover::unregistersLast(const Unit &In, const Stmt *S,
                            unsigned Depth) const {
  const auto *Call = dyn_cast_or_null<CallExpr>(S);
  if (!Call || isUnregister(roleOf(*Call)))
    return Call;
  Program::Definition D = P.callee(In, Call);
  std::vector<Item> Inner =
      D && Depth < Deepest ? itemsOf(D.F) : std::vector<Item>();
  return !Inner.empty() && !hasExit(D.F->getBody()) &&
         unregistersLast(*D.U, Inner.back().S, Depth + 1);
}

/// The allocation: in one place.
bool Mover::findAllocation() {
  for (const auto &Unit : P.Units)
    for (const Site &S : Unit->Model->Sites) {
      if (S.Api->Kind != Role::AllocDevice || !S.Device.Record ||
          S.Device.Record.Record->getNameAsString() != RecordName)
        continue;
      if (Alloc)
        return no("the structure is allocated in several places, " +
                  Probe->getNameAsString() + "() and " +
                  S.In->getNameAsString() + "()" + registeredIn(", and"));
      U = Unit.get();
      Probe = S.In;
      Alloc = S.Call;
      Pci = false;
    }
  return Alloc ? true
               : no("the structure is not allocated by vfio_alloc_device");
}

/// False where the function that allocates does nothing to the structure but
/// what its life asks for.
bool Mover::mayHaveSetUp() const {
  struct Finder : ASTVisitor<Finder> {
    llvm::StringRef Record;
    bool Found = false;
    bool isIt(const Stmt *S) const {
      if (const auto *E = dyn_cast_or_null<DeclRefExpr>(S)) {
        const RecordDecl *R = pointeeRecord(E->getType());
        return R && R->getName() == Record;
      }
      return S && llvm::any_of(S->children(),
                               [&](const Stmt *C) { return isIt(C); });
    }
    bool VisitCallExpr(CallExpr *Call) ENGINE_OVERRIDE {
      Found |= !findApi(*Call) && !Call->getBuiltinCallee() &&
               llvm::any_of(Call->arguments(),
                            [&](const Expr *Arg) { return isIt(Arg); });
      return true;
    }
    bool VisitBinaryOperator(BinaryOperator *BO) ENGINE_OVERRIDE {
      const Expr *LHS = BO->getLHS()->IgnoreParenImpCasts();
      Found |= BO->isAssignmentOp() && isa<MemberExpr>(LHS) && isIt(LHS);
      return true;
    }
  } F;
  F.Record = RecordName;
  if (Probe)
    F.TraverseStmt(Probe->getBody());
  return !Probe || F.Found;
}

bool Mover::findProbe() {
  if (!findAllocation())
    return false;
  Items = itemsOf(Probe);
  // x = vfio_alloc_device(...); if (IS_ERR(x)) ...; ...; ret = register(x)
  bool Found = false;
  for (unsigned I = 0; I + 1 < Items.size() && !Found; ++I) {
    if (!holds(Items[I].S, Alloc))
      continue;
    const Expr *Value = nullptr;
    X = keptBy(Items[I].S, Value);
    std::optional<AllocDevice> A =
        Value ? matchAllocDevice(Value, U->Model->Ctx) : std::nullopt;
    AllocAt = I;
    Check = I + 1;
    while (Check + 1 < Items.size() && isa<DeclStmt>(Items[Check].S))
      ++Check;
    if (!X || !A || A->Path.empty())
      return no("the allocation is not a plain assignment");
    if (!isa<IfStmt>(Items[Check].S))
      return no("something stands between the allocation and its test");
    Dev = *A;
    Found = true;
  }
  if (!Found)
    return no("the allocation is inside of another statement");
  for (unsigned I = Check + 1; I < Items.size(); ++I)
    if (reaches(*U, Items[I].S, isRegister)) {
      Reg = I;
      Pci = reaches(*U, Items[I].S,
                    [](Role R) { return R == Role::PciRegister; });
      break;
    }
  if (!Reg && !findCreated())
    return no("the device is not registered where it is allocated, in " +
              Probe->getNameAsString() + "()" + registeredIn(", but"));
  if (!hasRole(Items[Reg].S, isRegister) &&
      reaches(*U, Items[Reg].S, [](Role R) { return R == Role::PutDevice; }))
    return no("what registers the device puts it too, in '" +
              firstLine(text(Items[Reg].S)) + "'");
  chooseNames();
  return true;
}

/// True where something of the driver has the name \p Name, or a macro that it
/// sees.
static bool isTaken(const Program &P, llvm::StringRef Name) {
  return llvm::any_of(P.Units, [&](const auto &Unit) {
    ASTContext &Ctx = Unit->Model->Ctx;
    IdentifierInfo &Id = Ctx.Idents.get(Name);
    return Id.hasMacroDefinition() ||
           !Ctx.getTranslationUnitDecl()->lookup(&Id).empty();
  });
}

/// The names of what is added: none that the driver has.
void Mover::chooseNames() {
  llvm::StringRef Name = Probe->getName();
  for (llvm::StringRef Suffix : {"_probe", "_create", "_mdev"})
    Name.consume_back(Suffix);
  Prefix = Name.str();
  while (isTaken(P, Prefix + "_init_dev") ||
         isTaken(P, Prefix + "_release_dev"))
    Prefix += "_vfio";
  for (const VarDecl *V : namesIn(Probe->getBody()).Vars)
    if (V->getName() == Param)
      Param = "core_vdev";
}

/// True for a record on the way from the structure to its vfio_device.
bool Mover::isPart(const RecordDecl *R) const {
  return llvm::any_of(Dev.Path, [&](const FieldDecl *Field) {
    return Field->getType()->getAsRecordDecl() == R;
  });
}

bool Mover::findRemove() {
  for (const auto &Unit : P.Units)
    for (const Site &S : Unit->Model->Sites) {
      if (S.Api->Kind != Role::PutDevice)
        continue;
      if (Unit.get() == U && S.In == Probe)
        continue;
      const RecordDecl *Rec = S.Device.Record.Record;
      if (Rec && !isVfioDevice(Rec) && !isPciCoreDevice(Rec) &&
          Rec->getName() != RecordName && !isPart(Rec))
        continue; // another device of this file
      if (Remove && Remove != S.In)
        return no("the device is put in several functions, " +
                  Remove->getNameAsString() + "() and " +
                  S.In->getNameAsString() + "()");
      if (Unit.get() != U)
        return no("the device is put in another file than it is allocated in, "
                  "in " +
                  S.In->getNameAsString() + "()");
      Remove = S.In;
      RX = structureOf(S.Call->getArg(0));
    }
  return Remove && RX ? true
                      : no("no function but " + Probe->getNameAsString() +
                           "() puts the device");
}

bool Mover::findTables() {
  for (const auto &Unit : P.Units)
    for (const Site &S : Unit->Model->Sites)
      if (S.Call == Alloc) {
        if (!S.Ops.Complete)
          return no("the ops table is in another file");
        for (const OpsTable *T : S.Ops.Tables)
          Tables.push_back({Unit.get(), T});
      }
  if (Tables.empty())
    return no("the ops table was not found");
  // Its @release is not that of the table which prepared the device.
  for (const auto &Unit : P.Units)
    if (!opsWrites(*Unit).empty())
      return no("the driver sets another ops table after the allocation");
  for (const auto &Unit : P.Units)
    for (const Site &S : Unit->Model->Sites)
      if (S.Call != Alloc &&
          (S.Api->Kind == Role::AllocDevice || isOldInit(S.Api->Kind)))
        for (const OpsTable *T : S.Ops.Tables)
          for (const auto &[TU, Own] : Tables)
            if (Program::key(*Unit, T->Var) == Program::key(*TU, Own->Var))
              return no("another structure has the same ops table");
  for (auto &[TU, T] : Tables) {
    const FunctionDecl *Init = T->callback("init");
    const FunctionDecl *Release = T->callback("release");
    llvm::StringRef InitName = Init ? Init->getName() : "";
    llvm::StringRef ReleaseName = Release ? Release->getName() : "";
    if (!(InitName.empty() || InitName == "vfio_pci_core_init_dev") ||
        !(ReleaseName.empty() || ReleaseName == "vfio_free_device" ||
          ReleaseName == "vfio_pci_core_release_dev"))
      return no("the table has an init or release of its own");
    if (!T->Init || (T->find("release") && T->find("release")->InCode))
      return no("the table is filled by code");
  }
  return true;
}

/// A condition of the preprocessor between what moves, or among its undo: the
/// side that was left out would not move with it.
bool Mover::checkConditionals() {
  auto Cuts = [&](const FileRange &From, const FileRange &To) {
    return llvm::any_of(U->Conditionals, [&](const ConditionalRange &C) {
      return C.File == From.File &&
             llvm::any_of(C.Directives, [&](unsigned At) {
               return From.Begin < At && At < To.End;
             });
    });
  };
  FileRange Begin = U->range(Items[Check].S->getSourceRange());
  FileRange End = U->range(Items[Reg].S->getSourceRange());
  FileRange Body = U->range(Probe->getBody()->getSourceRange());
  FileRange RBody = U->range(Remove->getBody()->getSourceRange());
  if (!Begin || !End || !Body || !RBody)
    return no("a part of probe or remove comes from a macro");
  if (hasUndo())
    End = Body;
  if (Cuts(Begin, End) || Cuts(RBody, RBody))
    return no("a preprocessor condition stands among the set-up or its undo");
  return true;
}

/// \p S without a branch that leaves the function: what is set in that is not
/// seen behind it.
const Stmt *Mover::whatGoesOn(const Stmt *S) const {
  const auto *If = dyn_cast<IfStmt>(S);
  EntryReads Branch(Items);
  return If && !If->getElse() && !Branch.walk(If->getThen()) ? If->getCond()
                                                             : S;
}

/// A local of init must not have its value from what stays in probe, and probe
/// must not need the value that it has in init.
bool Mover::checkLocals() {
  Names Stays, After;
  EntryReads Reads(Items);
  for (unsigned I = 0; I <= Moved.back(); ++I) {
    if (isInInit(I))
      Reads.walk(Items[I].S);
    else if (!isa<DeclStmt>(Items[I].S))
      Stays.TraverseStmt(const_cast<Stmt *>(whatGoesOn(Items[I].S)));
  }
  for (const VarDecl *V : Locals)
    if (Reads.Found.count(V) && (!V->hasInit() || Stays.Written.count(V)))
      return no("a value from before the allocation is used");
  EntryReads Rest(Items);
  for (unsigned I = Moved.back() + 1; I < Items.size(); ++I)
    if (!llvm::is_contained(Ladder, I) && !llvm::is_contained(Given, I))
      Rest.walk(Items[I].S);
  VarSet Set;
  for (unsigned I : Moved) {
    Names N = namesIn(Items[I].S);
    Set.insert(N.Written.begin(), N.Written.end());
  }
  for (const VarDecl *V : Set)
    if (Rest.Found.count(V))
      return no("a value that the set-up computes is used after it");
  return true;
}

Move moveToInit(const Program &P, llvm::StringRef RecordName, Target To) {
  return Mover(P, RecordName, To).run();
}

} // namespace vfio::rewriter
