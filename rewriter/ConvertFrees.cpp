//===- ConvertFrees.cpp - From a driver that frees to a core that does ----===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/ConvertFrees.h"
#include "lifecycle/ASTVisitor.h"
#include "rewriter/IommufdRows.h"
#include "rewriter/Refusals.h"
#include "rewriter/Steps.h"
#include "rewriter/prove/TargetHeaders.h"
#include "rewriter/prove/Verify.h"
#include "rewriter/read/NamedTables.h"
#include "rewriter/read/Names.h"
#include "rewriter/read/ReleaseFrees.h"
#include "rewriter/read/SkippedCode.h"
#include "rewriter/read/Statements.h"
#include "rewriter/render/Cleanup.h"
#include "rewriter/render/CommaOperand.h"
#include "rewriter/render/TableRows.h"

using namespace clang;

namespace vfio::rewriter {

namespace {

class FreesRun {
public:
  FreesRun(const kbuild::InputSet &Set, const Program &P, const NewDriver &N,
           const MigrateOptions &Options)
      : Set(Set), P(P), Options(Options) {
    D.RecordName = N.RecordName;
    R.Record = N.RecordName;
    R.Name = "struct " + N.RecordName;
    R.MainFile = N.File;
    for (const auto &U : P.Units) {
      D.Units.push_back(U.get());
      R.Files.push_back(U->TU->input().File);
    }
  }

  std::optional<DriverResult> run();

private:
  void findTables();
  void findTables(const Unit &U, const FunctionDecl *In, const Expr *E);
  void convertTable(const Unit &U, const OpsTable &T,
                    const ReleaseFrees &Releases);
  bool dropRelease(const Unit &U, const OpsTable &T,
                   const ReleaseFrees &Releases);
  void dropRow(const Unit &U, const OpsTable &T);
  std::vector<const Site *> registers() const;
  bool lacksRows() const;
  bool refuseOwnMemory();
  void convertCall(const ReleaseFrees::Free &F);
  bool removeFree(const ReleaseFrees::Free &F, const Spot &S, FileRange Range);
  void dropLabel(const ReleaseFrees::Free &F, const LabelStmt *L);
  bool know(const Unit &U, const FileRange &Range, SourceLocation Loc);
  void refuse(RefusalId Id, const Unit &U, SourceLocation Loc,
              llvm::StringRef Reason, llvm::StringRef WhatToDo);
  bool prove();

  const kbuild::InputSet &Set;
  const Program &P;
  const MigrateOptions &Options;
  OldDriver D; ///< what the proof asks of a driver
  DriverResult R;
  EditSet Edits;
  std::vector<TableRef> Tables;
  /// Where a table is named that was not found; no unit where there is none.
  std::pair<const Unit *, SourceLocation> Unknown;
  NewTexts Old, Texts;
  /// Functions that go as a whole.
  std::set<const FunctionDecl *> Dropped;
};

} // namespace

static bool isFreeDevice(const OpsTable::Member *M) {
  const FunctionDecl *F = M ? namedFunction(M->Value) : nullptr;
  const ApiFunction *Api = F ? findApi(F->getName()) : nullptr;
  return Api && Api->Kind == Role::FreeDevice;
}

void FreesRun::refuse(RefusalId Id, const Unit &U, SourceLocation Loc,
                      llvm::StringRef Reason, llvm::StringRef WhatToDo) {
  R.Refusals.push_back({Id, U.place(Loc), Reason.str(), WhatToDo.str()});
}

bool FreesRun::know(const Unit &U, const FileRange &Range, SourceLocation Loc) {
  if (isKernelHeaderPath(Range.File) || !Edits.addFile(Range, U.sources())) {
    refuse(RefusalId::CallInMacro, U, Loc,
           "the code to change comes from a macro's body",
           "write the macro out at this place, then run vfio-migrate again");
    return false;
  }
  return true;
}

/// The tables that \p E, in \p In, can name.
void FreesRun::findTables(const Unit &U, const FunctionDecl *In,
                          const Expr *E) {
  std::vector<TableRef> Named;
  if (!namedTables(P, U, In, E, Named))
    Unknown = {&U, E->getExprLoc()};
  for (const TableRef &Ref : Named)
    if (llvm::none_of(Tables,
                      [&](const TableRef &Other) { return Other.T == Ref.T; }))
      Tables.push_back(Ref);
}

/// The tables that devices of the structure are allocated with, or get later.
void FreesRun::findTables() {
  for (const auto &U : P.Units) {
    for (const Site &S : U->Model->Sites) {
      const RecordDecl *Rec = S.Device.Record.Record;
      int Ops = S.Api->Ops;
      if (S.Api->Kind == Role::AllocDevice && Rec &&
          Rec->getName() == D.RecordName && Ops >= 0 &&
          Ops < int(S.Call->getNumArgs()) && !findApi(S.In->getName()))
        findTables(*U, S.In, S.Call->getArg(Ops));
    }
    for (const OpsWrite &W : opsWrites(*U))
      if (!findApi(W.In->getName()))
        findTables(*U, W.In, W.Table);
  }
}

/// The callback .release of \p T and where it is; none for core's own.
static Program::Definition releaseOf(const Program &P, const Unit &U,
                                     const OpsTable &T) {
  const FunctionDecl *F = T.callback("release");
  return F ? P.definition(Program::key(U, F)) : Program::Definition();
}

void FreesRun::dropRow(const Unit &U, const OpsTable &T) {
  const OpsTable::Member *M = T.find("release");
  SourceLocation Loc = M->Value->getExprLoc();
  FileRange Value = U.range(M->Value->getSourceRange());
  if (M->InCode || !T.Init || !know(U, Value, Loc)) {
    refuse(RefusalId::UnknownOps, U, Loc, "the ops table is filled by code",
           "initialise the table where it is defined");
    return;
  }
  llvm::StringRef Text = Edits.original(Value.File);
  unsigned Begin = Edits.lineStart(Value.File, Value.Begin);
  unsigned End = Edits.lineEnd(Value.File, Value.End);
  llvm::StringRef Line = Text.slice(Begin, End).trim();
  if (!Line.starts_with(".") || Line.count('=') != 1) {
    refuse(RefusalId::UnknownOps, U, Loc,
           "the row of .release shares its line with others",
           "give each row of the table a line of its own");
    return;
  }
  Edits.removeLines(Value.File, Begin, End);
  R.Plan.push_back(
      makeStep(StepId::DropRelease, U.place(Loc),
               {namedFunction(M->Value)->getNameAsString(), T.name().str()}));
}

/// The names of \p F in the files of \p P.
static unsigned timesNamed(const Program &P, const Unit &U,
                           const FunctionDecl *F) {
  struct Finder : ASTVisitor<Finder> {
    std::string Key;
    const Unit *In = nullptr;
    unsigned Times = 0;
    bool VisitDeclRefExpr(DeclRefExpr *E) ENGINE_OVERRIDE {
      const auto *Named = dyn_cast<FunctionDecl>(E->getDecl());
      Times += Named && Program::key(*In, Named) == Key;
      return true;
    }
  } Names;
  Names.Key = Program::key(U, F);
  for (const auto &Unit : P.Units) {
    Names.In = Unit.get();
    for (const FunctionDecl *Other : Unit->Model->Functions)
      Names.TraverseStmt(Other->getBody());
    for (const VarDecl *V : Unit->Model->Vars)
      if (const auto *List = dyn_cast_or_null<InitListExpr>(V->getInit()))
        Names.TraverseStmt(const_cast<InitListExpr *>(
            List->getSyntacticForm() ? List->getSyntacticForm() : List));
  }
  return Names.Times;
}

/// A @release that does nothing but to free the structure goes with its row.
bool FreesRun::dropRelease(const Unit &U, const OpsTable &T,
                           const ReleaseFrees &Releases) {
  Program::Definition Release = releaseOf(P, U, T);
  if (!Release || Release.U != &U || !Releases.isAll(U, Release.F) ||
      !Release.F->isStatic() || Release.F->getPreviousDecl() ||
      timesNamed(P, U, Release.F) != 1)
    return false;
  FileRange R = U.range(Release.F->getSourceRange());
  // What another configuration does there was not seen.
  bool Conditional =
      llvm::any_of(U.Conditionals, [&](const ConditionalRange &C) {
        return C.File == R.File && llvm::any_of(C.Directives, [&](unsigned At) {
                 return R.Begin < At && At < R.End;
               });
      });
  if (Conditional || !know(U, R, Release.F->getLocation()))
    return false;
  dropRow(U, T);
  unsigned End = Edits.lineEnd(R.File, R.End);
  if (Edits.blankAfter(R.File, R.End))
    End = Edits.lineEnd(R.File, End);
  Edits.removeLines(R.File, Edits.startWithComment(R.File, R.Begin), End);
  Dropped.insert(Release.F);
  return true;
}

/// The label that \p S stands behind, where that is the end of \p F; null where
/// it is not.
static const LabelStmt *labelAtEnd(const FunctionDecl *F, const Spot &S) {
  const auto *Body = cast<CompoundStmt>(F->getBody());
  return S.Kind == Spot::Labelled && !Body->body_empty() &&
                 Body->body_back() == S.Parent &&
                 F->getReturnType()->isVoidType()
             ? dyn_cast<LabelStmt>(S.Parent)
             : nullptr;
}

/// Who went to \p L, of which nothing is left, returns.
void FreesRun::dropLabel(const ReleaseFrees::Free &F, const LabelStmt *L) {
  SourceLocation Loc = L->getBeginLoc();
  FileRange Label = F.U->range(L->getSourceRange());
  if (!know(*F.U, Label, Loc))
    return;
  for (const GotoStmt *G : namesIn(F.In->getBody()).Gotos) {
    FileRange Jump = F.U->range(G->getSourceRange());
    if (G->getLabel() == L->getDecl() && know(*F.U, Jump, G->getBeginLoc()))
      Edits.replace(Jump, "return");
  }
  Edits.removeStatement(Label);
}

/// `vfio_free_device(vdev);` in a @release goes, and what a comment above says
/// of it.
void FreesRun::convertCall(const ReleaseFrees::Free &F) {
  if (Dropped.count(F.In))
    return;
  SourceLocation Loc = F.Call->getBeginLoc();
  Spot S = spotOf(F.U->Model->Ctx, F.Call);
  FileRange Range = S.S ? F.U->range(S.S->getSourceRange()) : FileRange();
  if (!know(*F.U, Range, Loc))
    return;
  bool Operand = !S.Whole && removeOperand(Edits, *F.U, F.Call);
  if (!Operand && !removeFree(F, S, Range))
    return;
  R.Plan.push_back(makeStep(
      StepId::DropFree, F.U->place(Loc),
      {F.Call->getDirectCallee()->getNameAsString(), F.In->getNameAsString()}));
}

/// Takes the statement \p S, at \p Range, out; false, and refused, where it
/// cannot be.
bool FreesRun::removeFree(const ReleaseFrees::Free &F, const Spot &S,
                          FileRange Range) {
  SourceLocation Loc = F.Call->getBeginLoc();
  if (!S.Whole || (S.Kind != Spot::InBlock && S.Kind != Spot::Labelled)) {
    refuse(RefusalId::CallInExpression, *F.U, Loc,
           "the free of the structure is a part of a larger statement",
           "give it a statement of its own, then run again");
    return false;
  }
  unsigned Above = Edits.startWithComment(Range.File, Range.Begin);
  if (const LabelStmt *L = labelAtEnd(F.In, S)) {
    dropLabel(F, L);
  } else if (auto Stands = standIn(F.U->Model->Ctx, S)) {
    Edits.replace(Range, Stands->str());
  } else {
    if (S.Kind == Spot::InBlock && Edits.blankAfter(Range.File, Range.End) &&
        know(*F.U, {Range.File, Above, Range.End}, Loc))
      Range.Begin = Above;
    Edits.removeStatement(Range);
  }
  return true;
}

/// The calls that register devices.
std::vector<const Site *> FreesRun::registers() const {
  std::vector<const Site *> Out;
  for (const auto &U : P.Units)
    for (const Site &S : U->Model->Sites)
      if (isRegister(S.Api->Kind) && !findApi(S.In->getName()))
        Out.push_back(&S);
  return Out;
}

/// True where core would refuse a device for what its table does not have.
bool FreesRun::lacksRows() const {
  std::vector<const Site *> Registers = registers();
  return llvm::any_of(Tables, [&](const TableRef &Ref) {
    return !iommufdRows(*Ref.T, Registers).Rows.empty();
  });
}

/// Refuses a structure that is prepared where it is, in memory of the driver's.
bool FreesRun::refuseOwnMemory() {
  for (const auto &U : P.Units)
    for (const Site &S : U->Model->Sites) {
      const RecordDecl *Rec = S.Device.Record.Record;
      if (S.Api->Kind != Role::InitDevice || !Rec ||
          Rec->getName() != D.RecordName || findApi(S.In->getName()))
        continue;
      R.Refusals.clear();
      refuse(RefusalId::StructureOutlivesDevice, *U, S.Call->getBeginLoc(),
             "the structure is in memory of the driver's own, which from 6.2 "
             "on core has no function for",
             "allocate the structure by vfio_alloc_device(); core frees it");
      return true;
    }
  return false;
}

void FreesRun::convertTable(const Unit &U, const OpsTable &T,
                            const ReleaseFrees &Releases) {
  if (isFreeDevice(T.find("release")))
    dropRow(U, T);
  else
    dropRelease(U, T, Releases);
  IommufdRows Rows = iommufdRows(T, registers());
  if (!Rows.Remark.empty())
    R.Remarks.push_back(Rows.Remark);
  if (Rows.Rows.empty() ||
      !know(U, U.range(T.Init->getSourceRange()), T.Var->getLocation()))
    return;
  appendRows(Edits, U, T, Rows.Rows);
  R.Plan.push_back(
      makeStep(StepId::AddIommufd, U.place(T.Var->getLocation()), {Rows.What}));
}

/// Parsed against the target, all checks, and nothing left to free.
bool FreesRun::prove() {
  std::vector<const Unit *> Units = D.Units;
  OldBugs Said = findOldBugs(D, Units);
  Proof Shown;
  std::string Problem;
  auto After = reparse(Set, Units, Texts, Target::CoreFrees, Problem);
  if (After) {
    EditSet Tidy = cleanUp(Units, *After);
    if (!Tidy.empty() && !Tidy.conflict()) {
      for (auto &[Path, Text] : Tidy.apply()) {
        Old.try_emplace(Path, Tidy.original(Path).str());
        Texts[Path] = Text;
      }
      After = reparse(Set, Units, Texts, Target::CoreFrees, Problem);
    }
  }
  Verdict V = After ? verify(D, Units, Said, *After, /*Tidy=*/true, Shown)
                    : Verdict{Problem, {}};
  for (const auto &U : After ? After->Units : P.Units)
    for (const Site &S : U->Model->Sites)
      if (V && S.Api->Kind == Role::FreeDevice)
        V = {"vfio_free_device() is still called",
             U->place(S.Call->getExprLoc())};
  if (!V) {
    R.Plan.clear();
    R.Refusals.push_back({RefusalId::DoesNotVerify, V.Where,
                          "the converted driver does not hold: " + V.Problem,
                          "convert this driver by hand, or report this"});
    return false;
  }
  Shown.Supplied = llvm::any_of(Units, [](const Unit *U) {
    return !targetHeaders(*U, Target::CoreFrees).empty();
  });
  R.Remaining = remainingErrors(*After);
  R.Proof = Shown.clauses();
  return true;
}

std::optional<DriverResult> FreesRun::run() {
  findTables();
  ReleaseFrees Releases(P, D.RecordName);
  bool Rows = false;
  for (const TableRef &Ref : Tables) {
    Rows |= isFreeDevice(Ref.T->find("release"));
    if (Program::Definition Release = releaseOf(P, *Ref.U, *Ref.T))
      Releases.add(*Release.U, Release.F);
  }
  R.Refusals = Releases.problems();
  R.Outcome = Status::Refused;
  if (refuseOwnMemory())
    return std::move(R);
  bool Frees = Rows || !Releases.frees().empty() || !R.Refusals.empty();
  if (!Frees && !lacksRows())
    return std::nullopt;
  if (std::string Switch = versionSwitch(D.Units); !Switch.empty()) {
    if (!Frees) {
      R.Outcome = Status::AlreadyNew;
      R.Remarks.push_back(
          Switch +
          " tells kernel versions apart: add the iommufd operations to "
          "the ops table under such a condition; from 6.4 on, where "
          "CONFIG_IOMMUFD is on, core refuses a table without them");
      return std::move(R);
    }
    R.Remarks.push_back(Switch + " tells kernel versions apart: the result "
                                 "builds on the target alone");
  }
  if (const auto &[U, Loc] = Unknown; U && Frees) {
    R.Refusals.clear(); // its release would be taken for a stray
    refuse(RefusalId::UnknownOps, *U, Loc,
           "the ops table of this device is not in the files that were read",
           "give vfio-migrate the file that defines the table");
    return std::move(R);
  }
  for (const TableRef &Ref : Tables)
    convertTable(*Ref.U, *Ref.T, Releases);
  for (const ReleaseFrees::Free &F : Releases.frees())
    convertCall(F);
  if (R.Refusals.empty() && Edits.conflict())
    refuse(RefusalId::UnpairedCleanup, *Tables.front().U,
           Tables.front().T->Var->getLocation(),
           "two changes meet in one statement", "split the statement");
  if (!R.Refusals.empty()) {
    R.Plan.clear();
    return std::move(R);
  }
  for (auto &[Path, Text] : Edits.apply()) {
    Old.try_emplace(Path, Edits.original(Path).str());
    Texts[Path] = Text;
  }
  if (Options.Verify && !prove())
    return std::move(R);
  for (const auto &[Path, Text] : Texts)
    if (Old.at(Path) != Text)
      R.Changes.push_back({Path, Old.at(Path), Text});
  R.Outcome = Status::Converted;
  return std::move(R);
}

std::optional<DriverResult> convertFrees(const kbuild::InputSet &Set,
                                         const Program &P, const NewDriver &N,
                                         const MigrateOptions &Options) {
  return FreesRun(Set, P, N, Options).run();
}

} // namespace vfio::rewriter
