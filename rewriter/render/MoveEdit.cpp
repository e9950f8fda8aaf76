//===- MoveEdit.cpp - The edits that move the set-up ----------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/ASTVisitor.h"
#include "rewriter/Steps.h"
#include "rewriter/plan/Mover.h"
#include "rewriter/render/TableRows.h"

using namespace clang;

namespace vfio::rewriter {

void Mover::editTable(const Unit &TU, const OpsTable &T) {
  std::string Init = Prefix + "_init_dev", Release = Prefix + "_release_dev";
  bool HasInit = T.find("init"), HasRelease = T.find("release");
  if (HasInit)
    if (FileRange R = TU.range(T.find("init")->Value->getSourceRange());
        know(R))
      Edits.replace(R, Init);
  if (HasRelease && hasRelease())
    if (FileRange R = TU.range(T.find("release")->Value->getSourceRange());
        know(R))
      Edits.replace(R, Release);
  if (HasInit && HasRelease)
    return;
  if (!T.Init->getNumInits() || !know(TU.range(T.Init->getSourceRange()))) {
    Why = "the table is empty, or comes from a macro";
    return;
  }
  std::vector<TableRow> Rows;
  if (!HasInit)
    Rows.push_back({"init", Init});
  if (!HasRelease && hasRelease())
    Rows.push_back({"release", Release});
  insertRows(Edits, TU, T, Rows);
}

/// The test of the allocation, which went to what gives back: it returns.
void Mover::returnFailure() {
  const GotoStmt *G = namesIn(Items[Check].S).Gotos.front();
  FileRange R = U->range(G->getSourceRange());
  if (!know(R))
    return;
  Edits.replace(R, "return PTR_ERR(" + X->getNameAsString() + ")");
  const auto *Block =
      dyn_cast<CompoundStmt>(cast<IfStmt>(Items[Check].S)->getThen());
  if (!Block)
    return;
  const VarDecl *Code =
      namedVar(cast<ReturnStmt>(Items[Given.back() + 1].S)->getRetValue());
  for (const Stmt *S : Block->body())
    if (const auto *Set = dyn_cast<BinaryOperator>(S);
        Set && Set->isAssignmentOp() && namedVar(Set->getLHS()) == Code)
      if (FileRange At = U->range(Set->getSourceRange()); know(At))
        Edits.removeStatement(At);
}

void Mover::editProbe() {
  if (!Given.empty())
    returnFailure();
  std::vector<unsigned> Going = Taken;
  llvm::append_range(Going, Moved);
  for (unsigned I : Going) {
    FileRange R = U->range(Items[I].S->getSourceRange());
    FileRange Prev = U->range(Items[I - 1].S->getSourceRange());
    // The comments above it went with it.
    unsigned Begin = Edits.lineEnd(R.File, Prev.End);
    unsigned End = Edits.lineEnd(R.File, R.End);
    llvm::StringRef Lead =
        Edits.original(R.File).slice(Begin, Edits.lineStart(R.File, R.Begin));
    if (Lead.trim().empty())
      Begin = Edits.lineStart(R.File, R.Begin);
    Edits.removeStatement({R.File, Begin, End - 1});
  }
  // The comment above an undo went to release with it.
  std::vector<const Stmt *> Undone =
      Created ? std::vector<const Stmt *>() : undoSteps();
  for (unsigned I : Given)
    Undone.push_back(Items[I].S);
  for (const Stmt *S : Undone)
    if (FileRange R = U->range(S->getSourceRange()); know(R))
      removeUndo(R, true);
  std::vector<const Stmt *> RemoveGoes = RemoveUndo;
  llvm::append_range(RemoveGoes, RemoveGiven);
  std::vector<Item> RItems = itemsOf(Remove);
  for (size_t I = 0; I < RItems.size(); ++I) {
    if (!llvm::is_contained(RemoveGoes, RItems[I].S))
      continue;
    // One above several statements is for those that stay as well.
    const Stmt *Next = I + 1 < RItems.size() ? RItems[I + 1].S : nullptr;
    FileRange R = U->range(RItems[I].S->getSourceRange());
    if (!know(R))
      continue;
    bool Alone = Edits.blankAfter(R.File, R.End) || isPut(Next) ||
                 llvm::is_contained(RemoveGoes, Next);
    removeUndo(R, Alone);
  }
}

/// Removes the statement \p R with what its line says of it, and with the
/// comment above it where \p Comment is true.
void Mover::removeUndo(FileRange R, bool Comment) {
  unsigned Start = Edits.lineStart(R.File, R.Begin);
  llvm::StringRef Text = Edits.original(R.File);
  if (!Text.slice(Start, R.Begin).trim(" \t").empty()) {
    Edits.removeStatement(R);
    return;
  }
  R.Begin = Comment ? Edits.startWithComment(R.File, R.Begin) : Start;
  R.End = Edits.lineEnd(R.File, R.End) - 1;
  Edits.removeStatement(R);
}

/// True where what moves names a function or a variable of \p File that is
/// first declared behind \p At.
bool Mover::callsBehind(llvm::StringRef File, unsigned At) const {
  struct Calls : ASTVisitor<Calls> {
    std::vector<const Decl *> Found;
    bool VisitDeclRefExpr(DeclRefExpr *E) ENGINE_OVERRIDE {
      if (const auto *F = dyn_cast<FunctionDecl>(E->getDecl()))
        Found.push_back(F->getFirstDecl());
      if (const auto *V = dyn_cast<VarDecl>(E->getDecl());
          V && V->isFileVarDecl())
        Found.push_back(V->getFirstDecl());
      return true;
    }
  } C;
  for (unsigned I : Moved)
    C.TraverseStmt(const_cast<Stmt *>(Items[I].S));
  for (unsigned I : Taken)
    C.TraverseStmt(const_cast<Stmt *>(Items[I].S));
  for (const Stmt *S : undoSteps())
    C.TraverseStmt(const_cast<Stmt *>(S));
  for (const Decl *Named : C.Found) {
    FileRange R = U->range(Named->getSourceRange());
    if (R.File == File && R.Begin > At)
      return true;
  }
  return false;
}

void Mover::edit() {
  FileRange ProbeRange = U->range(Probe->getSourceRange());
  if (!know(ProbeRange)) {
    Why = "probe comes from a macro";
    return;
  }
  std::string Text = initText();
  bool Release = hasRelease();
  if (Release)
    Text += releaseText();
  if (indentUnit() != "\t")
    Text = asProbe(Text);
  // Before the first of probe and the tables: both need the declarations.
  unsigned At = ProbeRange.Begin;
  for (auto &[TU, T] : Tables) {
    FileRange R = TU->range(T->Var->getSourceRange());
    if (R.File == ProbeRange.File)
      At = std::min(At, R.Begin);
    else
      Why = "the ops table is in another file";
  }
  // Where the new functions call helpers that come later, they stand before
  // probe, and the table gets their prototypes.
  if (At != ProbeRange.Begin && callsBehind(ProbeRange.File, At)) {
    Edits.insertLinesBefore(
        ProbeRange.File, Edits.startWithComment(ProbeRange.File, At),
        "static int " + Prefix + "_init_dev(struct vfio_device *" + Param +
            ");\n" +
            (Release ? "static void " + Prefix +
                           "_release_dev(struct vfio_device *" + Param + ");\n"
                     : "") +
            "\n");
    At = ProbeRange.Begin;
  }
  unsigned Line = Edits.startWithComment(ProbeRange.File, At);
  Edits.insertLinesBefore(ProbeRange.File, Line, Text);
  for (auto &[TU, T] : Tables)
    editTable(*TU, *T);
  editProbe();
  if (Edits.conflict())
    Why = "two changes meet in one statement";
  Steps.push_back(makeStep(StepId::MoveToInit,
                           U->place(Items[Moved.front()].S->getBeginLoc()),
                           {Prefix + "_init_dev"}));
  if (hasUndo())
    Steps.push_back(makeStep(StepId::MoveToRelease,
                             U->place(Remove->getLocation()),
                             {Prefix + "_release_dev"}));
}

} // namespace vfio::rewriter
