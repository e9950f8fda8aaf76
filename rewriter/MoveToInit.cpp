//===- MoveToInit.cpp - Private set-up moves to @init and @release --------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/MoveToInit.h"
#include "lifecycle/ASTVisitor.h"
#include "rewriter/PrivateState.h"
#include "rewriter/Statements.h"
#include "rewriter/TableRows.h"
#include "clang/AST/ParentMapContext.h"
#include "llvm/Support/Regex.h"

using namespace clang;

namespace vfio::rewriter {

namespace {

/// Variables that a statement names, and the gotos and returns in it.
struct Names : ASTVisitor<Names> {
  std::set<const VarDecl *> Vars;
  std::vector<const GotoStmt *> Gotos;
  std::vector<const ReturnStmt *> Returns;
  std::set<const VarDecl *> Written;
  bool VisitDeclRefExpr(DeclRefExpr *E) {
    if (const auto *V = dyn_cast<VarDecl>(E->getDecl()))
      if (!V->hasGlobalStorage())
        Vars.insert(V);
    return true;
  }
  bool VisitGotoStmt(GotoStmt *G) {
    Gotos.push_back(G);
    return true;
  }
  bool VisitReturnStmt(ReturnStmt *R) {
    Returns.push_back(R);
    return true;
  }
  bool VisitBinaryOperator(BinaryOperator *BO) {
    if (BO->isAssignmentOp())
      if (const auto *V = dyn_cast_or_null<DeclRefExpr>(
              BO->getLHS()->IgnoreParenImpCasts()))
        if (const auto *Var = dyn_cast<VarDecl>(V->getDecl()))
          Written.insert(Var);
    return true;
  }
  /// `n++`, and `&n` that is given to someone who fills it in.
  bool VisitUnaryOperator(UnaryOperator *UO) {
    if (UO->isIncrementDecrementOp() || UO->getOpcode() == UO_AddrOf)
      if (const auto *Ref =
              dyn_cast<DeclRefExpr>(UO->getSubExpr()->IgnoreParens()))
        if (const auto *Var = dyn_cast<VarDecl>(Ref->getDecl()))
          Written.insert(Var);
    return true;
  }
  /// Variables that a macro of the kernel declares for itself do not count.
  std::set<const VarDecl *> foreign() const {
    std::set<const VarDecl *> Out;
    for (const VarDecl *V : Vars)
      if (!V->getLocation().isMacroID())
        Out.insert(V);
    return Out;
  }
};

Names namesIn(const Stmt *S) {
  Names N;
  N.TraverseStmt(const_cast<Stmt *>(S));
  return N;
}

/// Finds the variables that a piece of code reads before it sets them. A goto
/// reads what its function then returns.
class EntryReads {
public:
  explicit EntryReads(const std::vector<Item> &Items) : Items(Items) {}
  std::set<const VarDecl *> Found;

  /// False where the end of \p S is never reached.
  bool walk(const Stmt *S) {
    if (!S)
      return true;
    if (const auto *Block = dyn_cast<CompoundStmt>(S)) {
      for (const Stmt *In : Block->body())
        if (!walk(In))
          return false;
      return true;
    }
    if (const auto *If = dyn_cast<IfStmt>(S)) {
      read(If->getCond());
      std::set<const VarDecl *> Before = Set;
      bool Then = walk(If->getThen());
      std::set<const VarDecl *> AfterThen = std::exchange(Set, Before);
      bool Else = walk(If->getElse());
      if (!Else)
        Set = AfterThen;
      else if (Then)
        for (auto It = Set.begin(); It != Set.end();)
          It = AfterThen.count(*It) ? std::next(It) : Set.erase(It);
      return Then || Else;
    }
    if (const auto *For = dyn_cast<ForStmt>(S)) {
      walk(For->getInit());
      read(For->getCond());
      std::set<const VarDecl *> Before = Set;
      walk(For->getBody());
      read(For->getInc());
      Set = Before;
      return true;
    }
    if (const auto *G = dyn_cast<GotoStmt>(S)) {
      std::vector<unsigned> Tail = tailOf(Items, G->getLabel());
      for (unsigned I : Tail)
        if (const auto *R = dyn_cast<ReturnStmt>(Items[I].S))
          read(R);
      return false;
    }
    const auto *BO = dyn_cast<BinaryOperator>(S);
    const VarDecl *V =
        BO && BO->getOpcode() == BO_Assign ? namedVar(BO->getLHS()) : nullptr;
    read(V ? BO->getRHS() : S);
    if (V)
      Set.insert(V);
    return !isa<ReturnStmt>(S);
  }

private:
  void read(const Stmt *S) {
    if (!S)
      return;
    for (const VarDecl *V : namesIn(S).Vars)
      if (!Set.count(V))
        Found.insert(V);
  }

  const std::vector<Item> &Items;
  std::set<const VarDecl *> Set;
};

class Mover {
public:
  Mover(const Program &P, llvm::StringRef RecordName, Target To)
      : P(P), RecordName(RecordName), To(To) {}

  Move run() {
    if (!findProbe() || !findRemove() || !chooseItems() || !findLadder() ||
        !matchRemove() || !checkConditionals() || !findTables() ||
        !checkLocals()) {
      Move M;
      M.Why = Why;
      return M;
    }
    edit();
    if (!Why.empty()) {
      Move M;
      M.Why = Why;
      return M;
    }
    return {std::move(Edits), std::move(Steps), ""};
  }

private:
  bool no(llvm::StringRef Reason) {
    Why = Reason.str();
    return false;
  }
  std::string text(const Stmt *S) const { return U->text(S->getSourceRange()); }
  bool isPut(const Stmt *S) const {
    const auto *Call = dyn_cast_or_null<CallExpr>(S);
    return Call && roleOf(*Call) == Role::PutDevice;
  }
  bool hasRole(const Stmt *S, bool (*Test)(Role)) const {
    struct Finder : ASTVisitor<Finder> {
      bool (*Test)(Role);
      bool Found = false;
      bool VisitCallExpr(CallExpr *Call) {
        Found |= Test(roleOf(*Call));
        return true;
      }
    } F;
    F.Test = Test;
    F.TraverseStmt(const_cast<Stmt *>(S));
    return F.Found;
  }

  bool findProbe();
  bool findRemove();
  bool chooseItems();
  bool publishes(const Stmt *S) const;
  bool isMovable(const Stmt *S);
  bool exitsAreErrors(const Stmt *S);
  bool countsInProbe(const Stmt *S) const;
  bool derive(const VarDecl *V);
  bool findLadder();
  std::set<const ValueDecl *> membersIn(const Stmt *S, const VarDecl *V,
                                        unsigned Depth = 0) const;
  bool clearsFreed(const Stmt *S, const std::vector<const Stmt *> &Steps) const;
  bool spoilsUndo(const Stmt *S, const std::vector<const Stmt *> &Steps) const;
  bool matchRemove();
  bool findTables();
  bool checkConditionals();
  const Stmt *whatGoesOn(const Stmt *S) const;
  bool checkLocals();
  void edit();
  std::vector<unsigned> beforePut(const LabelDecl *L) const;
  std::vector<unsigned> undoOf(const GotoStmt *G, unsigned From) const;
  std::string containerLines() const;
  std::string initText();
  std::string releaseText();
  std::string itemText(unsigned I);
  std::string ladderText();
  std::string derivedDecls(const std::set<const VarDecl *> &Used) const;
  void editTable(const Unit &TU, const OpsTable &T);
  void editProbe();
  void removeUndo(FileRange R, bool Comment);
  bool callsBehind(llvm::StringRef File, unsigned At) const;
  bool know(const FileRange &R);

  const Program &P;
  std::string RecordName;
  Target To;
  std::string Why;
  EditSet Edits;
  std::vector<Step> Steps;

  const Unit *U = nullptr;
  const FunctionDecl *Probe = nullptr, *Remove = nullptr;
  const CallExpr *Alloc = nullptr;
  AllocDevice Dev;
  const VarDecl *X = nullptr;           ///< the structure in probe
  const VarDecl *RX = nullptr;          ///< the structure in remove
  std::vector<Item> Items;              ///< of probe
  unsigned Check = 0, Reg = 0;          ///< indices: IS_ERR test, register
  std::vector<unsigned> Moved;          ///< indices of the items that move
  std::vector<unsigned> Ladder;         ///< indices of the undo items
  std::vector<const Stmt *> RemoveUndo; ///< their twins in remove
  std::map<const VarDecl *, std::string> Derived; ///< how init gets them
  std::vector<const VarDecl *> DerivedOrder;
  std::set<const VarDecl *> Locals; ///< declared anew in init
  std::vector<std::pair<const Unit *, const OpsTable *>> Tables;
  std::string Prefix, Param = "vdev";
  bool Pci = false;
};

bool Mover::findProbe() {
  for (const auto &Unit : P.Units)
    for (const Site &S : Unit->Model->Sites) {
      if (S.Api->Kind != Role::AllocDevice || !S.Device.Record ||
          S.Device.Record.Record->getNameAsString() != RecordName)
        continue;
      if (Alloc)
        return no("the structure is allocated in several places");
      U = Unit.get();
      Probe = S.In;
      Alloc = S.Call;
      Pci = false;
    }
  if (!Alloc)
    return no("the structure is not allocated by vfio_alloc_device");
  Items = itemsOf(Probe);
  // x = vfio_alloc_device(...); if (IS_ERR(x)) ...; ...; ret = register(x)
  bool Found = false;
  for (unsigned I = 0; I + 1 < Items.size() && !Found; ++I) {
    if (!holds(Items[I].S, Alloc))
      continue;
    const auto *BO = dyn_cast<BinaryOperator>(Items[I].S);
    X = BO ? namedVar(BO->getLHS()) : nullptr;
    std::optional<AllocDevice> A =
        BO ? matchAllocDevice(BO->getRHS(), U->Model->Ctx) : std::nullopt;
    if (!X || !A || A->Path.empty() || !isa<IfStmt>(Items[I + 1].S))
      return no("the allocation is not a plain assignment");
    Dev = *A;
    Check = I + 1;
    Found = true;
  }
  if (!Found)
    return no("the allocation is inside of another statement");
  for (unsigned I = Check + 1; I < Items.size(); ++I)
    if (hasRole(Items[I].S, isRegister)) {
      Reg = I;
      Pci = hasRole(Items[I].S, [](Role R) { return R == Role::PciRegister; });
      break;
    }
  if (!Reg)
    return no("the device is not registered where it is allocated");
  llvm::StringRef Name = Probe->getName();
  for (llvm::StringRef Suffix : {"_probe", "_create", "_mdev"})
    Name.consume_back(Suffix);
  Prefix = Name.str();
  for (const VarDecl *V : namesIn(Probe->getBody()).Vars)
    if (V->getName() == Param)
      Param = "core_vdev";
  for (const FunctionDecl *F : U->Model->Functions)
    if (F->getName() == Prefix + "_init_dev" ||
        F->getName() == Prefix + "_release_dev")
      return no("the driver has functions of the names that would be added");
  return true;
}

/// x of `&x->core.vdev`.
static const VarDecl *baseOf(const Expr *E) {
  const Expr *S = strip(E);
  if (const auto *UO = dyn_cast<UnaryOperator>(S);
      UO && UO->getOpcode() == UO_AddrOf)
    S = UO->getSubExpr()->IgnoreParenImpCasts();
  while (const auto *ME = dyn_cast<MemberExpr>(S))
    S = ME->getBase()->IgnoreParenImpCasts();
  return namedVar(S);
}

bool Mover::findRemove() {
  for (const auto &Unit : P.Units)
    for (const Site &S : Unit->Model->Sites) {
      if (S.Api->Kind != Role::PutDevice)
        continue;
      if (Unit.get() == U && S.In == Probe)
        continue;
      const RecordDecl *Rec = S.Device.Record.Record;
      if (Rec && !isVfioDevice(Rec) && !isPciCoreDevice(Rec) &&
          Rec->getName() != RecordName)
        continue; // another device of this file
      if (Remove && Remove != S.In)
        return no("the device is put in several functions");
      if (Unit.get() != U)
        return no("probe and remove are in different files");
      Remove = S.In;
      RX = baseOf(S.Call->getArg(0));
    }
  return Remove && RX ? true : no("no function removes the device");
}

/// How @init gets the value of \p V without being given it.
bool Mover::derive(const VarDecl *V) {
  if (V == X || Derived.count(V))
    return true;
  const VarDecl *Bus = nullptr;
  const Expr *D = strip(Dev.Device);
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
  if (V == namedVar(D))
    How = Param + "->dev";
  else if (V == Bus && !fromDevice(V->getType()).empty())
    How = (fromDevice(V->getType()) + "(" + Param + "->dev)").str();
  else if (V->hasInit() && !isa<ParmVarDecl>(V) && isPure(V->getInit())) {
    // A local that is only ever what its initialiser says.
    if (namesIn(Probe->getBody()).Written.count(V))
      return false;
    for (const VarDecl *Inner : namesIn(V->getInit()).foreign())
      if (Inner == X || !derive(Inner))
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
    bool VisitBinaryOperator(BinaryOperator *BO) {
      const auto *ME =
          dyn_cast<MemberExpr>(BO->getLHS()->IgnoreParenImpCasts());
      Found |= BO->isAssignmentOp() && BO->getType()->isPointerType() && ME &&
               baseOf(ME) && baseOf(ME) != X && namedVar(BO->getRHS()) == X;
      return true;
    }
  } F;
  F.X = X;
  F.TraverseStmt(const_cast<Stmt *>(S));
  return F.Found;
}

bool Mover::isMovable(const Stmt *S) {
  if (isa<DeclStmt, ReturnStmt, GotoStmt>(S) || text(S).empty() ||
      hasRole(S, isRegister) || publishes(S))
    return false;
  // The put of an early return is judged with its return.
  struct NoPut : ASTVisitor<NoPut> {
    std::vector<const Stmt *> Leaves;
  };
  const auto *If = dyn_cast<IfStmt>(S);
  bool Private = true;
  if (If && !namesIn(S).Returns.empty()) {
    Private = isPrivateState(P, *U, If->getCond()) && !If->getElse();
    if (const auto *Block = dyn_cast<CompoundStmt>(If->getThen())) {
      for (const Stmt *In : Block->body())
        Private &= isPut(In) || isPrivateState(P, *U, In);
    } else {
      Private &= isPrivateState(P, *U, If->getThen());
    }
  } else {
    Private = isPrivateState(P, *U, S);
  }
  if (!Private || !exitsAreErrors(S))
    return false;
  for (const VarDecl *V : namesIn(S).foreign()) {
    if (V->getType()->isIntegerType() && !isa<ParmVarDecl>(V) &&
        !V->getType().isConstQualified() && !V->hasInit()) {
      Locals.insert(V); // an error code: init has one of its own
      continue;
    }
    if (V->getType()->isIntegerType() && V->hasInit() &&
        isa<IntegerLiteral, UnaryOperator>(
            V->getInit()->IgnoreParenImpCasts())) {
      Locals.insert(V);
      continue;
    }
    if (!derive(V))
      return false;
  }
  return true;
}

/// True where \p S changes nothing but variables of the module, and no error
/// path of probe undoes that.
bool Mover::countsInProbe(const Stmt *S) const {
  struct Globals : ASTVisitor<Globals> {
    std::set<const VarDecl *> Found;
    bool VisitDeclRefExpr(DeclRefExpr *E) {
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

bool Mover::chooseItems() {
  for (unsigned I = Check + 1; I < Reg; ++I) {
    const Stmt *S = Items[I].S;
    if (!Items[I].Labels.empty())
      return no("a label stands between the allocation and register");
    // drvdata is probe's; nothing private depends on it.
    if (const auto *Call = dyn_cast<CallExpr>(S);
        Call && roleOf(*Call) == Role::SetDrvdata)
      continue;
    // A count of devices whose undo is remove's alone stays with probe.
    if (countsInProbe(S))
      continue;
    if (!isMovable(S))
      return no("a step between the allocation and register belongs to probe");
    Moved.push_back(I);
  }
  return Moved.empty() ? no("there is no private set-up") : true;
}

/// The items from label \p L up to the put, without it.
std::vector<unsigned> Mover::beforePut(const LabelDecl *L) const {
  std::vector<unsigned> Out;
  for (unsigned I : tailOf(Items, L)) {
    if (isPut(Items[I].S))
      return Out;
    Out.push_back(I);
  }
  return {};
}

/// The steps that \p G, in item \p From, leads to before the put; none where
/// all that they free is the pointer that was just found to be NULL.
std::vector<unsigned> Mover::undoOf(const GotoStmt *G, unsigned From) const {
  std::vector<unsigned> Undo = beforePut(G->getLabel());
  const auto *If = dyn_cast<IfStmt>(Items[From].S);
  const auto *Not =
      If ? dyn_cast<UnaryOperator>(strip(If->getCond())) : nullptr;
  if (!Not || Not->getOpcode() != UO_LNot)
    return Undo;
  std::string Null = text(Not->getSubExpr());
  bool Needless = !Null.empty() && llvm::all_of(Undo, [&](unsigned I) {
    const auto *Call = dyn_cast<CallExpr>(Items[I].S);
    const ApiFunction *Api = Call ? findApi(*Call) : nullptr;
    return Api && Api->Kind == Role::Free &&
           text(Call->getArg(Api->Subject)) == Null;
  });
  return Needless ? std::vector<unsigned>() : Undo;
}

/// What undoes all of the set-up: the way from the failed register to the put.
bool Mover::findLadder() {
  const Stmt *AfterReg = Reg + 1 < Items.size() ? Items[Reg + 1].S : nullptr;
  const Stmt *Failure = isa<IfStmt>(Items[Reg].S) ? Items[Reg].S : AfterReg;
  const auto *If = dyn_cast_or_null<IfStmt>(Failure);
  if (!If)
    return no("the result of register is not tested right after it");
  Names N = namesIn(If->getThen());
  if (N.Gotos.size() == 1 && N.Returns.empty()) {
    bool Puts = false;
    for (unsigned I : tailOf(Items, N.Gotos[0]->getLabel()))
      Puts |= isPut(Items[I].S);
    if (!Puts)
      return no("the error path of register does not put the device");
    Ladder = beforePut(N.Gotos[0]->getLabel());
  } else {
    return no("the error path of register is not a plain goto");
  }
  for (unsigned I : Ladder) {
    const Stmt *S = Items[I].S;
    if (hasExit(S) || !isPrivateState(P, *U, S))
      return no("a step of the error path belongs to probe");
    // @release can run later than remove: the parent device may be gone.
    for (const VarDecl *V : namesIn(S).foreign())
      if (V != X)
        return no("the undo needs more than the structure itself");
  }
  // What comes later than the set-up must undo all of it too: release does.
  for (unsigned I = Check + 1; I < Items.size(); ++I) {
    if (llvm::is_contained(Moved, I))
      continue;
    for (const GotoStmt *G : namesIn(Items[I].S).Gotos)
      for (unsigned L : Ladder)
        if (!llvm::is_contained(tailOf(Items, G->getLabel()), L))
          return no("a later error path does not undo all of the set-up");
  }
  // Each early exit undoes a part of the same ladder, and returns a code that
  // @init has.
  std::set<const VarDecl *> Written;
  for (unsigned M : Moved) {
    Names Item = namesIn(Items[M].S);
    Written.insert(Item.Written.begin(), Item.Written.end());
    for (const GotoStmt *G : Item.Gotos) {
      for (unsigned I : beforePut(G->getLabel()))
        if (!llvm::is_contained(Ladder, I))
          return no("an error path undoes what the others do not");
      std::vector<unsigned> Tail = tailOf(Items, G->getLabel());
      const auto *RS = dyn_cast<ReturnStmt>(Items[Tail.back()].S);
      const VarDecl *Code =
          RS && RS->getRetValue() ? namedVar(RS->getRetValue()) : nullptr;
      if (!Code || !Code->getType()->isIntegerType())
        return no("an error path does not return a code");
      if (!Code->hasInit() && !Written.count(Code))
        return no("an error code was set before the allocation");
      Locals.insert(Code);
    }
  }
  return true;
}

/// White space and the structure's name do not tell statements apart.
static std::string canonical(std::string Text, llvm::StringRef X) {
  std::string Out, Word;
  auto Flush = [&] {
    Out += Word == X ? "$" : Word;
    Word.clear();
  };
  for (char C : Text) {
    if (isalnum(C) || C == '_') {
      Word += C;
      continue;
    }
    Flush();
    if (!isspace(C))
      Out += C;
  }
  Flush();
  return Out;
}

/// The members of the structure \p V that \p S names, or a function of the
/// driver that it is given to.
std::set<const ValueDecl *> Mover::membersIn(const Stmt *S, const VarDecl *V,
                                             unsigned Depth) const {
  struct Finder : ASTVisitor<Finder> {
    const VarDecl *V;
    std::set<const ValueDecl *> Found;
    std::vector<const CallExpr *> Calls;
    bool VisitMemberExpr(MemberExpr *ME) {
      if (namedVar(ME->getBase()) == V)
        Found.insert(ME->getMemberDecl());
      return true;
    }
    bool VisitCallExpr(CallExpr *Call) {
      Calls.push_back(Call);
      return true;
    }
  } F;
  F.V = V;
  F.TraverseStmt(const_cast<Stmt *>(S));
  for (const CallExpr *Call : F.Calls) {
    Program::Definition D = P.callee(*U, Call);
    if (!D || D.U != U || Depth > 3)
      continue;
    for (unsigned I = 0; I < std::min(Call->getNumArgs(), D.F->getNumParams());
         ++I)
      if (namedVar(Call->getArg(I)) == V) {
        std::set<const ValueDecl *> Inner =
            membersIn(D.F->getBody(), D.F->getParamDecl(I), Depth + 1);
        F.Found.insert(Inner.begin(), Inner.end());
      }
  }
  return F.Found;
}

/// True where \p S sets a member to NULL that an undo before it freed, and
/// that no other step of \p Steps names.
bool Mover::clearsFreed(const Stmt *S,
                        const std::vector<const Stmt *> &Steps) const {
  const auto *Set = dyn_cast<BinaryOperator>(S);
  if (!Set || Set->getOpcode() != BO_Assign ||
      !Set->getRHS()->IgnoreParenImpCasts()->isNullPointerConstant(
          U->Model->Ctx, Expr::NPC_ValueDependentIsNotNull))
    return false;
  std::string Member = text(Set->getLHS());
  bool Freed = false;
  for (const Stmt *Other : Steps) {
    if (Other == S)
      continue;
    const auto *Call = dyn_cast<CallExpr>(Other);
    const ApiFunction *Api = Call ? findApi(*Call) : nullptr;
    if (llvm::is_contained(RemoveUndo, Other) && Api &&
        Api->Kind == Role::Free && text(Call->getArg(Api->Subject)) == Member)
      Freed = true;
    else if (llvm::StringRef(text(Other)).contains(Member))
      return false;
  }
  return Freed;
}

/// True where \p S, which stays in remove, stood behind an undo and now comes
/// before it, and names a member that the undo needs.
bool Mover::spoilsUndo(const Stmt *S,
                       const std::vector<const Stmt *> &Steps) const {
  std::set<const ValueDecl *> Named = membersIn(S, RX);
  for (const Stmt *Undo : Steps) {
    if (Undo == S)
      return false;
    if (!llvm::is_contained(RemoveUndo, Undo))
      continue;
    for (const ValueDecl *M : membersIn(Undo, RX))
      if (Named.count(M))
        return true;
  }
  return false;
}

/// Every undo must stand in remove too, between unregister and put.
bool Mover::matchRemove() {
  std::vector<Item> RItems = itemsOf(Remove);
  bool After = false;
  std::vector<const Stmt *> Candidates, InOrder;
  bool Put = false;
  for (const Item &I : RItems) {
    if (hasRole(I.S, isUnregister)) {
      After = true;
      continue;
    }
    if (isPut(I.S)) {
      Put = true;
      break;
    }
    if (After)
      Candidates.push_back(I.S);
  }
  InOrder = Candidates;
  if (!After || !Put)
    return no("remove does not unregister and put on its plain path");
  for (unsigned I : Ladder) {
    std::string Want = canonical(text(Items[I].S), X->getName());
    auto It = llvm::find_if(Candidates, [&](const Stmt *S) {
      return canonical(text(S), RX->getName()) == Want;
    });
    if (It == Candidates.end())
      return no("remove does not undo what the error path undoes");
    RemoveUndo.push_back(*It);
    Candidates.erase(It);
  }
  // `kfree(x->m); x->m = NULL;`: the second goes with the first.
  llvm::erase_if(Candidates, [&](const Stmt *S) {
    if (!clearsFreed(S, InOrder))
      return false;
    RemoveUndo.push_back(S);
    return true;
  });
  for (const Stmt *S : Candidates)
    if (spoilsUndo(S, InOrder))
      return no("remove changes afterwards what the undo needs");
  // What remove does after unregister must not need what is freed later now,
  // and must not undo what moves in a way that was not recognised.
  for (const Stmt *S : Candidates) {
    if (hasRole(S, isFree) && namesIn(S).Vars.count(RX))
      return no("remove frees something that the error path does not");
    if (hasExit(S) || hasRole(S, [](Role R) { return R == Role::PutDevice; }))
      return no("remove has more than one way to the put");
  }
  return true;
}

bool Mover::findTables() {
  for (const auto &Unit : P.Units)
    for (const Site &S : Unit->Model->Sites)
      if (S.Call == Alloc) {
        if (!S.Ops.Complete)
          return no("the ops table is in another file");
        for (const OpsTable *T : S.Ops.Tables)
          Tables.push_back({Unit.get(), T});
      }
  if (Tables.empty())
    return no("the ops table was not found");
  for (const auto &Unit : P.Units)
    for (const Site &S : Unit->Model->Sites)
      if (S.Call != Alloc &&
          (S.Api->Kind == Role::AllocDevice || isOldInit(S.Api->Kind)))
        for (const OpsTable *T : S.Ops.Tables)
          for (const auto &[TU, Own] : Tables)
            if (Program::key(*Unit, T->Var) == Program::key(*TU, Own->Var))
              return no("another structure has the same ops table");
  for (auto &[TU, T] : Tables) {
    const FunctionDecl *Init = T->callback("init");
    const FunctionDecl *Release = T->callback("release");
    llvm::StringRef InitName = Init ? Init->getName() : "";
    llvm::StringRef ReleaseName = Release ? Release->getName() : "";
    if (!(InitName.empty() || InitName == "vfio_pci_core_init_dev") ||
        !(ReleaseName.empty() || ReleaseName == "vfio_free_device" ||
          ReleaseName == "vfio_pci_core_release_dev"))
      return no("the table has an init or release of its own");
    if (!T->Init || (T->find("release") && T->find("release")->InCode))
      return no("the table is filled by code");
  }
  return true;
}

/// A condition of the preprocessor between what moves, or among its undo: the
/// side that was left out would not move with it.
bool Mover::checkConditionals() {
  auto Cuts = [&](const FileRange &From, const FileRange &To) {
    return llvm::any_of(U->Conditionals, [&](const ConditionalRange &C) {
      return C.File == From.File &&
             llvm::any_of(C.Directives, [&](unsigned At) {
               return From.Begin < At && At < To.End;
             });
    });
  };
  FileRange Begin = U->range(Items[Check].S->getSourceRange());
  FileRange End = U->range(Items[Reg].S->getSourceRange());
  FileRange Body = U->range(Probe->getBody()->getSourceRange());
  FileRange RBody = U->range(Remove->getBody()->getSourceRange());
  if (!Begin || !End || !Body || !RBody)
    return no("a part of probe or remove comes from a macro");
  if (!Ladder.empty())
    End = Body;
  if (Cuts(Begin, End) || Cuts(RBody, RBody))
    return no("a preprocessor condition stands among the set-up or its undo");
  return true;
}

/// \p S without a branch that leaves the function: what is set in that is not
/// seen behind it.
const Stmt *Mover::whatGoesOn(const Stmt *S) const {
  const auto *If = dyn_cast<IfStmt>(S);
  EntryReads Branch(Items);
  return If && !If->getElse() && !Branch.walk(If->getThen()) ? If->getCond()
                                                             : S;
}

/// A local of init must not have its value from what stays in probe, and probe
/// must not need the value that it has in init.
bool Mover::checkLocals() {
  Names Stays, After;
  EntryReads Reads(Items);
  for (unsigned I = 0; I < Reg; ++I) {
    if (llvm::is_contained(Moved, I))
      Reads.walk(Items[I].S);
    else if (!isa<DeclStmt>(Items[I].S))
      Stays.TraverseStmt(const_cast<Stmt *>(whatGoesOn(Items[I].S)));
  }
  for (const VarDecl *V : Locals)
    if (Reads.Found.count(V) && (!V->hasInit() || Stays.Written.count(V)))
      return no("a value from before the allocation is used");
  EntryReads Rest(Items);
  for (unsigned I = Reg; I < Items.size(); ++I)
    if (!llvm::is_contained(Ladder, I))
      Rest.walk(Items[I].S);
  std::set<const VarDecl *> Set;
  for (unsigned I : Moved) {
    Names N = namesIn(Items[I].S);
    Set.insert(N.Written.begin(), N.Written.end());
  }
  for (const VarDecl *V : Set)
    if (Rest.Found.count(V))
      return no("a value that the set-up computes is used after it");
  return true;
}

bool Mover::know(const FileRange &R) {
  if (!R)
    return false;
  if (!Edits.knows(R.File)) {
    auto FE = U->sources().getFileManager().getOptionalFileRef(R.File);
    auto Buffer =
        FE ? U->sources().getMemoryBufferForFileOrNone(*FE) : std::nullopt;
    if (!Buffer)
      return false;
    Edits.addFile(R.File, Buffer->getBuffer());
  }
  return true;
}

std::string Mover::containerLines() const {
  std::string Struct = "struct " + Dev.Record->getNameAsString();
  std::string Left = "\t" + Struct + " *" + X->getNameAsString() + " =";
  std::string Right =
      "container_of(" + Param + ", " + Struct + ", " + spell(Dev.Path) + ");";
  if (columnAfter(Left) + 1 + Right.size() <= 80)
    return Left + " " + Right + "\n";
  return Left + "\n\t\t" + Right + "\n";
}

/// The declarations of what \p Used names and @init derives, in their order.
std::string Mover::derivedDecls(const std::set<const VarDecl *> &Used) const {
  std::set<const VarDecl *> Need;
  // What a derivation names is needed too.
  std::function<void(const VarDecl *)> Add = [&](const VarDecl *V) {
    if (!Derived.count(V) || !Need.insert(V).second)
      return;
    if (V->hasInit() && !isa<ParmVarDecl>(V))
      for (const VarDecl *Inner : namesIn(V->getInit()).foreign())
        Add(Inner);
  };
  for (const VarDecl *V : Used)
    Add(V);
  std::string Out;
  for (const VarDecl *V : DerivedOrder) {
    if (!Need.count(V))
      continue;
    std::string Type = V->getType().getAsString();
    std::string Left = "\t" + Type +
                       (llvm::StringRef(Type).ends_with("*") ? "" : " ") +
                       V->getNameAsString() + " =";
    const std::string &How = Derived.at(V);
    bool Fits = columnAfter(Left) + How.size() + 2 <= 80 &&
                How.find('\n') == std::string::npos;
    Out += Left + (Fits ? " " : "\n\t\t") + How + ";\n";
  }
  return Out;
}

/// The text of a moved item with its comments; ways out become returns.
std::string Mover::itemText(unsigned I) {
  FileRange R = U->range(Items[I].S->getSourceRange());
  FileRange Prev = U->range(Items[I - 1].S->getSourceRange());
  if (!know(R) || !Prev)
    return {};
  llvm::StringRef File = Edits.original(R.File);
  unsigned Begin = Edits.lineEnd(R.File, Prev.End);
  unsigned End = Edits.lineEnd(R.File, R.End);
  struct Change {
    unsigned Begin, End;
    std::string Text;
  };
  std::vector<Change> Changes;
  Names N = namesIn(Items[I].S);
  for (const GotoStmt *G : N.Gotos)
    if (std::vector<unsigned> Undo = undoOf(G, I); !Undo.empty()) {
      // Of several labels of one step the last is in @init.
      if (FileRange At = U->range(SourceRange(G->getLabelLoc())))
        Changes.push_back(
            {At.Begin, At.End, Items[Undo.front()].Labels.back()->getName()});
    } else {
      FileRange At = U->range(G->getSourceRange());
      const auto Tail = tailOf(Items, G->getLabel());
      std::string Ret = Tail.empty() ? "" : text(Items[Tail.back()].S);
      const auto *RS =
          Tail.empty() ? nullptr : dyn_cast<ReturnStmt>(Items[Tail.back()].S);
      if (!At || !RS || !RS->getRetValue()) {
        Why = "an error path does not return a code";
        return {};
      }
      Changes.push_back({At.Begin, At.End, Ret});
    }

  struct Puts : ASTVisitor<Puts> {
    std::vector<const CallExpr *> Found;
    bool VisitCallExpr(CallExpr *Call) {
      if (roleOf(*Call) == Role::PutDevice)
        Found.push_back(Call);
      return true;
    }
  } Found;
  Found.TraverseStmt(const_cast<Stmt *>(Items[I].S));
  for (const CallExpr *Put : Found.Found)
    if (FileRange At = U->range(Put->getSourceRange()))
      Changes.push_back({Edits.lineStart(At.File, At.Begin),
                         Edits.lineEnd(At.File, At.End), ""});
  llvm::sort(Changes, [](const Change &A, const Change &B) {
    return A.Begin > B.Begin;
  });
  std::string Out = File.slice(Begin, End).str();
  unsigned Free = End; // up to here, nothing is changed yet
  for (const Change &C : Changes) {
    if (C.Begin < Begin || C.End > Free) {
      Why = "several statements of an error path are in one line";
      return {};
    }
    Free = C.Begin;
  }
  for (const Change &C : Changes)
    Out.replace(C.Begin - Begin, C.End - C.Begin, C.Text);
  // The edits give the new text the line ends of its file.
  llvm::erase(Out, '\r');
  return Out;
}

/// The undo items that an early way out of @init needs, with their labels.
std::string Mover::ladderText() {
  std::set<const LabelDecl *> Used;
  std::set<unsigned> Need;
  for (unsigned M : Moved)
    for (const GotoStmt *G : namesIn(Items[M].S).Gotos) {
      std::vector<unsigned> Undo = undoOf(G, M);
      if (Undo.empty())
        continue;
      Used.insert(G->getLabel());
      Need.insert(Undo.begin(), Undo.end());
    }
  std::string Out;
  for (unsigned I : Ladder) {
    if (!Need.count(I))
      continue;
    if (llvm::any_of(Items[I].Labels, [&](const LabelStmt *L) {
          return Used.count(L->getDecl());
        }))
      Out += Items[I].Labels.back()->getName() + std::string(":\n");
    FileRange R = U->range(Items[I].S->getSourceRange());
    llvm::StringRef File = Edits.original(R.File);
    Out += File.slice(Edits.lineStart(R.File, R.Begin),
                      Edits.lineEnd(R.File, R.End))
               .str();
  }
  return Out;
}

/// `{ ret = E; return ret; }` says `return E;`.
static std::string foldReturns(std::string Text) {
  llvm::Regex Braced("( \\{)\n(\t+)([a-z_]+) = ([^;\n]+);\n\t+return "
                     "([a-z_]+);\n\t+\\}\n");
  llvm::Regex Plain("\t([a-z_]+) = ([^;\n]+);\n(\t+)return ([a-z_]+);\n");
  llvm::SmallVector<llvm::StringRef, 6> M;
  while (Braced.match(Text, &M) && M[3] == M[5]) {
    std::string New = ("\n" + M[2] + "return " + M[4] + ";\n").str();
    Text.replace(M[0].data() - Text.data(), M[0].size(), New);
  }
  while (Plain.match(Text, &M) && M[1] == M[4]) {
    std::string New = ("\treturn " + M[2] + ";\n").str();
    Text.replace(M[0].data() - Text.data(), M[0].size(), New);
  }
  // One statement is left where a put went: no braces.
  llvm::Regex Single(" \\{\n(\t+return [^;\n]+;\n)\t+\\}\n");
  while (Single.match(Text, &M)) {
    std::string New = ("\n" + M[1]).str();
    Text.replace(M[0].data() - Text.data(), M[0].size(), New);
  }
  return Text;
}

/// True where \p Text has \p Name as a word, and not as a member.
static bool hasWord(llvm::StringRef Text, llvm::StringRef Name) {
  return llvm::Regex(("(^|[^a-zA-Z0-9_>.])" + Name + "([^a-zA-Z0-9_]|$)").str())
      .match(Text);
}

/// The end of @init where nothing is to be undone: a last step that returns its
/// own code says so.
static std::string endOfInit(std::string Body) {
  llvm::Regex Step("\t([a-z_]+) = ([^;]+);\n\tif \\(([a-z_]+)\\)\n"
                   "\t\treturn ([a-z_]+);\n$");
  llvm::SmallVector<llvm::StringRef, 5> M;
  if (Step.match(Body, &M) && M[1] == M[3] && M[1] == M[4]) {
    std::string New = ("\treturn " + M[2] + ";\n").str();
    Body.replace(M[0].data() - Body.data(), M[0].size(), New);
    return Body;
  }
  if (!llvm::StringRef(Body).ends_with("\n\n"))
    Body += "\n";
  return Body + "\treturn 0;\n";
}

/// The variable that the last return of \p Items names.
static const VarDecl *returned(const std::vector<Item> &Items) {
  const auto *Last = dyn_cast<ReturnStmt>(Items.back().S);
  return Last && Last->getRetValue() ? namedVar(Last->getRetValue()) : nullptr;
}

std::string Mover::initText() {
  std::set<const VarDecl *> Used, Written;
  std::string Body;
  for (unsigned I : Moved) {
    Names N = namesIn(Items[I].S);
    std::set<const VarDecl *> Foreign = N.foreign();
    Used.insert(Foreign.begin(), Foreign.end());
    Written.insert(N.Written.begin(), N.Written.end());
    Body += itemText(I);
  }
  Body = endOfInit(llvm::StringRef(foldReturns(Body)).ltrim("\n").str());
  const VarDecl *Code = returned(Items);
  if (std::string Undo = ladderText(); !Undo.empty()) {
    if (!isa<ReturnStmt>(Items.back().S))
      Why = "the error path does not end in a return";
    Body += "\n" + Undo + "\t" + text(Items.back().S) + ";\n";
  }
  // A code that is always the same is returned as such.
  if (Code && Code->hasInit() && !Written.count(Code)) {
    std::string Before = "return " + Code->getNameAsString() + ";";
    std::string After = "return " + text(Code->getInit()) + ";";
    for (size_t At = 0; (At = Body.find(Before, At)) != std::string::npos;
         At += After.size())
      Body.replace(At, Before.size(), After);
  }
  std::string Decls = containerLines() + derivedDecls(Used);
  std::string CodeName;
  for (const VarDecl *V : Locals) {
    if (!hasWord(Body, V->getName()))
      continue;
    std::string Init;
    if (V->hasInit())
      Init = " = " + text(V->getInit());
    Decls += "\t" + V->getType().getAsString() + " " + V->getNameAsString() +
             Init + ";\n";
    if (V == Code)
      CodeName = V->getNameAsString();
  }
  if (Pci && !CodeName.empty() && Code->hasInit())
    Why = "an error code is set before the allocation";
  if (Pci && CodeName.empty()) {
    CodeName = "ret";
    Decls += "\tint ret;\n";
  }
  if (Pci)
    Decls += "\n\t" + CodeName + " = vfio_pci_core_init_dev(" + Param +
             ");\n\tif (" + CodeName + ")\n\t\treturn " + CodeName + ";\n";
  return "static int " + Prefix + "_init_dev(struct vfio_device *" + Param +
         ")\n{\n" + Decls + "\n" + Body + "}\n\n";
}

std::string Mover::releaseText() {
  std::set<const VarDecl *> Used;
  std::string Body;
  for (unsigned I : Ladder) {
    for (const VarDecl *V : namesIn(Items[I].S).foreign())
      Used.insert(V);
    FileRange R = U->range(Items[I].S->getSourceRange());
    llvm::StringRef File = Edits.original(R.File);
    Body += File.slice(Edits.startWithComment(R.File, R.Begin),
                       Edits.lineEnd(R.File, R.End))
                .str();
  }
  std::string Last;
  if (Pci)
    Last = "\tvfio_pci_core_release_dev(" + Param + ");\n";
  else if (To == Target::DriverFrees)
    Last = "\tvfio_free_device(" + Param + ");\n";
  return "static void " + Prefix + "_release_dev(struct vfio_device *" + Param +
         ")\n{\n" + containerLines() + derivedDecls(Used) + "\n" + Body + Last +
         "}\n\n";
}

void Mover::editTable(const Unit &TU, const OpsTable &T) {
  std::string Init = Prefix + "_init_dev", Release = Prefix + "_release_dev";
  bool HasInit = T.find("init"), HasRelease = T.find("release");
  if (HasInit)
    if (FileRange R = TU.range(T.find("init")->Value->getSourceRange());
        know(R))
      Edits.replace(R, Init);
  if (HasRelease && !Ladder.empty())
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
  if (!HasRelease && !Ladder.empty())
    Rows.push_back({"release", Release});
  insertRows(Edits, TU, T, Rows);
}

void Mover::editProbe() {
  for (unsigned I : Moved) {
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
  for (unsigned I : Ladder)
    if (FileRange R = U->range(Items[I].S->getSourceRange()); know(R))
      removeUndo(R, true);
  std::vector<Item> RItems = itemsOf(Remove);
  for (size_t I = 0; I + 1 < RItems.size(); ++I) {
    if (!llvm::is_contained(RemoveUndo, RItems[I].S))
      continue;
    // One above several statements is for those that stay as well.
    const Stmt *Next = RItems[I + 1].S;
    FileRange R = U->range(RItems[I].S->getSourceRange());
    if (!know(R))
      continue;
    bool Alone = Edits.blankAfter(R.File, R.End) || isPut(Next) ||
                 llvm::is_contained(RemoveUndo, Next);
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

/// True where what moves calls a function of \p File that is first declared
/// behind \p At.
bool Mover::callsBehind(llvm::StringRef File, unsigned At) const {
  struct Calls : ASTVisitor<Calls> {
    std::vector<const FunctionDecl *> Found;
    bool VisitDeclRefExpr(DeclRefExpr *E) {
      if (const auto *F = dyn_cast<FunctionDecl>(E->getDecl()))
        Found.push_back(F);
      return true;
    }
  } C;
  for (unsigned I : Moved)
    C.TraverseStmt(const_cast<Stmt *>(Items[I].S));
  for (unsigned I : Ladder)
    C.TraverseStmt(const_cast<Stmt *>(Items[I].S));
  for (const FunctionDecl *F : C.Found) {
    FileRange R = U->range(F->getFirstDecl()->getSourceRange());
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
  bool Release = !Ladder.empty();
  if (Release)
    Text += releaseText();
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
  Steps.push_back({"MoveToInit",
                   U->place(Items[Moved.front()].S->getBeginLoc()),
                   "move the private set-up to " + Prefix + "_init_dev",
                   "core calls it right after the allocation, and it uses "
                   "nothing but the structure and the parent device"});
  if (Release)
    Steps.push_back(
        {"MoveToRelease", U->place(Remove->getLocation()),
         "move its undo from probe's error path and from remove to " + Prefix +
             "_release_dev",
         "both did the same after the device was gone, and both "
         "end in the put that calls it"});
}

} // namespace

Move moveToInit(const Program &P, llvm::StringRef RecordName, Target To) {
  return Mover(P, RecordName, To).run();
}

} // namespace vfio::rewriter
