//===- MissingReleaseCheck.cpp - An ops table without .release ------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/MissingReleaseCheck.h"
#include "checks/HalfMigrated.h"
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
static StringRef readyMadeRelease(const OpsTable &Table, const Site *User,
                                  const TUModel &Model) {
  // The PCI core has initialised it, by a call of the old model.
  const RecordDecl *R = User ? User->Device.Record.Record : nullptr;
  if (R && embedsPciCore(R, Model.Ctx) && isHalfMigrated(Model, R))
    return "vfio_pci_core_release_dev";
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

static llvm::SmallVector<FixItHint, 1>
fixFor(const OpsTable &Table, const Site *User, const TUModel &Model) {
  const ASTContext &Ctx = Model.Ctx;
  StringRef Release = readyMadeRelease(Table, User, Model);
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

/// The functions that nobody uses and that could be a table's release, by their
/// type: whoever wrote one forgot to enter it, perhaps.
static std::vector<const FunctionDecl *> forgottenReleases(const TUModel &M) {
  std::vector<const FunctionDecl *> Found;
  for (const FunctionDecl *F : M.Functions)
    if (F->getStorageClass() == SC_Static && !F->isReferenced() &&
        F->getReturnType()->isVoidType() && F->getNumParams() == 1) {
      const RecordDecl *R = pointeeRecord(F->getParamDecl(0)->getType());
      if (R && isVfioDevice(R))
        Found.push_back(F);
    }
  return Found;
}

void MissingReleaseCheck::reportTable(
    const TUModel &Model, const OpsTable &Table, const Site *User,
    llvm::ArrayRef<const FunctionDecl *> Forgotten) {
  {
    auto Diag =
        diag(Table.Var->getLocation(),
             "ops table %0 has no '.release', which this kernel calls without "
             "a NULL check when the last reference to the device is put")
        << Table.Var;
    // With one of the driver's own there, the ready-made one is hardly right.
    if (Forgotten.empty())
      for (const FixItHint &Fix : fixFor(Table, User, Model))
        Diag << Fix;
  }
  for (const FunctionDecl *F : Forgotten)
    diag(F->getLocation(),
         "%0 has the type of a '.release', and nobody uses it",
         DiagnosticIDs::Note)
        << F;
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
  std::vector<std::pair<const OpsTable *, const Site *>> Missing;
  for (const OpsTable &Table : Model.Ops->tables()) {
    if (Table.Opaque || hasRelease(Model, Table))
      continue;
    const Site *User = userOf(Model, Table);
    if (User ||
        (Model.Gen == Generation::DriverFrees && leavesTheUnit(Model, Table)))
      Missing.push_back({&Table, User});
  }
  // Of several tables, nothing says which one it was written for.
  std::vector<const FunctionDecl *> Forgotten;
  if (Missing.size() == 1)
    Forgotten = forgottenReleases(Model);
  for (const auto &[Table, User] : Missing)
    reportTable(Model, *Table, User, Forgotten);
}

} // namespace vfio::checks
