//===- MissingReleaseCheck.cpp - An ops table without .release ------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/MissingReleaseCheck.h"
#include "checks/SourceText.h"
#include "lifecycle/Owners.h"
#include "clang/Lex/Lexer.h"

using namespace clang;

namespace vfio::checks {

/// The table whose text is in force for \p Table: its own, or the one it was
/// copied from.
static bool hasRelease(const TUModel &Model, const OpsTable &Table) {
  if (const OpsTable::Member *M = Table.find("release"))
    return M->Callback || !M->Value->isNullPointerConstant(
                              Model.Ctx, Expr::NPC_ValueDependentIsNotNull);
  if (!Table.CopyOf)
    return false;
  for (const OpsTable &Other : Model.Ops->tables())
    if (Other.Var->getCanonicalDecl() == Table.CopyOf->getCanonicalDecl())
      return &Other == &Table || hasRelease(Model, Other);
  return true; // copied from a table that this TU does not show
}

/// The ready-made release that fits \p Table, or "" where the driver has
/// private state, for which only a release of its own will do.
static StringRef readyMadeRelease(const OpsTable &Table) {
  const FunctionDecl *Init = Table.callback("init");
  if (Init && Init->getIdentifier())
    if (const ApiFunction *Api = findApi(Init->getName()))
      return Api->Kind == Role::PciInitDev ? "vfio_pci_core_release_dev" : "";
  return Table.find("init") ? "" : "vfio_free_device";
}

/// `.init` as written in the table's initialiser, or failing that its first
/// designated member.
static const DesignatedInitExpr *anchorOf(const OpsTable &Table) {
  const InitListExpr *List = Table.Init;
  if (!List)
    return nullptr;
  if (const InitListExpr *Syntactic = List->getSyntacticForm())
    List = Syntactic;
  const DesignatedInitExpr *First = nullptr;
  for (const Expr *E : List->inits()) {
    const auto *D = dyn_cast_or_null<DesignatedInitExpr>(E);
    if (!D || D->size() != 1 || !D->getDesignator(0)->isFieldDesignator())
      continue;
    StringRef Name = D->getDesignator(0)->getFieldName()->getName();
    if (Name == "init")
      return D;
    if (!First || Name == "name")
      First = D;
  }
  return First;
}

/// Blanks that put the `=` of a member of \p Length characters under the one
/// of \p Anchor.
static std::string alignedGap(const DesignatedInitExpr *Anchor, size_t Length,
                              const ASTContext &Ctx) {
  std::string Text = textOf(Anchor->getSourceRange(), Ctx);
  size_t NameEnd = Text.find_first_of(" \t=");
  size_t Equals = Text.find('=');
  StringRef Gap = StringRef(Text).slice(NameEnd, Equals);
  if (!Gap.contains('\t'))
    return " ";
  // The members of a table start at column 8; tabs go to multiples of 8.
  unsigned Target = (8 + NameEnd) / 8 * 8 + 8 * Gap.count('\t');
  std::string Out;
  for (unsigned At = 8 + Length; At < Target; At = (At / 8 + 1) * 8)
    Out += '\t';
  return Out.empty() ? " " : Out;
}

static llvm::SmallVector<FixItHint, 1> fixFor(const OpsTable &Table,
                                              const ASTContext &Ctx) {
  StringRef Release = readyMadeRelease(Table);
  if (Release.empty() || Table.Opaque || Table.CopyOf)
    return {};
  if (const OpsTable::Member *M = Table.find("release")) {
    SourceRange Value = M->Value->IgnoreImpCasts()->getSourceRange();
    CharSourceRange Whole = Ctx.getSourceManager().getExpansionRange(Value);
    if (Whole.getBegin().isMacroID() || M->InCode)
      return {};
    return {FixItHint::CreateReplacement(Whole, Release)};
  }
  const DesignatedInitExpr *Anchor = anchorOf(Table);
  if (!Anchor || Anchor->getBeginLoc().isMacroID())
    return {};
  const SourceManager &SM = Ctx.getSourceManager();
  SourceLocation End = Lexer::getLocForEndOfToken(
      SM.getExpansionRange(Anchor->getEndLoc()).getEnd(), 0, SM,
      Ctx.getLangOpts());
  if (End.isInvalid())
    return {};
  bool OwnLine = SM.getExpansionLineNumber(Anchor->getBeginLoc()) !=
                 SM.getExpansionLineNumber(Table.Init->getBeginLoc());
  std::string Text =
      OwnLine ? ",\n" + indentationAt(Anchor->getBeginLoc(), Ctx) : ", ";
  Text += ".release" + alignedGap(Anchor, strlen(".release"), Ctx) + "= ";
  return {FixItHint::CreateInsertion(End, Text + Release.str())};
}

void MissingReleaseCheck::reportTable(const TUModel &Model,
                                      const OpsTable &Table, const Site *User) {
  {
    auto Diag =
        diag(Table.Var->getLocation(),
             "ops table %0 has no '.release', which this kernel calls without "
             "a NULL check when the last reference to the device is put")
        << Table.Var;
    for (const FixItHint &Fix : fixFor(Table, Model.Ctx))
      Diag << Fix;
  }
  if (const OpsTable::Member *M = Table.find("release"))
    diag(M->Value->getExprLoc(), "'.release' is set to NULL here",
         DiagnosticIDs::Note);
  if (!User)
    return;
  diag(User->Call->getExprLoc(),
       User->Api->Kind == Role::AllocDevice
           ? "the device is allocated with this table here"
           : "the device is initialised with this table here",
       DiagnosticIDs::Note);
  if (const RecordDecl *R = User->Device.Record.Record)
    diag(R->getLocation(), "the structure to be freed is %0",
         DiagnosticIDs::Note)
        << nameOf(R);
}

/// The call of the new model that uses \p Table in this TU, or null.
static const Site *userOf(const TUModel &Model, const OpsTable &Table) {
  for (const Site &S : Model.Sites)
    if ((S.Api->Kind == Role::AllocDevice || S.Api->Kind == Role::InitDevice) &&
        llvm::is_contained(S.Ops.Tables, &Table))
      return &S;
  return nullptr;
}

void MissingReleaseCheck::report(const TUModel &Model, ASTContext &Context) {
  if (!driverFrees(Model.Gen))
    return;
  for (const OpsTable &Table : Model.Ops->tables()) {
    if (Table.Opaque || hasRelease(Model, Table))
      continue;
    if (const Site *User = userOf(Model, Table))
      reportTable(Model, Table, User);
    else if (Model.Gen == Generation::DriverFrees &&
             leavesTheUnit(Model, Table))
      reportTable(Model, Table, nullptr);
  }
}

} // namespace vfio::checks
