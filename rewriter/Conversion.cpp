//===- Conversion.cpp - One driver from the old model to the new ----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/Conversion.h"
#include "contracts/ResourceTable.h"
#include "lifecycle/ASTVisitor.h"
#include "rewriter/read/AtomicContext.h"
#include "rewriter/read/Handing.h"
#include "rewriter/read/KeptOn.h"
#include "rewriter/read/SpecialMemory.h"
#include "rewriter/read/Unfinished.h"
#include "rewriter/read/Ways.h"
#include "rewriter/render/CommaOperand.h"
#include "clang/Lex/Lexer.h"

using namespace clang;

namespace vfio::rewriter {

void Conversion::refuse(RefusalId Id, const Unit &U, SourceLocation Loc,
                        const llvm::Twine &Reason,
                        const llvm::Twine &WhatToDo) {
  Refusal R{Id, U.place(Loc), Reason.str(), WhatToDo.str()};
  // Two steps can stumble over one thing; it is said once.
  for (const Refusal &Known : Refusals)
    if (Known.Id == R.Id && Known.Where.File == R.Where.File &&
        Known.Where.Line == R.Where.Line)
      return;
  Refusals.push_back(std::move(R));
}

void Conversion::step(StepId Id, const Unit &U, SourceLocation Loc,
                      llvm::ArrayRef<std::string> Arguments) {
  Plan.push_back(makeStep(Id, U.place(Loc), Arguments));
}

bool Conversion::edit(const Unit &U, const FileRange &R, SourceLocation Loc) {
  if (isKernelHeaderPath(R.File)) {
    refuse(RefusalId::SharedHeader, U, Loc,
           "the code to change is in a kernel header",
           "move it to a file of the driver");
    return false;
  }
  if (!Edits.addFile(R, U.sources())) {
    refuse(RefusalId::CallInMacro, U, Loc,
           "the code to change comes from a macro's body",
           "write the macro out at this place, then run vfio-migrate again");
    return false;
  }
  // A change that a conditional cuts in two would be made on one side only.
  for (const ConditionalRange &C : U.Conditionals)
    if (C.File == R.File)
      for (unsigned At : C.Directives)
        if (R.Begin < At && At < R.End) {
          refuse(RefusalId::ConditionalCode, U, Loc,
                 "preprocessor conditionals cut through the code to change",
                 "settle the condition by hand, then run vfio-migrate again");
          return false;
        }
  return true;
}

FileRange Conversion::callRange(const Unit &U, const Expr *E) {
  SourceManager &SM = U.sources();
  auto InKernel = [&](SourceLocation Loc) {
    OptionalFileEntryRef F =
        SM.getFileEntryRefForID(SM.getFileID(SM.getSpellingLoc(Loc)));
    return F && isKernelHeaderPath(F->getName());
  };
  // An allocator that is a macro of the kernel (kzalloc, 6.10 on): what the
  // driver wrote is its invocation.
  CharSourceRange R = CharSourceRange::getTokenRange(E->getSourceRange());
  while (R.getBegin().isMacroID() && InKernel(R.getBegin())) {
    SourceLocation At = R.getBegin();
    // The call is an argument of the macros that such a macro is made of.
    while (SM.isMacroArgExpansion(At))
      At = SM.getImmediateSpellingLoc(At);
    R = SM.getImmediateExpansionRange(At);
  }
  return U.range(R);
}

unsigned Conversion::columnOf(const FileRange &R) const {
  llvm::StringRef T = Edits.original(R.File);
  unsigned Start = Edits.lineStart(R.File, R.Begin);
  return columnAfter(T.slice(Start, R.Begin));
}

void Conversion::removeCall(const Unit &U, const CallExpr *Call) {
  Spot S = spotOf(U.Model->Ctx, Call);
  FileRange R = S.S ? U.range(S.S->getSourceRange()) : FileRange();
  if (!edit(U, R, Call->getBeginLoc()))
    return;
  if (!S.Whole || S.Kind == Spot::Body || S.Kind == Spot::Other) {
    if (S.Whole || !removeOperand(Edits, U, Call))
      refuse(RefusalId::CallInExpression, U, Call->getBeginLoc(),
             S.Kind == Spot::Body ? "the call is all that a loop does"
                                  : "the call is a part of a larger expression",
             "give the call a statement of its own");
    return;
  }
  if (std::optional<llvm::StringRef> Stands = standIn(U.Model->Ctx, S))
    return Edits.replace(R, Stands->str());
  if (S.Kind == Spot::InBlock || S.Kind == Spot::Labelled) {
    // What a comment says of this call alone goes with it.
    unsigned Start = Edits.lineStart(R.File, R.Begin);
    unsigned Above = Edits.startWithComment(R.File, R.Begin);
    bool Whole = Edits.original(R.File).slice(Start, R.Begin).trim().empty();
    if (Whole && Above != Start && Edits.blankAfter(R.File, R.End) &&
        edit(U, {R.File, Above, R.End}, Call->getBeginLoc()))
      R.Begin = Above;
    // So does the comment at the end of its line.
    llvm::StringRef Line =
        Edits.original(R.File).slice(R.End, Edits.lineEnd(R.File, R.End));
    llvm::StringRef Behind = Line.ltrim("; \t").rtrim();
    bool Told =
        Behind.starts_with("//") ||
        (Behind.starts_with("/*") && Behind.find("*/") == Behind.size() - 2);
    if (Whole && Told)
      R.End += Line.rtrim().size();
    Edits.removeStatement(R);
    return;
  }
  // `if (c) call();`: the condition goes with it, where it does nothing.
  const auto *If = cast<IfStmt>(S.Parent);
  if (S.Kind == Spot::Then && !If->getElse() &&
      !If->getCond()->HasSideEffects(U.Model->Ctx)) {
    if (FileRange Whole = U.range(If->getSourceRange());
        edit(U, Whole, Call->getBeginLoc()))
      Edits.removeStatement(Whole);
    return;
  }
  if (S.Kind == Spot::Else) {
    // `if (c) x; else call();`: the else goes with it.
    FileRange Else = U.range(SourceRange(If->getElseLoc()));
    if (!edit(U, Else, Call->getBeginLoc()))
      return;
    llvm::StringRef Text = Edits.original(R.File);
    unsigned Begin = Text.take_front(Else.Begin).rtrim().size();
    unsigned End = Text.find(';', R.End) + 1;
    if (edit(U, {R.File, Begin, End}, Call->getBeginLoc()))
      Edits.replace({R.File, Begin, End}, "");
    return;
  }
  refuse(RefusalId::UnpairedCleanup, U, Call->getBeginLoc(),
         "the call is one branch of a condition that must stay",
         "rewrite the condition by hand");
}

/// "(e)" unless \p Text binds tighter than `->` and `&` already.
static std::string operand(const Expr *E, std::string Text) {
  const Expr *S = E->IgnoreImpCasts();
  if (isa<DeclRefExpr, MemberExpr, CallExpr, ParenExpr, ArraySubscriptExpr,
          StmtExpr>(S))
    return Text;
  return "(" + Text + ")";
}

static std::string member(const Expr *E, const std::string &Text,
                          const std::string &Path) {
  if (Path.empty())
    return Text;
  // `&x->core` names an object: `&x->core.vdev`.
  if (const auto *UO = dyn_cast<UnaryOperator>(E->IgnoreParenImpCasts());
      UO && UO->getOpcode() == UO_AddrOf) {
    std::string Inner = llvm::StringRef(Text).ltrim("(& ").rtrim(")").str();
    return "&" + Inner + "." + Path;
  }
  return "&" + operand(E, Text) + "->" + Path;
}

/// The variable that a container_of() was made from, where that is the
/// vfio_device or core's part already: `vdev` of `to_bell(vdev)`, a macro or a
/// function of the driver's. Null for anything else.
static const VarDecl *madeFrom(const Program &P, const Unit &U, const Expr *E) {
  std::optional<ContainerOf> C = matchContainerOf(E, U.Model->Ctx);
  const auto *Call = C ? nullptr : dyn_cast<CallExpr>(E->IgnoreParenImpCasts());
  Program::Definition Maker = Call ? P.callee(U, Call) : Program::Definition();
  const auto *Body =
      Maker ? dyn_cast<CompoundStmt>(Maker.F->getBody()) : nullptr;
  const auto *Ret = Body && Body->size() == 1 && Call->getNumArgs() == 1
                        ? dyn_cast<ReturnStmt>(Body->body_front())
                        : nullptr;
  // One that nobody else calls would be left over.
  bool Stays = Maker && (Maker.F->isInlineSpecified() ||
                         P.callsOf(Program::key(*Maker.U, Maker.F)).size() > 1);
  if (Ret && Stays && Ret->getRetValue())
    C = matchContainerOf(Ret->getRetValue(), Maker.U->Model->Ctx);
  if (!C || (Call && namedVar(C->Ptr) != Maker.F->getParamDecl(0)))
    return nullptr;
  const Expr *Ptr = strip(Call ? Call->getArg(0) : C->Ptr);
  const RecordDecl *From = pointeeRecord(Ptr->getType());
  return From && (isVfioDevice(From) || isPciCoreDevice(From)) ? namedVar(Ptr)
                                                               : nullptr;
}

std::string Conversion::vdevText(const Unit &U, const VarDecl &V) {
  DeviceRecord R = findDevicePointee(V.getType(), U.Model->Ctx);
  std::string Path = R ? spell(R.Path) : std::string();
  return Path.empty() ? V.getNameAsString()
                      : "&" + V.getNameAsString() + "->" + Path;
}

std::string Conversion::vdevText(const Unit &U, const Expr *E) {
  if (const VarDecl *From = madeFrom(P, U, E))
    return vdevText(U, *From);
  const Expr *S = E->IgnoreParenImpCasts();
  while (const auto *Cast = dyn_cast<CStyleCastExpr>(S)) {
    if (!pointeeRecord(Cast->getSubExpr()->getType()))
      break;
    S = Cast->getSubExpr()->IgnoreParenImpCasts();
  }
  std::string Text = U.text(S->getSourceRange());
  if (Text.empty())
    return {};
  DeviceRecord R = findDevicePointee(S->getType(), U.Model->Ctx);
  if (!R)
    return {};
  return member(S, Text, spell(R.Path));
}

/// True where an allocation of the structure is known and \p Init gets it
/// neither down from there nor up to there: it waited in its parent.
bool Conversion::livesOn(const SiteRef &Init) const {
  if (Init.From.empty())
    return llvm::any_of(Flow.allocs(), [&](const AllocSite &A) {
      return A.RecordKey == D.RecordKey;
    });
  return llvm::all_of(
      Init.From, [&](unsigned A) { return outlives(Flow.allocs()[A], Init); });
}

void Conversion::convertAllocations() {
  for (const SiteRef &Init : D.Inits)
    if (Init.From.empty() && hasOwnObjects(P, D)) {
      refuse(RefusalId::StructureOutlivesDevice, *Init.U,
             Init.S->Call->getBeginLoc(),
             "the structure is a variable of the module and is not allocated: "
             "it stays when its device has gone",
             "allocate the structure when its device comes, then run again");
      return;
    }
  for (const SiteRef &Init : D.Inits)
    if (Init.From.empty()) {
      refuse(RefusalId::EscapingPointer, *Init.U, Init.S->Call->getBeginLoc(),
             "the structure that is prepared here is not allocated in the "
             "files that were read",
             "give vfio-migrate all files of the driver");
      return;
    }
  checkRecord();
  if (!Refusals.empty())
    return;
  for (unsigned A : D.Allocs)
    convertAllocation(A);
}

/// True where the driver gives its mdevs an IOMMU of their own, as kernels
/// before 5.16 could.
static bool hasMdevIommu(const OldDriver &D) {
  struct Finder : ASTVisitor<Finder> {
    bool Found = false;
    bool VisitCallExpr(CallExpr *Call) ENGINE_OVERRIDE {
      const FunctionDecl *F = Call->getDirectCallee();
      Found |=
          F && F->getIdentifier() && F->getName() == "mdev_set_iommu_device";
      return true;
    }
  } F;
  for (const Unit *U : D.Units)
    for (const FunctionDecl *Fn : U->Model->Functions)
      F.TraverseStmt(Fn->getBody());
  return F.Found;
}

/// In 5.15 an mdev had an IOMMU group made for it and registered as any device
/// did; since then vfio makes the group, where it is told that it has to.
void Conversion::convertRegisters() {
  for (const SiteRef &R : D.Registers) {
    if (R.S->Api->Name != "vfio_register_group_dev")
      continue;
    bool OfMdev = llvm::any_of(R.S->In->parameters(), [](const ParmVarDecl *P) {
      const RecordDecl *Rec = pointeeRecord(P->getType());
      return Rec && Rec->getName() == "mdev_device";
    });
    if (!OfMdev)
      continue;
    SourceLocation Loc = R.S->Call->getBeginLoc();
    if (hasMdevIommu(D)) {
      Remarks.push_back("line " + std::to_string(R.U->place(Loc).Line) +
                        ": from 5.16 on an mdev driver registers by "
                        "vfio_register_emulated_iommu_dev; this one gives its "
                        "mdevs an IOMMU, "
                        "and the call is left as it is");
      continue;
    }
    FileRange Name = R.U->range(R.S->Call->getCallee()->getSourceRange());
    if (!edit(*R.U, Name, Loc))
      return;
    Edits.replace(Name, "vfio_register_emulated_iommu_dev");
    step(StepId::RegisterEmulated, *R.U, Loc);
  }
}

/// A device must not live longer than it did.
void Conversion::checkKept() {
  if (D.Devm)
    return;
  for (const SiteRef *R : keptOn(P, D))
    refuse(RefusalId::StructureOutlivesDevice, *R->U, R->S->Call->getBeginLoc(),
           "the device ends here, and no free of its structure was recognised "
           "beside it: the structure may be kept for later, until when a "
           "device from vfio_alloc_device() would live",
           "free the structure where its device ends, then run again");
}

/// vfio_alloc_device prepares once: an init that runs again on the structure
/// that it has prepared before is another life.
void Conversion::checkRepeats() {
  for (const SiteRef &R : D.Inits) {
    const CallExpr *Alloc = nullptr;
    for (unsigned A : R.From)
      if (Flow.allocs()[A].In == R.S->In)
        Alloc = Flow.allocs()[A].Call;
    if (runsAgain(R.U->Model->Ctx, R.S->In, R.S->Call, Alloc))
      refuse(RefusalId::UnpairedCleanup, *R.U, R.S->Call->getBeginLoc(),
             "the device is prepared again in a structure that was prepared "
             "before, and vfio_alloc_device() prepares it once",
             "prepare the device once, or allocate a new structure for each "
             "turn");
  }
}

/// The allocation may wait for memory, and the last put takes a mutex; kzalloc
/// with GFP_ATOMIC and kfree did neither.
void Conversion::checkContext() {
  AtomicContext Context(P);
  for (unsigned I : D.Allocs) {
    const AllocSite &A = Flow.allocs()[I];
    if (Context.mustNotSleep(*A.U, A.Call) || Context.mayBeAtomic(A.Call))
      refuse(RefusalId::AtomicContext, *A.U, A.Call->getBeginLoc(),
             "the structure is allocated where the driver must not sleep, and "
             "vfio_alloc_device() sleeps",
             "allocate it in process context, with no spinlock held");
  }
  for (const SiteRef &R : D.Devm ? D.Uninits : D.Frees)
    if (Context.mayBeAtomic(R.S->Call))
      refuse(RefusalId::AtomicContext, *R.U, R.S->Call->getBeginLoc(),
             "the structure is freed where the driver must not sleep, and the "
             "last vfio_put_device() takes a mutex",
             "free it after the lock is dropped, or from a work item");
}

/// devm gives back in the reverse order: what can call the driver with the
/// structure goes before that. From the last put on it would come after.
void Conversion::checkDevres() {
  struct CallList : EvaluatedVisitor<CallList> {
    std::vector<const CallExpr *> All;
    bool VisitCallExpr(CallExpr *Call) ENGINE_OVERRIDE {
      All.push_back(Call);
      return true;
    }
  };
  for (const Unit *U : D.Units)
    for (const FunctionDecl *F : U->Model->Functions) {
      CallList Calls;
      Calls.TraverseStmt(F->getBody());
      for (const CallExpr *Call : Calls.All) {
        const FunctionDecl *Callee = Call->getDirectCallee();
        auto IsIt = [&](const Expr *Arg) {
          return Arg->IgnoreParenImpCasts()->getType()->isPointerType() &&
                 !namedFunction(Arg) &&
                 llvm::any_of(Flow.pointsTo(*U, F, Arg),
                              [&](unsigned A) { return D.Allocs.count(A); });
        };
        // What the driver gives back itself is in the table of such pairs.
        if (Callee && Callee->getIdentifier() && !findApi(*Call) &&
            !P.callee(*U, Call) && !findHolding(Callee->getName()) &&
            llvm::any_of(Call->arguments(),
                         [](const Expr *Arg) { return namedFunction(Arg); }) &&
            llvm::any_of(Call->arguments(), IsIt))
          refuse(RefusalId::EscapingPointer, *U, Call->getBeginLoc(),
                 "devm frees the structure after what " + Callee->getName() +
                     "() has begun, which can call the driver with it until "
                     "then; the last put would come before",
                 "end that by hand before the device ends, then run again");
      }
    }
}

void Conversion::run() {
  if (preparedInPlace(P).count(D.RecordKey) && D.Inits.empty())
    return refuseInPlace();
  checkContext();
  if (D.Devm)
    checkDevres();
  if (Refusals.empty())
    Refusals = specialMemory(P, Flow, D);
  Remarks = memoryRemarks(P, Flow, D);
  checkRepeats();
  Handing Handed(P, Flow, D);
  llvm::append_range(Refusals, Handed.problems());
  Doubts = std::move(Handed.Doubts);
  if (!Refusals.empty())
    return;
  // A structure that lives on when its device ends is another story.
  for (const SiteRef &Init : D.Inits)
    if (livesOn(Init))
      convertOutliving(Init);
  if (!Outliving && Refusals.empty())
    convertAllocations();
  if (!Refusals.empty())
    return;
  convertRegisters();
  for (const SiteRef &R : D.Unregisters)
    freeAfterUnregister(R);
  convertUninits();
  if (!Outliving) {
    convertFrees();
    checkStructureWrites();
    convertTables();
    if (D.isPci())
      orderDrvdata();
  }
  if (Refusals.empty() && !Outliving)
    checkKept();
  if (Refusals.empty())
    checkConditionals();
  if (Refusals.empty() && Edits.conflict())
    refuse(RefusalId::UnpairedCleanup, *D.first().U,
           D.first().S->Call->getBeginLoc(),
           "two changes meet in one statement", "split the statement");
}

} // namespace vfio::rewriter
