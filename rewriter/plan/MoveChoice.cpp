//===- MoveChoice.cpp - Which set-up moves to @init -----------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/ASTVisitor.h"
#include "rewriter/plan/Mover.h"
#include "rewriter/read/PrivateState.h"
#include "clang/AST/ParentMapContext.h"

using namespace clang;

namespace vfio::rewriter {

/// How @init gets the value of \p V without being given it.
bool Mover::derive(const VarDecl *V) {
  if (V == X || Derived.count(V))
    return true;
  const VarDecl *Bus = nullptr;
  const Expr *D = strip(Dev.Device);
  const VarDecl *Given = namedVar(D);
  // `dev`, of which the declaration says that it is `&pdev->dev`.
  if (Given && Given->hasInit() && !isa<ParmVarDecl>(Given) &&
      !namesIn(Probe->getBody()).Written.count(Given))
    D = strip(Given->getInit());
  // `&pdev->dev`, `mdev_dev(mdev)`, or the struct device itself.
  if (const auto *UO = dyn_cast<UnaryOperator>(D)) {
    const auto *ME = dyn_cast<MemberExpr>(UO->getSubExpr()->IgnoreParens());
    if (ME && ME->isArrow() && ME->getMemberDecl()->getName() == "dev")
      Bus = namedVar(ME->getBase());
  } else if (const auto *Call = dyn_cast<CallExpr>(D)) {
    if (Call->getNumArgs() == 1)
      Bus = namedVar(Call->getArg(0));
  }
  std::string How;
  if (V == Given || V == namedVar(D))
    How = Param + "->dev";
  else if (V == Bus && !fromDevice(V->getType()).empty())
    How = (fromDevice(V->getType()) + "(" + Param + "->dev)").str();
  else if (V->hasInit() && !isa<ParmVarDecl>(V) && isPure(V->getInit())) {
    // A local that is only ever what its initialiser says.
    if (namesIn(Probe->getBody()).Written.count(V))
      return false;
    // `info = { .argsz = sizeof(info) }` says the same of one of that name.
    for (const VarDecl *Inner : namesIn(V->getInit()).foreign())
      if (Inner != V && (Inner == X || !derive(Inner)))
        return false;
    How = U->text(V->getInit()->getSourceRange());
  }
  if (How.empty())
    return false;
  if (isa<ParmVarDecl>(V) && namesIn(Probe->getBody()).Written.count(V))
    return false;
  Derived[V] = How;
  DerivedOrder.push_back(V);
  return true;
}

/// Every way out of \p S is an error path that ends in the put.
bool Mover::exitsAreErrors(const Stmt *S) {
  Names N = namesIn(S);
  for (const GotoStmt *G : N.Gotos) {
    bool Puts = false;
    for (unsigned I : tailOf(Items, G->getLabel()))
      Puts |= isPut(Items[I].S);
    if (!Puts)
      return false;
  }
  for (const ReturnStmt *R : N.Returns) {
    auto Parents = U->Model->Ctx.getParents(*static_cast<const Stmt *>(R));
    const auto *Block =
        Parents.empty() ? nullptr : Parents[0].get<CompoundStmt>();
    bool Puts = false;
    if (Block)
      for (const Stmt *In : Block->body())
        Puts |= isPut(In);
    if (!Puts || !R->getRetValue())
      return false;
  }
  return true;
}

/// True where \p S tells another object where the structure is, or takes that
/// back: until when it can be found is remove's to decide.
bool Mover::publishes(const Stmt *S) const {
  struct Finder : ASTVisitor<Finder> {
    const VarDecl *X;
    bool Found = false;
    bool VisitBinaryOperator(BinaryOperator *BO) ENGINE_OVERRIDE {
      const auto *ME =
          dyn_cast<MemberExpr>(BO->getLHS()->IgnoreParenImpCasts());
      Found |= BO->isAssignmentOp() && BO->getType()->isPointerType() && ME &&
               structureOf(ME) && structureOf(ME) != X &&
               namedVar(BO->getRHS()) == X;
      return true;
    }
  } F;
  F.X = X;
  F.TraverseStmt(const_cast<Stmt *>(S));
  return F.Found;
}

/// Why \p S, apart from its names and ways out, is not the structure's alone;
/// empty where it is.
std::string Mover::whyNotOwn(const Stmt *S) const {
  const auto *If = dyn_cast<IfStmt>(S);
  if (!If || namesIn(S).Returns.empty())
    return whyNotPrivate(P, *U, S, Asking::Allowed);
  if (If->getElse())
    return "it returns from a branch of several";
  // The put of an early return is judged with its return.
  std::vector<const Stmt *> Parts = {If->getCond()};
  if (const auto *Block = dyn_cast<CompoundStmt>(If->getThen()))
    llvm::copy_if(Block->body(), std::back_inserter(Parts),
                  [&](const Stmt *In) { return !isPut(In); });
  else
    Parts.push_back(If->getThen());
  for (const Stmt *Part : Parts)
    if (std::string Reason = whyNotPrivate(P, *U, Part, Asking::Allowed);
        !Reason.empty())
      return Reason;
  return {};
}

/// True where \p S clears a member of a structure, which is zeroed as it comes.
static bool clearsMember(const Stmt *S, const ASTContext &Ctx) {
  const auto *Set = dyn_cast<BinaryOperator>(S);
  Expr::EvalResult Value;
  return Set && Set->getOpcode() == BO_Assign &&
         isa<MemberExpr>(Set->getLHS()) &&
         (Set->getRHS()->IgnoreParenImpCasts()->isNullPointerConstant(
              const_cast<ASTContext &>(Ctx),
              Expr::NPC_ValueDependentIsNotNull) ||
          (Set->getRHS()->EvaluateAsInt(Value, Ctx) && !Value.Val.getInt()));
}

/// Why \p S cannot move to @init; empty where it can.
std::string Mover::whyNotMovable(const Stmt *S) {
  if (isa<DeclStmt, ReturnStmt, GotoStmt>(S) || text(S).empty())
    return "it is a declaration, a jump, or a macro's";
  if (publishes(S))
    return "it tells another object where the structure is";
  if (std::string Reason = whyNotOwn(S); !Reason.empty())
    return Reason;
  if (!exitsAreErrors(S))
    return "it leaves probe without a put";
  for (const VarDecl *V : namesIn(S).foreign()) {
    const Expr *Start =
        V->hasInit() ? V->getInit()->IgnoreParenImpCasts() : nullptr;
    bool Code =
        V->getType()->isIntegerType() &&
        (Start ? isa<IntegerLiteral, UnaryOperator>(Start)
               : !isa<ParmVarDecl>(V) && !V->getType().isConstQualified());
    if (Code)
      Locals.insert(V); // init has one of its own
    else if (!derive(V))
      return "it needs '" + V->getNameAsString() +
             "', which @init cannot derive from the device";
  }
  return {};
}

/// True where \p S changes nothing but variables of the module, and no error
/// path of probe undoes that.
bool Mover::countsInProbe(const Stmt *S) const {
  struct Globals : ASTVisitor<Globals> {
    VarSet Found;
    bool VisitDeclRefExpr(DeclRefExpr *E) ENGINE_OVERRIDE {
      if (const auto *V = dyn_cast<VarDecl>(E->getDecl()))
        if (V->hasGlobalStorage() && !V->getLocation().isMacroID())
          Found.insert(V);
      return true;
    }
  } Here, Undone;
  Here.TraverseStmt(const_cast<Stmt *>(S));
  if (Here.Found.empty() || namesIn(S).Vars.count(X) || hasExit(S))
    return false;
  for (unsigned I = Reg + 1; I < Items.size(); ++I)
    Undone.TraverseStmt(const_cast<Stmt *>(Items[I].S));
  return llvm::none_of(Here.Found,
                       [&](const VarDecl *V) { return Undone.Found.count(V); });
}

void addModuleState(const Program &P, const Unit &U, const Stmt *S,
                    std::set<std::string> &Out, unsigned Depth) {
  struct Finder : ASTVisitor<Finder> {
    std::vector<const VarDecl *> Vars;
    std::vector<const CallExpr *> Calls;
    bool VisitDeclRefExpr(DeclRefExpr *E) ENGINE_OVERRIDE {
      const auto *V = dyn_cast<VarDecl>(E->getDecl());
      if (V && V->hasGlobalStorage() && !V->getType().isConstQualified())
        Vars.push_back(V);
      return true;
    }
    bool VisitCallExpr(CallExpr *Call) ENGINE_OVERRIDE {
      Calls.push_back(Call);
      return true;
    }
  } F;
  F.TraverseStmt(const_cast<Stmt *>(S));
  for (const VarDecl *V : F.Vars)
    Out.insert(Program::key(U, V));
  for (const CallExpr *Call : F.Calls)
    if (Program::Definition D = P.callee(U, Call); D && Depth < 4)
      addModuleState(P, *D.U, D.F->getBody(), Out, Depth + 1);
}

/// Why \p S cannot move past what stays, which has to do with \p Staying of
/// the module's variables; empty where it can.
std::string Mover::whyNotPast(const std::set<std::string> &Staying,
                              const Stmt *S) const {
  std::set<std::string> Named;
  addModuleState(P, *U, S, Named);
  for (const std::string &Key : Named)
    if (Staying.count(Key))
      return "what stays in front of it counts in '" +
             llvm::StringRef(Key).split('@').first.str() + "'";
  return {};
}

bool Mover::chooseItems() {
  std::set<std::string> Staying;
  unsigned Counting = 0; // the first that stays for that; 0 is none
  for (unsigned I = Check + 1; I < Reg; ++I) {
    const Stmt *S = Items[I].S;
    if (!Items[I].Labels.empty())
      return no("a label stands between the allocation and register");
    // drvdata is probe's; nothing private depends on it.
    if (const auto *Call = dyn_cast<CallExpr>(S);
        Call && roleOf(*Call) == Role::SetDrvdata)
      continue;
    // A count of devices whose undo is remove's alone stays with probe.
    if (countsInProbe(S)) {
      Counting = Counting ? Counting : I;
      addModuleState(P, *U, S, Staying);
      continue;
    }
    std::string Reason = whyNotMovable(S);
    if (Reason.empty())
      Reason = whyNotPast(Staying, S);
    if (Reason.empty() && Counting && hasExit(S)) {
      Reason = "it can fail, and what stays in front of it would not run then";
      // What it asks about stays with it.
      llvm::erase_if(Moved, [&](unsigned M) { return M > Counting; });
    }
    if (!Reason.empty()) {
      // What comes before it moves, and what comes behind it stays with it.
      Kept = "'" + firstLine(text(S)) + "'";
      KeptWhy = Reason;
      break;
    }
    Moved.push_back(I);
  }
  // What only asks, before the rest, is not worth a callback either.
  bool Needed = llvm::any_of(Moved, [&](unsigned I) {
    return mentions(Items[I].S, X) && !clearsMember(Items[I].S, U->Model->Ctx);
  });
  if (Needed)
    return true;
  // Without private set-up there is nothing to say.
  return no(Kept.empty() ? std::string()
                         : Kept +
                               ", between the allocation and register, "
                               "belongs to probe: " +
                               KeptWhy);
}

} // namespace vfio::rewriter
