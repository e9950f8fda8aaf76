//===- ConvertOutliving.cpp - A structure that outlives its device --------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// vfio-ccw keeps one structure for the parent and its mdev. It is allocated by
// the parent's probe, so vfio_alloc_device cannot be used: 6.1 has
// vfio_init_device for it, and a completion tells that @release has run.
//
//===----------------------------------------------------------------------===//

#include "rewriter/Conversion.h"

using namespace clang;

namespace vfio::rewriter {

/// The structure comes to its init neither down from the function that
/// allocates it nor up to it: it waited in drvdata or in its parent.
bool Conversion::outlives(const AllocSite &A, const SiteRef &Init) const {
  if (Init.S->In == A.In && Init.U == A.U)
    return false;
  Program::Definition Alloc{A.U, A.In}, Prepare{Init.U, Init.S->In};
  return findChain(Alloc, Prepare).empty() && findChain(Prepare, Alloc).empty();
}

/// "x" of "&x->vdev": what stands before the member's way.
static std::string ownerOf(llvm::StringRef Vdev, llvm::StringRef Member) {
  std::string Way = ("->" + Member).str();
  if (!Vdev.consume_front("&") || !Vdev.consume_back(Way))
    return {};
  return Vdev.str();
}

/// The name that a driver's functions begin with, from that of its table.
std::string Conversion::prefixOf(llvm::StringRef Table) {
  for (llvm::StringRef Suffix : {"_ops", "_dev", "_device", "_vfio"})
    Table.consume_back(Suffix);
  return Table.str();
}

/// The statement of \p Uninit and what its function does after it.
static std::optional<std::pair<std::vector<Item>, unsigned>>
afterUninit(const SiteRef &Uninit) {
  std::vector<Item> Items = itemsOf(Uninit.S->In);
  for (unsigned I = 0; I < Items.size(); ++I)
    if (holds(Items[I].S, Uninit.S->Call) && I + 1 < Items.size())
      return std::make_pair(Items, I + 1);
  return std::nullopt;
}

/// "return ret;" or "goto label;" for a vfio_init_device that failed: what the
/// function did before is undone by what stands behind the uninit.
std::string Conversion::initFailure(const SiteRef &Init, std::string &Ret) {
  for (const SiteRef &Un : D.Uninits) {
    if (Un.S->In != Init.S->In || Un.U != Init.U)
      continue;
    auto Behind = afterUninit(Un);
    if (!Behind)
      continue;
    auto &[Items, Next] = *Behind;
    const auto *Last = dyn_cast<ReturnStmt>(Items.back().S);
    const VarDecl *Var =
        Last && Last->getRetValue() ? namedVar(Last->getRetValue()) : nullptr;
    if (!Var || !Var->getType()->isIntegerType())
      continue;
    Ret = Var->getNameAsString();
    if (isa<ReturnStmt>(Items[Next].S))
      return "return " + Ret + ";";
    if (!Items[Next].Labels.empty())
      return "goto " + Items[Next].Labels.front()->getDecl()->getName().str() +
             ";";
    FileRange R = Init.U->range(Items[Next].S->getSourceRange());
    if (!edit(*Init.U, R, Items[Next].S->getBeginLoc()))
      return {};
    Edits.insertLinesBefore(R.File, R.Begin, "err_init_dev:\n");
    return "goto err_init_dev;";
  }
  return {};
}

/// A completion at the end of the structure.
void Conversion::addCompletion(const Unit &U, const RecordDecl *R) {
  FileRange Body = U.range(R->getSourceRange());
  if (!edit(U, Body, R->getLocation()))
    return;
  unsigned Close = Body.End - 1;
  llvm::StringRef Text = Edits.original(Body.File);
  // The name stands where the name of the last member does.
  std::string Member = "\tstruct completion";
  const FieldDecl *Last = nullptr;
  for (const FieldDecl *F : R->fields())
    Last = F;
  FileRange Name =
      Last ? U.range(SourceRange(Last->getLocation())) : FileRange();
  unsigned Line = Name ? Edits.lineStart(Body.File, Name.Begin) : 0;
  if (Name.File == Body.File && Name.Begin > Line &&
      Text[Name.Begin - 1] == '\t')
    for (unsigned To = columnAfter(Text.slice(Line, Name.Begin));
         columnAfter(Member) < To;)
      Member += '\t';
  Member +=
      columnAfter(Member) == columnAfter("\tstruct completion") ? " " : "";
  Edits.insertLinesBefore(Body.File, Close, Member + "release_comp;\n");
  if (Text.contains("<linux/completion.h>"))
    return;
  size_t At = Text.find("#include <linux/");
  if (At == llvm::StringRef::npos)
    return; // another header brings it, or the parse will say so
  // Includes are sorted in most drivers: before the first that comes later.
  size_t Spot = At;
  while (Text.substr(Spot).starts_with("#include <linux/") &&
         Text.substr(Spot) < llvm::StringRef("#include <linux/completion.h>"))
    Spot = Edits.lineEnd(Body.File, Spot);
  ForBoth.addFile(Body.File, Text);
  for (EditSet *Set : {&Edits, &ForBoth})
    Set->insertLinesBefore(Body.File, Spot, "#include <linux/completion.h>\n");
}

void Conversion::convertOutliving(const SiteRef &Init) {
  const Unit &U = *Init.U;
  const CallExpr *Call = Init.S->Call;
  SourceLocation Loc = Call->getBeginLoc();
  const DeviceRecord &Rec = Init.S->Device.Record;
  if (To == Target::CoreFrees || Init.S->Api->Kind == Role::PciInitDevice) {
    refuse(RefusalId::StructureOutlivesDevice, U, Loc,
           "the structure is allocated elsewhere and lives on when this device "
           "ends, and from 6.2 on core frees what it allocated",
           "move the vfio_device into a structure of its own that is allocated "
           "here");
    return;
  }
  std::string Member = spell(Rec.Path), Ret;
  std::string Vdev = vdevText(U, Call->getArg(0));
  std::string Owner = ownerOf(Vdev, Member);
  std::vector<TableRef> Tables;
  std::string Failure = initFailure(Init, Ret);
  if (Owner.empty() || Failure.empty() || !tablesOf(Init, Tables) ||
      Tables.size() != 1 || !Tables.front().T->Init) {
    refuse(RefusalId::StructureOutlivesDevice, U, Loc,
           "the structure is allocated elsewhere and lives on when this device "
           "ends, and its error path is not plain",
           "prepare it by vfio_init_device, signal a completion in @release "
           "and wait for it after the put");
    return;
  }
  Outliving = true;
  FileRange R = callRange(U, Call);
  if (!edit(U, R, Loc))
    return;
  std::string Indent = Edits.indentAt(R.File, R.Begin);
  std::string Clear = "memset(" + Vdev + ", 0, sizeof(" + Vdev.substr(1) + "))";
  bool Clears = Edits.original(R.File).contains("memset(" + Vdev + ",");
  std::string New =
      wrapCall(Ret + " = vfio_init_device(",
               {Vdev, deviceArgument(Init),
                U.text(Call->getArg(Init.S->Api->Ops)->getSourceRange())},
               ");", columnOf(R)) +
      "\n" + Indent + "if (" + Ret + ")\n" + Indent + "\t" + Failure;
  if (!Clears)
    New = Clear + ";\n" + Indent + New;
  New.pop_back(); // the old call's semicolon stays
  Edits.replace(R, New);
  step(StepId::InitDevice, U, Loc);
  // The driver's own name for the structure, where it has one here.
  const auto *Device =
      dyn_cast<UnaryOperator>(Init.S->Call->getArg(0)->IgnoreParenImpCasts());
  const auto *Embedded =
      Device ? dyn_cast<MemberExpr>(Device->getSubExpr()->IgnoreParens())
             : nullptr;
  const VarDecl *Holder = Embedded ? namedVar(Embedded->getBase()) : nullptr;
  addOutlivingCallbacks(*Tables.front().U, *Tables.front().T, Rec,
                        Holder ? Holder->getName() : Rec.Record->getName());
  addCompletion(U, Rec.Record);
}

void Conversion::addOutlivingCallbacks(const Unit &U, const OpsTable &T,
                                       const DeviceRecord &Rec,
                                       llvm::StringRef Holder) {
  std::string Prefix = prefixOf(T.name());
  std::string Struct = Rec.Record->getNameAsString();
  std::string Left = "\tstruct " + Struct + " *" + Holder.str() + " =";
  std::string Right =
      "container_of(vdev, struct " + Struct + ", " + spell(Rec.Path) + ");\n";
  bool Fits = columnAfter(Left) + Right.size() <= 80;
  std::string Container = Left + (Fits ? " " : "\n\t\t") + Right;
  std::string Completion = "(&" + Holder.str() + "->release_comp);\n";
  std::string Text =
      "static int " + Prefix + "_init_dev(struct vfio_device *vdev)\n{\n" +
      Container + "\n\tinit_completion" + Completion + "\treturn 0;\n}\n\n" +
      "static void " + Prefix + "_release_dev(struct vfio_device *vdev)\n{\n" +
      Container +
      "\n\t/* The structure lives on: its owner waits for this to free it. "
      "*/\n\tcomplete" +
      Completion + "}\n\n";
  FileRange R = U.range(T.Var->getSourceRange());
  if (!edit(U, R, T.Var->getLocation()))
    return;
  Edits.insertLinesBefore(R.File, R.Begin, Text);
  addMembers(
      U, T,
      {{"init", Prefix + "_init_dev"}, {"release", Prefix + "_release_dev"}});
}

/// The end of a device whose structure lives on: put, and wait for @release.
void Conversion::putAndWait(const SiteRef &Uninit) {
  const Unit &U = *Uninit.U;
  const CallExpr *Call = Uninit.S->Call;
  FileRange R = callRange(U, Call);
  if (!edit(U, R, Call->getBeginLoc()))
    return;
  std::string Vdev = vdevText(U, Call->getArg(0));
  std::string Owner = ownerOf(Vdev, spell(Uninit.S->Device.Record.Path));
  Spot S = spotOf(U.Model->Ctx, Call);
  if (Owner.empty() || !S.Whole ||
      (S.Kind != Spot::InBlock && S.Kind != Spot::Labelled)) {
    refuse(RefusalId::StructureOutlivesDevice, U, Call->getBeginLoc(),
           "the end of the device is a part of a larger expression",
           "give the call a statement of its own");
    return;
  }
  Edits.replace(R, "vfio_put_device(" + Vdev + ");\n" +
                       Edits.indentAt(R.File, R.Begin) +
                       "wait_for_completion(&" + Owner + "->release_comp)");
  step(StepId::PutAndWait, U, Call->getBeginLoc());
}

} // namespace vfio::rewriter
