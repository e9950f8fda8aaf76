//===- ConvertTables.cpp - @init and @release in the ops tables -----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/Conversion.h"
#include "rewriter/IommufdRows.h"
#include "clang/AST/ParentMapContext.h"

using namespace clang;

namespace vfio::rewriter {

bool Conversion::tablesOf(const SiteRef &Init,
                          std::vector<TableRef> &Out) const {
  int Arg = Init.S->Api->Ops;
  return Arg < int(Init.S->Call->getNumArgs()) &&
         namedTables(P, *Init.U, Init.S->In, Init.S->Call->getArg(Arg), Out);
}

/// All tables that a device of the driver can have: those of the inits, and
/// those that the driver sets itself later.
bool Conversion::allTables(std::vector<TableRef> &Out) {
  auto Unknown = [&](const Unit &U, SourceLocation Loc) {
    refuse(RefusalId::UnknownOps, U, Loc,
           "the ops table of this device could not be followed to one in the "
           "files that were read",
           "name the table in the call, or give vfio-migrate the file that "
           "defines it");
    return false;
  };
  for (const SiteRef &Init : D.Inits)
    if (!tablesOf(Init, Out))
      return Unknown(*Init.U, Init.S->Call->getBeginLoc());
  for (unsigned I : D.Allocs)
    if (const AllocSite &A = Flow.allocs()[I];
        D.Inits.empty() &&
        (A.Api->Ops >= int(A.Call->getNumArgs()) ||
         !namedTables(P, *A.U, A.In, A.Call->getArg(A.Api->Ops), Out)))
      return Unknown(*A.U, A.Call->getBeginLoc());
  for (const Unit *U : D.Units)
    for (const OpsWrite &W : opsWrites(*U))
      if (!D.OthersFunctions.count(W.In->getNameAsString()) &&
          !namedTables(P, *U, W.In, W.Table, Out))
        return Unknown(*U, W.Table->getBeginLoc());
  return true;
}

void Conversion::convertTables() {
  std::set<std::string> Done;
  std::vector<TableRef> Tables;
  if (!allTables(Tables))
    return;
  for (const TableRef &Ref : Tables) {
    const OpsTable *Table = Ref.T;
    if (Table->Opaque) {
      refuse(RefusalId::UnknownOps, *Ref.U, Table->Var->getLocation(),
             "the ops table is filled by code in a way that is not followed",
             "initialise the table where it is defined");
      return;
    }
    std::string Key =
        Program::key(*Ref.U, Table->Var) +
        std::to_string(Table->Init ? Table->Init->getBeginLoc().getRawEncoding()
                                   : 0);
    if (!Done.insert(Key).second || Table->CopyOf)
      continue;
    if (Owned.count(Program::key(*Ref.U, Table->Var))) {
      writeOwnTables(*Ref.U, *Table);
    } else {
      addCallbacks(*Ref.U, *Table);
      addIommufd(*Ref.U, *Table);
    }
  }
}

void Conversion::addIommufd(const Unit &U, const OpsTable &T) {
  if (To != Target::CoreFrees)
    return;
  std::vector<const Site *> Registers;
  for (const SiteRef &R : D.Registers)
    Registers.push_back(R.S);
  bool Emulated = llvm::any_of(
      Plan, [](const Step &S) { return isStep(S, StepId::RegisterEmulated); });
  IommufdRows Rows = iommufdRows(T, Registers, Emulated);
  if (!Rows.Remark.empty())
    Remarks.push_back(Rows.Remark);
  SourceLocation Loc = T.Var->getLocation();
  if (Rows.Rows.empty() || !edit(U, U.range(T.Init->getSourceRange()), Loc))
    return;
  appendRows(Edits, U, T, Rows.Rows);
  step(StepId::AddIommufd, U, Loc, {Rows.What});
}

/// True where \p F does what an @release of the new model does.
static bool endsDevice(const Unit &U, const FunctionDecl *F) {
  return F && llvm::any_of(U.Model->sitesIn(F), [](const Site *S) {
           return S->Api->Kind == Role::FreeDevice ||
                  S->Api->Kind == Role::PciReleaseDev;
         });
}

/// Before 5.15 the members .open and .release of a table were called for each
/// file; since then .open_device and .close_device are, for the first and the
/// last of them, and .release says something else.
bool Conversion::renameFileCallbacks(const Unit &U, const OpsTable &T) {
  const OpsTable::Member *Release = T.find("release");
  if (!T.Init || T.find("close_device") ||
      !(T.find("open") || (Release && !Release->InCode)) ||
      (Release &&
       (Release->Callback == nullptr || findApi(Release->Callback->getName()) ||
        endsDevice(U, Release->Callback))))
    return false;
  const InitListExpr *Written =
      T.Init->getSyntacticForm() ? T.Init->getSyntacticForm() : T.Init;
  for (const Expr *E : Written->inits()) {
    const auto *Row = dyn_cast<DesignatedInitExpr>(E);
    const IdentifierInfo *Field =
        Row && Row->size() == 1 && Row->getDesignator(0)->isFieldDesignator()
            ? Row->getDesignator(0)->getFieldName()
            : nullptr;
    if (!Field || !(Field->isStr("open") || Field->isStr("release")))
      continue;
    std::string Name = Field->isStr("open") ? ".open_device" : ".close_device";
    FileRange R = U.range(CharSourceRange::getCharRange(
        Row->getBeginLoc(), Row->getEqualOrColonLoc()));
    if (!edit(U, R, Row->getBeginLoc()))
      return false;
    // The sign of the row stays in its column.
    llvm::StringRef Old = Edits.original(R.File).slice(R.Begin, R.End);
    std::string Before = indentTo(columnOf(R));
    unsigned Column = columnAfter(Before + Old.str());
    std::string New = Name;
    if (Old.contains('\t'))
      while (columnAfter(Before + New) < Column)
        New += '\t';
    Edits.replace(R, New == Name ? Name + " " : New);
    step(StepId::RenameCallback, U, Row->getBeginLoc(),
         {Name, Field->getName().str(), T.name().str()});
  }
  Remarks.push_back(
      "line " + std::to_string(U.place(T.Var->getLocation()).Line) +
      ": .open and .release of kernels before 5.15 were called for each file; "
      ".open_device and .close_device are called for the first open and the "
      "last close");
  return true;
}

void Conversion::addCallbacks(const Unit &U, const OpsTable &T) {
  std::vector<std::pair<std::string, std::string>> New;
  if (D.isPci()) {
    New.push_back({"init", "vfio_pci_core_init_dev"});
    New.push_back({"release", "vfio_pci_core_release_dev"});
  } else if (To == Target::DriverFrees) {
    New.push_back({"release", "vfio_free_device"});
  }
  addMembers(U, T, std::move(New));
}

/// Adds the callbacks \p New that the table does not have, behind its name.
void Conversion::addMembers(
    const Unit &U, const OpsTable &T,
    std::vector<std::pair<std::string, std::string>> New) {
  SourceLocation Loc = T.Var->getLocation();
  if (!renameFileCallbacks(U, T))
    llvm::erase_if(New, [&](const auto &N) { return T.find(N.first); });
  if (New.empty())
    return;
  if (!T.Init) {
    refuse(RefusalId::UnknownOps, U, Loc, "the ops table has no initialiser",
           "initialise the table where it is defined");
    return;
  }
  const InitListExpr *Written =
      T.Init->getSyntacticForm() ? T.Init->getSyntacticForm() : T.Init;
  for (const Expr *E : Written->inits())
    if (!isa<DesignatedInitExpr>(E)) {
      refuse(RefusalId::UnknownOps, U, E->getBeginLoc(),
             "the ops table is initialised by position",
             "use designated initialisers");
      return;
    }
  // Rows of the table may be conditional; new ones are not.
  if (!edit(U, U.range(SourceRange(Written->getLBraceLoc())), Loc))
    return;
  insertRows(Edits, U, T, New);
  for (auto &[Name, Value] : New)
    step(Name == "init" ? StepId::AddInit : StepId::AddRelease, U, Loc,
         {Value, T.name().str()});
}

/// From 5.19 on `vfio_pci_core_register_device` wants the device in drvdata
/// (vfio_pci_core.c): drivers for older kernels set it afterwards.
void Conversion::orderDrvdata() {
  for (const SiteRef &Reg : D.Registers) {
    if (Reg.S->Api->Kind != Role::PciRegister)
      continue;
    const Unit &U = *Reg.U;
    SourceManager &SM = U.sources();
    const Site *Set = nullptr;
    for (const Site *S : U.Model->sitesIn(Reg.S->In))
      if (S->Api->Kind == Role::SetDrvdata &&
          Flow.pointsTo(U, S->In, S->Call->getArg(S->Api->Subject)) == Reg.From)
        Set = S;
    SourceLocation RegLoc = Reg.S->Call->getBeginLoc();
    if (!Set)
      continue; // set by the caller, before or after: the parse cannot tell
    if (SM.isBeforeInTranslationUnit(Set->Call->getBeginLoc(), RegLoc))
      continue;
    Spot RegSpot = spotOf(U.Model->Ctx, Reg.S->Call);
    FileRange RegRange =
        RegSpot.S ? U.range(RegSpot.S->getSourceRange()) : FileRange();
    FileRange SetRange = callRange(U, Set->Call);
    if (!edit(U, RegRange, RegLoc) ||
        !edit(U, SetRange, Set->Call->getBeginLoc()))
      return;
    std::string Text =
        Edits.original(SetRange.File).slice(SetRange.Begin, SetRange.End).str();
    removeCall(U, Set->Call);
    Edits.insertLinesBefore(RegRange.File, RegRange.Begin,
                            Edits.indentAt(RegRange.File, RegRange.Begin) +
                                Text + ";\n");
    step(StepId::DrvdataBeforeRegister, U, Set->Call->getBeginLoc());
  }
}

} // namespace vfio::rewriter
