//===- ShareTable.cpp - An ops table that another place needs
//---------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/Conversion.h"

using namespace clang;

namespace vfio::rewriter {

/// The table that the init in another function names, made visible where the
/// allocation is.
std::optional<std::string> Conversion::exposeTable(const AllocSite &A,
                                                   const SiteRef &Init) {
  std::vector<TableRef> Tables;
  if (!tablesOf(Init, Tables) || Tables.size() != 1) {
    refuse(RefusalId::UnknownOps, *Init.U, Init.S->Call->getBeginLoc(),
           "the ops table is chosen in another function than the allocation",
           "pass the table to where the structure is allocated");
    return std::nullopt;
  }
  const VarDecl *Var = Tables.front().T->Var;
  std::string Name = Var->getNameAsString();
  if (Var->getStorageClass() != SC_Static && Tables.front().U != A.U)
    return Name; // a header declares it already, or the parse will say so
  if (Init.U != A.U && Tables.front().U != A.U) {
    std::string Own = ownTable(A, Init, *Tables.front().T);
    if (!Own.empty() || !Refusals.empty())
      return Own;
    return exposeToFiles(Init, *Var) ? std::optional(Name) : std::nullopt;
  }
  SourceManager &SM = A.U->sources();
  for (const VarDecl *Redecl : Var->redecls())
    if (SM.isBeforeInTranslationUnit(Redecl->getLocation(),
                                     A.In->getLocation()))
      return Name;
  FileRange R = A.U->range(A.In->getSourceRange());
  if (!edit(*A.U, R, A.In->getLocation()))
    return std::nullopt;
  Edits.insertLinesBefore(
      R.File, R.Begin,
      std::string(Var->getStorageClass() == SC_Static ? "static " : "extern ") +
          "const struct vfio_device_ops " + Name + ";\n\n");
  return Name;
}

/// Takes the static from \p Var, a table of the unit of \p Init, exports it as
/// the function that used it is, and declares it where that is declared.
bool Conversion::exposeToFiles(const SiteRef &Init, const VarDecl &Var) {
  std::string Name = Var.getNameAsString();
  if (!Exposed.insert(Program::key(*Init.U, &Var)).second)
    return true;
  // Not static any more, exported as the function that used it is.
  for (const VarDecl *Redecl : Var.redecls()) {
    FileRange R = Init.U->range(Redecl->getSourceRange());
    if (!edit(*Init.U, R, Redecl->getLocation()))
      return false;
    llvm::StringRef Text = Edits.original(R.File).slice(R.Begin, R.End);
    if (Text.starts_with("static "))
      Edits.replace({R.File, R.Begin, R.Begin + 7}, "");
  }
  const VarDecl *Def = &Var;
  FileRange DefRange = Init.U->range(Def->getSourceRange());
  if (std::string Macro = exportMacro(Init, DefRange.File); !Macro.empty())
    Edits.insertLinesAfter(DefRange.File, DefRange.End,
                           Macro + "(" + Name + ");\n");
  // Declared where the function that prepared the device is declared.
  for (const FunctionDecl *Redecl : Init.S->In->redecls()) {
    FileRange R = Init.U->range(Redecl->getSourceRange());
    if (!R || R.File == DefRange.File || Redecl->isThisDeclarationADefinition())
      continue;
    if (!edit(*Init.U, R, Redecl->getLocation()))
      return false;
    Edits.insertLinesBefore(R.File, R.Begin,
                            "extern const struct vfio_device_ops " + Name +
                                ";\n\n");
    step(StepId::ExposeTable, *Init.U, Def->getLocation(), {Name});
    return true;
  }
  refuse(RefusalId::UnknownOps, *Init.U, Def->getLocation(),
         "no header of the driver declares the function that prepares the "
         "device, so the ops table cannot be declared beside it",
         "declare the table in a header by hand");
  return false;
}

} // namespace vfio::rewriter
