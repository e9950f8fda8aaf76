//===- ConvertArguments.cpp - What vfio_alloc_device is given
//---------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/ASTVisitor.h"
#include "rewriter/Conversion.h"
#include "rewriter/read/Names.h"
#include "rewriter/read/NullTest.h"

using namespace clang;

namespace vfio::rewriter {

std::vector<Program::CallSite>
Conversion::findChain(const Program::Definition &From,
                      const Program::Definition &ToF, unsigned Depth) const {
  // The calls that lead from one function down to another, the caller first.
  if (Depth > 4)
    return {};
  for (const Program::CallSite &C : P.callsOf(Program::key(*ToF.U, ToF.F))) {
    if (C.In == From.F && C.U == From.U)
      return {C};
    if (C.In == ToF.F)
      continue;
    std::vector<Program::CallSite> Up = findChain(From, {C.U, C.In}, Depth + 1);
    if (!Up.empty()) {
      Up.push_back(C);
      return Up;
    }
  }
  return {};
}

/// The text of the init's device argument, as a `struct device *`.
std::string Conversion::deviceArgument(const SiteRef &Init) const {
  const ApiFunction &Api = *Init.S->Api;
  if (Api.Device >= int(Init.S->Call->getNumArgs()))
    return {};
  const Expr *E = Init.S->Call->getArg(Api.Device);
  std::string Text = Init.U->text(E->getSourceRange());
  if (Text.empty() || Api.Kind != Role::PciInitDevice)
    return Text;
  const Expr *S = E->IgnoreImpCasts();
  bool Simple = isa<DeclRefExpr, MemberExpr, CallExpr, ParenExpr>(S);
  return Simple ? "&" + Text + "->dev" : "&(" + Text + ")->dev";
}

/// True where every variable of \p E has, at \p At, the value that it has
/// where \p E is evaluated now.
bool Conversion::availableAt(const Unit &U, const FunctionDecl *F,
                             const Expr *E, SourceLocation At) const {
  struct Vars : ASTVisitor<Vars> {
    llvm::SmallVector<const VarDecl *, 4> Found;
    bool VisitDeclRefExpr(DeclRefExpr *Ref) ENGINE_OVERRIDE {
      if (const auto *V = dyn_cast<VarDecl>(Ref->getDecl()))
        if (!V->hasGlobalStorage())
          Found.push_back(V);
      return true;
    }
  } V;
  V.TraverseStmt(const_cast<Expr *>(E));
  struct Writes : ASTVisitor<Writes> {
    const VarDecl *Var;
    llvm::SmallVector<SourceLocation, 4> Found;
    void note(const Expr *LHS, SourceLocation Loc) {
      const auto *Ref = dyn_cast<DeclRefExpr>(LHS->IgnoreParenImpCasts());
      if (Ref && Ref->getDecl() == Var)
        Found.push_back(Loc);
    }
    bool VisitBinaryOperator(BinaryOperator *BO) ENGINE_OVERRIDE {
      if (BO->isAssignmentOp())
        note(BO->getLHS(), BO->getBeginLoc());
      return true;
    }
    bool VisitUnaryOperator(UnaryOperator *UO) ENGINE_OVERRIDE {
      if (UO->isIncrementDecrementOp() || UO->getOpcode() == UO_AddrOf)
        note(UO->getSubExpr(), UO->getBeginLoc());
      return true;
    }
  };
  SourceManager &SM = U.sources();
  auto Before = [&](SourceLocation A, SourceLocation B) {
    return SM.isBeforeInTranslationUnit(SM.getFileLoc(A), SM.getFileLoc(B));
  };
  for (const VarDecl *Var : V.Found) {
    Writes W;
    W.Var = Var;
    W.TraverseStmt(F->getBody());
    bool Set = isa<ParmVarDecl>(Var) ||
               (Var->hasInit() && Before(Var->getLocation(), At));
    for (SourceLocation Loc : W.Found) {
      if (!Before(Loc, At) && Before(Loc, E->getBeginLoc()))
        return false;
      Set |= Before(Loc, At);
    }
    if (!Set)
      return false;
  }
  return true;
}

/// What decides on the branch of \p Init, where that needs the structure.
std::string Conversion::whatDecides(const AllocSite &A,
                                    const SiteRef &Init) const {
  VarSet Asked;
  const Stmt *Decides = nullptr;
  struct Ifs : ASTVisitor<Ifs> {
    std::vector<const IfStmt *> Found;
    std::vector<const BinaryOperator *> Sets;
    bool VisitIfStmt(IfStmt *If) ENGINE_OVERRIDE {
      Found.push_back(If);
      return true;
    }
    bool VisitBinaryOperator(BinaryOperator *BO) ENGINE_OVERRIDE {
      if (BO->isAssignmentOp())
        Sets.push_back(BO);
      return true;
    }
  } All;
  All.TraverseStmt(A.In->getBody());
  const VarDecl *Declared = nullptr;
  const Expr *Outermost = nullptr;
  const Expr *Kept = resultOf(A.U->Model->Ctx, A.Call, Declared, Outermost);
  const VarDecl *X = Kept ? namedVar(Kept) : Declared;
  for (const IfStmt *If : All.Found) {
    if (!holds(If, Init.S->Call) || holds(If->getCond(), A.Call))
      continue;
    if (X && mentions(If->getCond(), X))
      Decides = If->getCond();
    for (const VarDecl *V : namesIn(If->getCond()).Vars)
      if (V != X)
        Asked.insert(V);
  }
  for (const BinaryOperator *Set : All.Sets)
    if (Asked.count(namedVar(Set->getLHS())) && X && mentions(Set, X) &&
        A.U->sources().isBeforeInTranslationUnit(Set->getBeginLoc(),
                                                 Init.S->Call->getBeginLoc()))
      Decides = Set;
  return Decides ? ", as '" + A.U->text(Decides->getSourceRange()) +
                       "' decides, which needs the structure"
                 : "; a table chosen before it reads better";
}

/// True where \p Init is left out under a condition, and the way goes on.
bool Conversion::isConditional(const AllocSite &A, const SiteRef &Init) const {
  const VarDecl *Declared = nullptr;
  const Expr *Outermost = nullptr;
  const Expr *Kept = resultOf(A.U->Model->Ctx, A.Call, Declared, Outermost);
  std::string X = Kept       ? A.U->text(Kept->getSourceRange())
                  : Declared ? Declared->getNameAsString()
                             : "";
  struct Ifs : ASTVisitor<Ifs> {
    std::vector<const IfStmt *> Found;
    bool VisitIfStmt(IfStmt *If) ENGINE_OVERRIDE {
      Found.push_back(If);
      return true;
    }
  } All;
  All.TraverseStmt(A.In->getBody());
  return llvm::any_of(All.Found, [&](const IfStmt *If) {
    bool Then = holds(If->getThen(), Init.S->Call);
    const Stmt *Branch = Then ? If->getThen() : If->getElse();
    const Stmt *Other = Then ? If->getElse() : If->getThen();
    if (!Branch || !holds(Branch, Init.S->Call) || holds(If, A.Call) ||
        nullTest(*A.U, If->getCond(), X, A.Call) ||
        (Other && endsInExit(Other)))
      return false;
    return llvm::none_of(D.Registers, [&](const SiteRef &R) {
      return R.U == A.U && holds(Branch, R.S->Call);
    });
  });
}

/// Where \p Init prepared the device by \p Table, that is set.
bool Conversion::setTable(const AllocSite &A, const SiteRef &Init,
                          const std::string &Table) {
  SourceLocation Loc = Init.S->Call->getBeginLoc();
  FileRange R = callRange(*Init.U, Init.S->Call);
  std::string Vdev = vdevText(*Init.U, Init.S->Call->getArg(0));
  if (!edit(*Init.U, R, Loc) || Vdev.empty())
    return false;
  std::string Object = llvm::StringRef(Vdev).starts_with("&")
                           ? Vdev.substr(1) + ".ops"
                           : Vdev + "->ops";
  std::string Text = Object + " = " + Table;
  if (columnOf(R) + Text.size() + 1 > 80)
    Text = Object + " =\n" + indentTo(columnOf(R) + 8) + Table;
  Edits.replace(R, Text);
  step(StepId::ChooseTable, *Init.U, Loc);
  Remarks.push_back(
      "line " + std::to_string(Init.U->place(Loc).Line) +
      ": the ops table of this branch is set after the allocation" +
      whatDecides(A, Init));
  return true;
}

/// Takes the calls \p Inits out that prepare the structure of \p A, for the
/// arguments of the last of them, which the allocation gets; others keep what
/// they set.
std::optional<Conversion::Arguments>
Conversion::takeInits(const AllocSite &A, const std::vector<SiteRef> &Inits) {
  const SiteRef &Default = Inits.back();
  const Expr *Ops = Default.S->Call->getArg(Default.S->Api->Ops);
  Arguments Out{deviceArgument(Default),
                Default.U->text(Ops->getSourceRange())};
  for (const SiteRef &Init : Inits) {
    Handled.insert(Init.S->Call);
    if (&Init == &Default) {
      removeCall(*Init.U, Init.S->Call);
      continue;
    }
    if (deviceArgument(Init) != Out.Device) {
      refuse(RefusalId::SeveralInstances, *Init.U, Init.S->Call->getBeginLoc(),
             "the structure is prepared for one of several devices",
             "choose the device before the structure is allocated");
      return std::nullopt;
    }
    std::string Table =
        Init.U->text(Init.S->Call->getArg(Init.S->Api->Ops)->getSourceRange());
    if (Table == Out.Ops) {
      removeCall(*Init.U, Init.S->Call);
      continue;
    }
    if (!setTable(A, Init, Table))
      return std::nullopt;
  }
  return Out;
}

std::optional<Conversion::Arguments>
Conversion::sameFunction(const AllocSite &A,
                         const std::vector<SiteRef> &Inits) {
  if (Arguments Chosen; hoistBranches(A, Inits, Chosen))
    return Chosen;
  if (Inits.size() == 1 && isConditional(A, Inits.front())) {
    refuse(RefusalId::UnpairedCleanup, *A.U, Inits[0].S->Call->getBeginLoc(),
           "the device is prepared under a condition, and vfio_alloc_device() "
           "prepares it in each case",
           "prepare the device in each case, or return where it is not");
    return std::nullopt;
  }
  // Where several tables are chosen from by branches, the last one named is
  // what the allocation gets; the other branches then set their own.
  const SiteRef &Default = Inits.back();
  const ApiFunction &Api = *Default.S->Api;
  const CallExpr *Call = Default.S->Call;
  SourceLocation At = A.Call->getBeginLoc();
  const Expr *Dev = Call->getArg(Api.Device), *Ops = Call->getArg(Api.Ops);
  const VarDecl *Declared = nullptr;
  const Expr *Outermost = nullptr;
  const Expr *Kept = resultOf(A.U->Model->Ctx, A.Call, Declared, Outermost);
  const VarDecl *X = Kept ? namedVar(Kept) : Declared;
  if (X && (mentions(Dev, X) || mentions(Ops, X))) {
    refuse(RefusalId::InitArguments, *A.U, Call->getBeginLoc(),
           "the device or the ops table is found in the structure itself, "
           "which is not there before vfio_alloc_device() is given both",
           "find both before the structure is allocated, then run again");
    return std::nullopt;
  }
  if ((!availableAt(*A.U, A.In, Dev, At) ||
       !availableAt(*A.U, A.In, Ops, At)) &&
      !(Inits.size() == 1 && hoistChoice(A, Default))) {
    refuse(RefusalId::InitArguments, *A.U, Call->getBeginLoc(),
           "the device or the ops table is not known yet where the structure "
           "is allocated",
           "allocate the structure after both are known");
    return std::nullopt;
  }
  return takeInits(A, Inits);
}

std::optional<std::string> Conversion::lift(const Unit &U,
                                            const FunctionDecl *F,
                                            const Expr *E,
                                            const Program::CallSite &Call) {
  // Replaces the parameters that E names by the caller's arguments.
  struct Refs : ASTVisitor<Refs> {
    std::vector<const DeclRefExpr *> Found;
    bool Local = false;
    bool VisitDeclRefExpr(DeclRefExpr *Ref) ENGINE_OVERRIDE {
      if (isa<ParmVarDecl>(Ref->getDecl()))
        Found.push_back(Ref);
      else if (const auto *V = dyn_cast<VarDecl>(Ref->getDecl()))
        Local |= !V->hasGlobalStorage();
      return true;
    }
  } R;
  R.TraverseStmt(const_cast<Expr *>(E));
  if (R.Local || !availableAt(U, F, E, F->getBody()->getBeginLoc()))
    return std::nullopt;
  std::map<const VarDecl *, std::string> By;
  for (const DeclRefExpr *Ref : R.Found) {
    const auto *Param = cast<ParmVarDecl>(Ref->getDecl());
    unsigned I = Param->getFunctionScopeIndex();
    if (I >= Call.Call->getNumArgs())
      return std::nullopt;
    const Expr *Arg = Call.Call->getArg(I);
    std::string ArgText = Call.U->text(Arg->getSourceRange());
    bool Alone = Ref == E->IgnoreParenImpCasts();
    if (!Alone &&
        !isa<DeclRefExpr, MemberExpr, CallExpr>(Arg->IgnoreParenImpCasts()))
      ArgText = "(" + ArgText + ")";
    By[Param] = ArgText;
  }
  return textWith(U, E, By);
}

std::optional<Conversion::Arguments>
Conversion::fromCallee(const AllocSite &A, const SiteRef &Init,
                       llvm::ArrayRef<Program::CallSite> Chain) {
  const ApiFunction &Api = *Init.S->Api;
  const CallExpr *Call = Init.S->Call;
  Program::Definition Here{Init.U, Init.S->In};
  const Expr *E = Call->getArg(Api.Device);
  std::string Suffix = Api.Kind == Role::PciInitDevice ? "->dev" : "";
  std::optional<std::string> Dev;
  for (const Program::CallSite &C : llvm::reverse(Chain)) {
    Dev = lift(*Here.U, Here.F, E, C);
    if (!Dev)
      break;
    Here = {C.U, C.In};
    // One more level up needs an expression of the caller again.
    const auto *Ref = dyn_cast<DeclRefExpr>(E->IgnoreParenImpCasts());
    const auto *Param = Ref ? dyn_cast<ParmVarDecl>(Ref->getDecl()) : nullptr;
    if (&C == &Chain.front())
      break;
    if (!Param)
      return std::nullopt;
    E = C.Call->getArg(Param->getFunctionScopeIndex());
  }
  SourceLocation Loc = Call->getBeginLoc();
  if (!Dev || Here.F != A.In) {
    refuse(RefusalId::InitArguments, *Init.U, Loc,
           "the device argument is not known where the structure is allocated",
           "pass the struct device to where the structure is allocated");
    return std::nullopt;
  }
  // The table may come from the caller, as the device does.
  std::optional<std::string> OpsLifted =
      Chain.size() == 1
          ? lift(*Init.U, Init.S->In, Call->getArg(Api.Ops), Chain.front())
          : std::nullopt;
  std::string OpsText;
  const Expr *OpsArg = Call->getArg(Api.Ops)->IgnoreParenImpCasts();
  if (OpsLifted && isa<DeclRefExpr>(OpsArg)) {
    OpsText = *OpsLifted;
  } else {
    std::optional<std::string> Table = exposeTable(A, Init);
    if (!Table)
      return std::nullopt;
    OpsText = "&" + *Table;
  }
  std::string DevText = *Dev;
  if (!Suffix.empty())
    DevText = (llvm::StringRef(DevText).contains_insensitive("(") ||
                       llvm::StringRef(DevText).starts_with("&")
                   ? "&(" + DevText + ")"
                   : "&" + DevText) +
              Suffix;
  if (Handled.insert(Call).second)
    removeCall(*Init.U, Call);
  return Arguments{DevText, OpsText};
}

std::optional<Conversion::Arguments>
Conversion::argumentsFor(const AllocSite &A,
                         const std::vector<SiteRef> &Inits) {
  std::vector<SiteRef> Same;
  for (const SiteRef &I : Inits)
    if (I.S->In == A.In && I.U == A.U)
      Same.push_back(I);
  if (!Same.empty())
    return sameFunction(A, Same);
  const SiteRef &Init = Inits.front();
  if (Inits.size() > 1) {
    refuse(RefusalId::SeveralInstances, *Init.U, Init.S->Call->getBeginLoc(),
           "several functions prepare what one place allocates",
           "prepare the device in one function");
    return std::nullopt;
  }
  Program::Definition Alloc{A.U, A.In}, Prepare{Init.U, Init.S->In};
  std::vector<Program::CallSite> Down = findChain(Alloc, Prepare);
  if (!Down.empty())
    return fromCallee(A, Init, Down);
  std::vector<Program::CallSite> Up = findChain(Prepare, Alloc);
  if (!Up.empty())
    return fromCaller(A, Init, Up);
  refuse(RefusalId::EscapingPointer, *Init.U, Init.S->Call->getBeginLoc(),
         "how the structure comes from its allocation to this place could not "
         "be followed",
         "pass the structure as an argument");
  return std::nullopt;
}

} // namespace vfio::rewriter
