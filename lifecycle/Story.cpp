//===- Story.cpp - What a function does, in the order it is written -------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/Story.h"
#include "contracts/Cells.h"
#include "lifecycle/ASTVisitor.h"
#include "lifecycle/CallTargets.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace clang;

namespace vfio {

/// A story that is longer than this is told no further.
static constexpr size_t MaxSteps = 20000;
static constexpr size_t MaxDepth = 8;

bool Named::mayBe(const Named &Other) const {
  if (Field && Other.Field)
    return Field->getCanonicalDecl() == Other.Field->getCanonicalDecl();
  const VarDecl *A = Root && Root->hasGlobalStorage() ? Root : nullptr;
  const VarDecl *B =
      Other.Root && Other.Root->hasGlobalStorage() ? Other.Root : nullptr;
  if (A && B && !Field && !Other.Field)
    return A->getCanonicalDecl() == B->getCanonicalDecl();
  // A local that was not followed to its end can be anything; but a global
  // variable is none of a structure's members.
  bool KnownHere = Field || A, KnownThere = Other.Field || B;
  return !KnownHere || !KnownThere;
}

bool StoryStep::tells(Tell Wanted) const {
  return What == Call && Callee && Callee->getIdentifier() &&
         tellOf(Callee->getName()) == Wanted;
}

const Expr *StoryStep::countedUp() const {
  if (What != Call || !Callee || !Callee->getIdentifier())
    return nullptr;
  const CellRow *Row = findCell(Callee->getName());
  if (!tells(Tell::TakesShare) && !(Row && Row->Change == CellChange::Add))
    return nullptr;
  unsigned Cell = Row ? Row->Cell : 0;
  return Cell < call()->getNumArgs() ? call()->getArg(Cell) : nullptr;
}

std::optional<Wait> StoryStep::wait() const {
  if (What != Call || !Callee || !Callee->getIdentifier())
    return std::nullopt;
  return waitOf(asWritten(Callee->getName()));
}

const ApiFunction *StoryStep::api() const {
  if (What != Call || !Callee || !Callee->getIdentifier())
    return nullptr;
  const ApiFunction *Api = findApi(Callee->getName());
  return Api && hasArguments(*call(), *Api) ? Api : nullptr;
}

Role StoryStep::role() const {
  const ApiFunction *Api = api();
  return Api ? Api->Kind : Role::None;
}

bool isKernelFunction(const FunctionDecl *F) {
  const SourceManager &SM = F->getASTContext().getSourceManager();
  // `WRITE_ONCE(x, 1)` declares, in the driver, what the linker must not find.
  return F->getBuiltinID() || F->hasAttr<ErrorAttr>() ||
         isKernelHeaderPath(
             SM.getFilename(SM.getExpansionLoc(F->getLocation())));
}

/// Which steps of a body depend on a branch or are in a loop, and on which.
class BranchFinder {
public:
  /// Of a step that not every way comes to, or that may run again.
  struct Dependence {
    /// The member whose test is all that it depends on, or null.
    const FieldDecl *Only = nullptr;
    unsigned Around = 0, LeftBy = 0; ///< as in StoryStep
    bool Always = false; ///< it depends on none: a loop is all around it
  };
  llvm::DenseMap<const Stmt *, Dependence> Dependent;

  BranchFinder(Story &S, const FunctionDecl *F)
      : S(S), Ctx(F->getASTContext()) {
    mark(F->getBody(), {});
  }

private:
  struct On {
    bool Any = false;
    const FieldDecl *Only = nullptr;
  };
  Story &S;
  const ASTContext &Ctx;
  /// The innermost branch, and the last by which the function was left.
  unsigned Around = 0, LeftBy = 0;

  /// The loop of scoped_guard(), whose body always runs once.
  static bool isScope(const Stmt *S) {
    const auto *For = dyn_cast<ForStmt>(S);
    const auto *D = For ? dyn_cast_or_null<DeclStmt>(For->getInit()) : nullptr;
    return D && (*D->decl_begin())->hasAttr<CleanupAttr>();
  }

  void markUnder(const Stmt *By, const Expr *Condition, const Stmt *Under,
                 On Branch, bool Loops = false, bool Always = false) {
    unsigned Outer = Around;
    S.Branches.push_back({Condition, Outer, By, Loops, Always});
    Around = S.Branches.size();
    mark(Under, Branch);
    Around = Outer;
  }

  /// What a step may be told of: a call, a member, what a pointer leads to.
  static bool isStep(const Stmt *S) {
    const auto *UO = dyn_cast<UnaryOperator>(S);
    return isa<CallExpr, MemberExpr>(S) || (UO && UO->getOpcode() == UO_Deref);
  }

  static const FieldDecl *testedMember(const Expr *E) {
    E = E->IgnoreParenImpCasts();
    const auto *M = dyn_cast<MemberExpr>(E);
    return M ? dyn_cast<FieldDecl>(M->getMemberDecl()) : nullptr;
  }

  void mark(const Stmt *St, On Branch) {
    if (!St)
      return;
    if (isStep(St) && (Branch.Any || LeftBy || Around))
      Dependent[St] = {LeftBy ? nullptr : Branch.Only, Around, LeftBy,
                       !Branch.Any && !LeftBy};
    if (isa<ReturnStmt, GotoStmt>(St) && Branch.Any) {
      S.WaysOut.push_back({Around, LeftBy});
      LeftBy = S.WaysOut.size();
    }
    if (const auto *If = dyn_cast<IfStmt>(St)) {
      Expr::EvalResult Known;
      if (If->getCond()->EvaluateAsInt(Known, Ctx)) {
        bool True = Known.Val.getInt() != 0;
        mark(True ? If->getThen() : If->getElse(), Branch);
        markUnder(If, nullptr, True ? If->getElse() : If->getThen(),
                  {true, nullptr});
        return;
      }
      mark(If->getCond(), Branch);
      On Inner{true, Branch.Any ? nullptr : testedMember(If->getCond())};
      markUnder(If, If->getCond(), If->getThen(), Inner);
      markUnder(If, If->getCond(), If->getElse(), {true, nullptr});
      return;
    }
    if (isScope(St)) {
      mark(cast<ForStmt>(St)->getInit(), Branch);
      return mark(cast<ForStmt>(St)->getBody(), Branch);
    }
    // The body of a do statement always runs; that of `while (0)`, once.
    if (const auto *Do = dyn_cast<DoStmt>(St)) {
      Expr::EvalResult Known;
      if (Do->getCond()->EvaluateAsInt(Known, Ctx) && !Known.Val.getInt())
        mark(Do->getBody(), Branch);
      else
        markUnder(Do, nullptr, Do->getBody(), Branch, true, true);
      return mark(Do->getCond(), Branch);
    }
    bool Loops = isa<ForStmt, WhileStmt>(St);
    bool Chooses = Loops || isa<SwitchStmt, AbstractConditionalOperator>(St);
    if (const auto *BO = dyn_cast<BinaryOperator>(St))
      Chooses = BO->isLogicalOp();
    const auto *Switch = dyn_cast<SwitchStmt>(St);
    const Expr *Asked = Switch ? Switch->getCond() : nullptr;
    for (const Stmt *Child : St->children())
      if (Chooses && Child != Asked)
        markUnder(St, Asked, Child, {true, nullptr}, Loops);
      else
        mark(Child, Branch);
  }
};

/// True where \p Tree only reads what \p Pointer points to, or sets it to NULL.
static bool onlyClears(const Stmt *Tree, const VarDecl *Pointer,
                       ASTContext &Ctx) {
  auto IsTarget = [&](const Expr *E) {
    const auto *UO = dyn_cast<UnaryOperator>(E->IgnoreParens());
    return UO && UO->getOpcode() == UO_Deref &&
           namedVar(UO->getSubExpr()) == Pointer;
  };
  if (const auto *BO = dyn_cast<BinaryOperator>(Tree);
      BO && BO->isAssignmentOp() && IsTarget(BO->getLHS()))
    return BO->getRHS()->isNullPointerConstant(
        Ctx, Expr::NPC_ValueDependentIsNotNull);
  if (const auto *Cast = dyn_cast<ImplicitCastExpr>(Tree);
      Cast && Cast->getCastKind() == CK_LValueToRValue &&
      IsTarget(Cast->getSubExpr()))
    return true;
  if (const auto *Ref = dyn_cast<DeclRefExpr>(Tree))
    return Ref->getDecl() != Pointer;
  return llvm::all_of(Tree->children(), [&](const Stmt *Child) {
    return !Child || onlyClears(Child, Pointer, Ctx);
  });
}

/// Tells what one function body does.
class StoryTeller : public EvaluatedVisitor<StoryTeller> {
public:
  StoryTeller(Story &S, const FunctionDecl *In, unsigned Frame, bool Later,
              bool Sure)
      : S(S), In(In), Frame(Frame), Later(Later), Sure(Sure), Ways(S, In) {}

  bool VisitVarDecl(VarDecl *Var) ENGINE_OVERRIDE {
    if (Var->isLocalVarDecl() && Var->hasInit())
      learn(Var, Var->getInit());
    return true;
  }

  bool VisitBinaryOperator(BinaryOperator *BO) ENGINE_OVERRIDE {
    if (!BO->isAssignmentOp())
      return true;
    const Expr *LHS = BO->getLHS()->IgnoreParens();
    if (const auto *Ref = dyn_cast<DeclRefExpr>(LHS))
      if (const auto *Var = dyn_cast<VarDecl>(Ref->getDecl())) {
        learn(Var, BO->getRHS());
        if (Var->hasGlobalStorage()) {
          StoryStep &Step = begin(StoryStep::WriteGlobal, Ref);
          Step.Global = Var;
          Step.Value = BO->getRHS();
        }
      }
    addPlace(StoryStep::Write, LHS, BO->getRHS());
    return true;
  }

  /// `xchg(&x->m, v)`, as the processor has it: one of the two is a member.
  bool VisitGCCAsmStmt(GCCAsmStmt *Asm) ENGINE_OVERRIDE {
    if (Asm->getNumOutputs() != 2 || !Asm->isOutputPlusConstraint(0) ||
        !Asm->isOutputPlusConstraint(1))
      return true;
    const Expr *A = Asm->getOutputExpr(0), *B = Asm->getOutputExpr(1);
    addPlace(StoryStep::Write, A->IgnoreParens(), B);
    addPlace(StoryStep::Write, B->IgnoreParens(), A);
    return true;
  }

  bool VisitUnaryOperator(UnaryOperator *UO) ENGINE_OVERRIDE {
    const Expr *Sub = UO->getSubExpr()->IgnoreParens();
    if (UO->isIncrementDecrementOp()) {
      addPlace(StoryStep::Write, Sub, nullptr);
    } else if (UO->getOpcode() == UO_AddrOf) {
      if (const auto *Ref = dyn_cast<DeclRefExpr>(Sub))
        if (const auto *Var = dyn_cast<VarDecl>(Ref->getDecl());
            Var && !Borrowed.contains(UO))
          learn(Var, nullptr);
      if (const auto *M = memberOf(Sub))
        add(StoryStep::Address, M, nullptr);
    }
    return true;
  }

  /// `({ __ptr = &(p); __val = *__ptr; *__ptr = NULL; __val; })`,
  /// no_free_ptr().
  bool VisitStmtExpr(StmtExpr *SE) ENGINE_OVERRIDE {
    for (const Stmt *Part : SE->getSubStmt()->body())
      if (const auto *DS = dyn_cast<DeclStmt>(Part))
        for (const Decl *D : DS->decls())
          if (const auto *Var = dyn_cast<VarDecl>(D); Var && Var->hasInit())
            if (const auto *UO = dyn_cast<UnaryOperator>(strip(Var->getInit()));
                UO && UO->getOpcode() == UO_AddrOf &&
                onlyClears(SE->getSubStmt(), Var, S.Model.Ctx))
              Borrowed.insert(UO);
    return true;
  }

  bool VisitIfStmt(IfStmt *If) ENGINE_OVERRIDE {
    noteTest(If->getCond());
    return true;
  }

  bool VisitImplicitCastExpr(ImplicitCastExpr *Cast) ENGINE_OVERRIDE {
    if (Cast->getCastKind() != CK_LValueToRValue)
      return true;
    const Expr *Sub = Cast->getSubExpr()->IgnoreParens();
    if (const auto *M = dyn_cast<MemberExpr>(Sub)) {
      if (add(StoryStep::Read, M, nullptr))
        S.Steps.back().Tests = Tests.contains(M);
    } else if (isa<UnaryOperator>(Sub)) {
      addPlace(StoryStep::Read, Sub, nullptr);
    }
    return true;
  }

  bool VisitCallExpr(CallExpr *Call) ENGINE_OVERRIDE {
    const FunctionDecl *F = Call->getDirectCallee();
    if (S.Steps.size() > MaxSteps) {
      S.Whole = false;
      S.CutShort = true;
      return true;
    }
    StoryStep &Step = begin(StoryStep::Call, Call);
    Step.Callee = F;
    auto Depends = Ways.Dependent.find(Call);
    bool Known = Depends != Ways.Dependent.end();
    bool Always = !Known || Depends->second.Always;
    if (Known) {
      Step.Guard = Depends->second.Only;
      Step.Around = Depends->second.Around;
      Step.LeftBy = Depends->second.LeftBy;
    }
    Step.Sure = Sure && !Later && (Always || Step.Guard);
    size_t Index = S.Steps.size() - 1;
    for (const Expr *Arg : Call->arguments())
      if (const FunctionDecl *Given = namedFunction(Arg))
        follow(Given, nullptr, Index, true, false);
    if (!F)
      followPointer(Call, Index, Sure && Always);
    else if (const FunctionDecl *Def = S.Model.definition(F))
      follow(Def, Call, Index, Later, Sure && Always);
    else if (!isKernelFunction(F))
      S.Whole = false;
    return true;
  }

private:
  bool add(StoryStep::Kind What, const MemberExpr *M, const Expr *Value) {
    return add(What, M, M, Value);
  }

  /// A step with the member that \p Place, an lvalue, is, or is in.
  void addPlace(StoryStep::Kind What, const Expr *Place, const Expr *Value) {
    const auto *UO = dyn_cast<UnaryOperator>(Place);
    const MemberExpr *M = UO && UO->getOpcode() == UO_Deref
                              ? S.memberBehind(UO->getSubExpr(), Frame)
                              : memberOf(Place);
    if (M)
      add(What, UO ? Place : M, M, Value);
  }

  bool add(StoryStep::Kind What, const Expr *At, const MemberExpr *M,
           const Expr *Value) {
    const auto *Field = dyn_cast<FieldDecl>(M->getMemberDecl());
    if (!Field || S.Steps.size() > MaxSteps)
      return false;
    StoryStep &Step = begin(What, At);
    Step.Field = Field;
    Step.Value = Value;
    if (auto On = Ways.Dependent.find(At); On != Ways.Dependent.end()) {
      Step.Around = On->second.Around;
      Step.LeftBy = On->second.LeftBy;
    }
    return true;
  }

  StoryStep &begin(StoryStep::Kind What, const Expr *At) {
    StoryStep &Step = S.Steps.emplace_back();
    Step.What = What;
    Step.At = At;
    Step.In = In;
    Step.Frame = Frame;
    Step.Later = Later;
    return Step;
  }

  void follow(const FunctionDecl *F, const CallExpr *Via, size_t Step,
              bool IsLater, bool IsSure) {
    if (const FunctionDecl *Def = S.Model.definition(F))
      S.tell(Def, {Def, Via, Frame, Step}, IsLater, IsSure);
  }

  /// Any of the functions that \p Call can mean may run, and one does.
  void followPointer(const CallExpr *Call, size_t Step, bool IsSure) {
    const CallTargets::Set &May = S.Model.targets().ofThisSource(Call);
    bool Shown = May.Complete && !May.Functions.empty() &&
                 llvm::all_of(May.Functions, [&](const FunctionDecl *F) {
                   return S.Model.definition(F);
                 });
    if (!Shown) {
      S.Whole = false;
      return;
    }
    for (const FunctionDecl *F : May.Functions)
      follow(F, Call, Step, Later, IsSure && May.Functions.size() == 1);
  }

  /// `p = x->slots;`, twice: of an array, it is the member that matters.
  static bool isSameArray(const Expr *A, const Expr *B) {
    auto ArrayOf = [](const Expr *E) -> const ValueDecl * {
      const MemberExpr *M = E ? memberOf(strip(E)) : nullptr;
      return M && M->getType()->isArrayType() ? M->getMemberDecl() : nullptr;
    };
    return ArrayOf(A) && ArrayOf(A) == ArrayOf(B);
  }

  /// A variable with two values has none that can be followed; NULL is none.
  void learn(const VarDecl *Var, const Expr *Value) {
    if (Value && Value->isNullPointerConstant(
                     S.Model.Ctx, Expr::NPC_ValueDependentIsNotNull))
      return;
    auto [It, New] = S.LocalValues.try_emplace(Var, Value);
    if (!New && It->second != Value && !isSameArray(It->second, Value))
      It->second = nullptr;
  }

  /// `if (x->m)`, `if (!x->m)`, and parts of `&&` and `||`.
  void noteTest(const Expr *E) {
    E = E->IgnoreParenImpCasts();
    if (const auto *UO = dyn_cast<UnaryOperator>(E);
        UO && UO->getOpcode() == UO_LNot)
      return noteTest(UO->getSubExpr());
    if (const auto *BO = dyn_cast<BinaryOperator>(E); BO && BO->isLogicalOp()) {
      noteTest(BO->getLHS());
      return noteTest(BO->getRHS());
    }
    if (const auto *M = dyn_cast<MemberExpr>(E))
      Tests.insert(M);
  }

  Story &S;
  const FunctionDecl *In;
  unsigned Frame;
  bool Later, Sure;
  BranchFinder Ways;
  llvm::SmallPtrSet<const Expr *, 16> Tests;
  /// Where the address of a variable is taken only to read or clear it.
  llvm::SmallPtrSet<const Expr *, 2> Borrowed;
};

Story::Story(const TUModel &Model, const FunctionDecl *Root) : Model(Model) {
  if (const FunctionDecl *Def = Model.definition(Root))
    tell(Def, {Def, nullptr, 0, 0}, false, true);
}

void Story::tell(const FunctionDecl *F, const Frame &New, bool Later,
                 bool Sure) {
  // A function that is being told already, or a way too deep.
  size_t Depth = 0;
  if (!Frames.empty())
    for (unsigned At = New.Parent;; At = Frames[At].Parent) {
      if (Frames[At].F == F)
        return;
      ++Depth;
      if (At == 0)
        break;
    }
  if (Depth > MaxDepth || Steps.size() > MaxSteps) {
    Whole = false;
    CutShort = true;
    return;
  }
  unsigned Own = Frames.size();
  Frames.push_back(New);
  StoryTeller(*this, F, Own, Later, Sure).TraverseStmt(F->getBody());
}

const StoryStep *Story::find(Tell What) const {
  auto It =
      llvm::find_if(Steps, [&](const StoryStep &S) { return S.tells(What); });
  return It == Steps.end() ? nullptr : &*It;
}

const StoryStep *Story::find(Role R) const {
  auto It =
      llvm::find_if(Steps, [&](const StoryStep &S) { return S.role() == R; });
  return It == Steps.end() ? nullptr : &*It;
}

const Expr *Story::onlyValueOf(const VarDecl *Var) const {
  return Var->isLocalVarDecl() && !Var->hasGlobalStorage()
             ? LocalValues.lookup(Var)
             : nullptr;
}

const Expr *Story::inRoot(const StoryStep &S) const {
  const Expr *At = S.At;
  for (unsigned Frame = S.Frame; Frames[Frame].Via;
       Frame = Frames[Frame].Parent)
    At = Frames[Frame].Via;
  return At;
}

} // namespace vfio
