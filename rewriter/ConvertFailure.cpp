//===- ConvertFailure.cpp - The allocation's failure, from NULL to IS_ERR -===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// vfio_alloc_device returns an error pointer where kzalloc returned NULL. The
// test of the result, the code that is returned, and each later test of the
// pointer follow.
//
//===----------------------------------------------------------------------===//

#include "contracts/KernelTable.h"
#include "lifecycle/ASTVisitor.h"
#include "rewriter/Conversion.h"
#include "rewriter/read/Names.h"
#include "rewriter/read/NullTest.h"
#include "rewriter/read/Tokens.h"
#include "clang/AST/ParentMapContext.h"

using namespace clang;

namespace vfio::rewriter {

/// The code in \p E that says what failed: \p E itself, or what
/// `dev_err_probe(dev, -ENOMEM, ...)` is given and returns. Null where it is
/// neither.
static const Expr *errorIn(const Expr *E, ASTContext &Ctx) {
  Expr::EvalResult Value;
  if (E->getType()->isIntegerType() && E->EvaluateAsInt(Value, Ctx))
    return Value.Val.getInt().isNegative() ? E : nullptr;
  const auto *Call = dyn_cast<CallExpr>(strip(E));
  const FunctionDecl *F = Call ? Call->getDirectCallee() : nullptr;
  bool Returns = F && F->getIdentifier() && Call->getNumArgs() > 1 &&
                 kernelDeed(F->getName()) == KernelDeed::PassesError;
  return Returns ? errorIn(Call->getArg(1), Ctx) : nullptr;
}

/// The codes that \p S, of a failed allocation, sets a variable to.
static std::vector<const Expr *> codesIn(const Stmt *S, ASTContext &Ctx) {
  struct Finder : ASTVisitor<Finder> {
    ASTContext &Ctx;
    std::vector<const Expr *> Found;
    explicit Finder(ASTContext &Ctx) : Ctx(Ctx) {}
    bool VisitBinaryOperator(BinaryOperator *BO) ENGINE_OVERRIDE {
      if (BO->getOpcode() == BO_Assign && BO->getType()->isIntegerType())
        if (const Expr *Code = errorIn(BO->getRHS(), Ctx))
          Found.push_back(Code);
      return true;
    }
  } F(Ctx);
  F.TraverseStmt(const_cast<Stmt *>(S));
  return F.Found;
}

/// The variable that the function returns when it goes to \p L; null where it
/// returns none or the way is not plain.
static const VarDecl *returnedBy(const FunctionDecl *F, const LabelDecl *L) {
  std::vector<Item> Items = itemsOf(F);
  std::vector<unsigned> Tail = tailOf(Items, L);
  if (Tail.empty())
    return nullptr;
  const auto *R = dyn_cast<ReturnStmt>(Items[Tail.back()].S);
  return R && R->getRetValue() ? namedVar(R->getRetValue()) : nullptr;
}

/// The variable that \p F returns when \p Break has left its loop; null where
/// that is not plain.
static const VarDecl *returnedBehind(ASTContext &Ctx, const FunctionDecl *F,
                                     const BreakStmt *Break) {
  const Stmt *Around = nullptr;
  DynTypedNode Node = DynTypedNode::create(*static_cast<const Stmt *>(Break));
  while (!Around) {
    auto Parents = Ctx.getParents(Node);
    if (Parents.empty() || !Parents[0].get<Stmt>())
      return nullptr;
    Node = Parents[0];
    if (isa<DoStmt, WhileStmt, ForStmt, SwitchStmt>(Node.get<Stmt>()))
      Around = Node.get<Stmt>();
  }
  std::vector<Item> Items = itemsOf(F);
  auto It = llvm::find_if(Items, [&](const Item &I) { return I.S == Around; });
  Names Between;
  for (; It != Items.end(); ++It) {
    if (It->S == Around)
      continue;
    const auto *R = dyn_cast<ReturnStmt>(It->S);
    const VarDecl *V =
        R && R->getRetValue() ? namedVar(R->getRetValue()) : nullptr;
    if (R)
      return V && !Between.Written.count(V) ? V : nullptr;
    Between.TraverseStmt(const_cast<Stmt *>(It->S));
  }
  return nullptr;
}

/// Replaces the codes that \p Branch, of the failed allocation, returns or sets
/// by the error that \p X is. False where it has none.
bool Conversion::replaceCodes(const AllocSite &A, const Stmt *Branch,
                              llvm::StringRef X) {
  ASTContext &Ctx = A.U->Model->Ctx;
  Names Scan = namesIn(Branch);
  std::vector<std::pair<const Expr *, std::string>> New;
  for (const Expr *Code : codesIn(Branch, Ctx))
    New.push_back({Code, ("PTR_ERR(" + X + ")").str()});
  for (const ReturnStmt *R : Scan.Returns) {
    const Expr *V = R->getRetValue();
    if (!V)
      continue;
    if (const Expr *Code = errorIn(V, Ctx)) {
      New.push_back({Code, ("PTR_ERR(" + X + ")").str()});
      continue;
    }
    const auto *Call = dyn_cast<CallExpr>(strip(V));
    if (!V->getType()->isPointerType() || !Call ||
        roleOf(*Call) != Role::ErrPtr)
      continue;
    bool Same =
        A.Record.Record && pointeeRecord(V->getType()) == A.Record.Record;
    New.push_back({V, Same ? X.str() : ("ERR_CAST(" + X + ")").str()});
  }
  for (const auto &[E, Text] : New) {
    FileRange Range = A.U->range(E->getSourceRange());
    if (!edit(*A.U, Range, E->getBeginLoc()))
      return true;
    Edits.replace(Range, Text);
  }
  return !New.empty();
}

/// The code was set before: `ret = -ENOMEM; x = kzalloc(); if (!x) goto out;`.
/// \p Branch is what is done where the allocation failed. Gives the statement
/// that its way out lacks; empty for none.
std::string Conversion::setCode(const AllocSite &A, const Stmt *Branch,
                                llvm::StringRef X) {
  std::string Err = ("PTR_ERR(" + X + ")").str();
  const Stmt *Last = Branch;
  if (const auto *Block = dyn_cast<CompoundStmt>(Last))
    Last = Block->body_empty() ? nullptr : Block->body_back();
  const VarDecl *Ret = nullptr;
  if (const auto *G = dyn_cast_or_null<GotoStmt>(Last))
    Ret = returnedBy(A.In, G->getLabel());
  else if (const auto *R = dyn_cast_or_null<ReturnStmt>(Last))
    Ret = R->getRetValue() ? namedVar(R->getRetValue()) : nullptr;
  else if (const auto *Break = dyn_cast_or_null<BreakStmt>(Last))
    Ret = returnedBehind(A.U->Model->Ctx, A.In, Break);
  if (!Ret || !Ret->getType()->isIntegerType())
    return {}; // returns NULL or a constant: the caller's contract stays
  if (const auto *R = dyn_cast<ReturnStmt>(Last)) {
    FileRange Value = A.U->range(R->getRetValue()->getSourceRange());
    if (edit(*A.U, Value, R->getBeginLoc()))
      Edits.replace(Value, Err);
    return {};
  }
  return Ret->getNameAsString() + " = " + Err + ";";
}

/// Puts the statements \p Lines in front of the way out that \p Branch of \p If
/// ends in.
void Conversion::insertBeforeExit(const AllocSite &A, const IfStmt *If,
                                  const Stmt *Branch, llvm::StringRef Lines) {
  if (Lines.empty())
    return;
  const auto *Block = dyn_cast<CompoundStmt>(Branch);
  const Stmt *Last = Block ? Block->body_back() : Branch;
  FileRange Range = A.U->range(Last->getSourceRange());
  if (!edit(*A.U, Range, Last->getBeginLoc()))
    return;
  std::string Indent = Edits.indentAt(Range.File, Range.Begin), Text;
  llvm::SmallVector<llvm::StringRef, 2> Each;
  Lines.split(Each, '\n');
  for (llvm::StringRef Line : Each)
    Text += Indent + Line.str() + "\n";
  if (Block) {
    Edits.insertLinesBefore(Range.File, Range.Begin, Text);
    return;
  }
  // One statement without braces becomes a block.
  FileRange Cond =
      A.U->range(SourceRange(If->getLParenLoc(), If->getRParenLoc()));
  if (!edit(*A.U, Cond, If->getBeginLoc()))
    return;
  std::string Outer = Edits.indentAt(Cond.File, Cond.Begin);
  Edits.replace({Cond.File, Cond.End, Cond.End}, " {");
  Edits.insertLinesBefore(Range.File, Range.Begin, Text);
  Edits.insertLinesAfter(Range.File, Range.End, Outer + "}\n");
}

/// `if (!x) goto out;` where all that is done at out is to give x to functions
/// that do nothing for NULL: what they would make of an error pointer is not
/// tried, the failure returns.
bool Conversion::leaveAtOnce(const AllocSite &A, const Stmt *Branch,
                             llvm::StringRef X) {
  const auto *Block = dyn_cast<CompoundStmt>(Branch);
  const auto *G = dyn_cast_or_null<GotoStmt>(
      Block ? (Block->size() == 1 ? Block->body_front() : nullptr) : Branch);
  const VarDecl *Code = G ? returnedBy(A.In, G->getLabel()) : nullptr;
  if (!Code || !Code->getType()->isIntegerType())
    return false;
  std::vector<Item> Items = itemsOf(A.In);
  std::vector<unsigned> Tail = tailOf(Items, G->getLabel());
  bool Nothing = llvm::all_of(llvm::drop_end(Tail), [&](unsigned I) {
    const auto *Call = dyn_cast<CallExpr>(Items[I].S);
    const VarDecl *Given =
        Call && Call->getNumArgs() ? namedVar(Call->getArg(0)) : nullptr;
    return Given && Given->getName() == X &&
           doesNothingForNull(P, *A.U, Call, Given);
  });
  FileRange Jump = A.U->range(G->getSourceRange());
  if (Tail.size() < 2 || !Nothing || !edit(*A.U, Jump, G->getBeginLoc()))
    return false;
  Edits.replace(Jump, ("return PTR_ERR(" + X + ")").str());
  return true;
}

/// `if (x) { ... }` goes on behind it where the allocation failed: there an
/// else sets the code that the function then returns.
void Conversion::addElse(const AllocSite &A, const IfStmt *If,
                         llvm::StringRef X) {
  std::vector<Item> Items = itemsOf(A.In);
  const auto *Last =
      Items.empty() ? nullptr : dyn_cast<ReturnStmt>(Items.back().S);
  const VarDecl *Ret =
      Last && Last->getRetValue() ? namedVar(Last->getRetValue()) : nullptr;
  if (!Ret || !Ret->getType()->isIntegerType()) {
    // Only a failure comes to what is behind it: that returns the error.
    if (Last && Last->getRetValue() && endsInExit(If->getThen()))
      replaceCodes(A, Last, X);
    return;
  }
  FileRange Then = A.U->range(If->getThen()->getSourceRange());
  if (!edit(*A.U, Then, If->getBeginLoc()))
    return;
  FileRange Start = A.U->range(SourceRange(If->getIfLoc()));
  std::string Indent = Edits.indentAt(Then.File, Start.Begin);
  std::string Set = Ret->getNameAsString() + " = PTR_ERR(" + X.str() + ");\n";
  if (isa<CompoundStmt>(If->getThen()))
    Edits.replace({Then.File, Then.End, Then.End},
                  " else {\n" + Indent + "\t" + Set + Indent + "}");
  else
    Edits.insertLinesAfter(Then.File, Then.End,
                           Indent + "else\n" + Indent + "\t" + Set);
}

void Conversion::convertFailure(const AllocSite &A, const IfStmt *If,
                                bool WhenNull, llvm::StringRef X) {
  const Stmt *Branch = WhenNull ? If->getThen() : If->getElse();
  if (returnErrors(A, If, WhenNull, X))
    return;
  if (!Branch)
    return addElse(A, If, X);
  if (!leaveAtOnce(A, Branch, X) && !replaceCodes(A, Branch, X))
    insertBeforeExit(A, If, Branch, setCode(A, Branch, X));
}

/// `ret = x ? 0 : -ENOMEM;` right after the allocation.
bool Conversion::convertChoice(const AllocSite &A, const Stmt *AllocStmt,
                               llvm::StringRef X) {
  const Expr *Choice = choiceAfter(*A.U, AllocStmt, X, A.Call);
  if (!Choice)
    return false;
  FileRange R = A.U->range(Choice->getSourceRange());
  if (!edit(*A.U, R, Choice->getBeginLoc()))
    return true;
  Edits.replace(R, "PTR_ERR_OR_ZERO(" + X.str() + ")");
  step(StepId::TakeError, *A.U, Choice->getBeginLoc());
  return true;
}

/// The variable that \p S, of the allocation, gives a value.
static const VarDecl *variableOf(const Stmt *S) {
  if (const auto *DS = dyn_cast_or_null<DeclStmt>(S))
    return dyn_cast<VarDecl>(DS->getSingleDecl());
  if (const auto *If = dyn_cast_or_null<IfStmt>(S)) {
    const Expr *Cond = strip(If->getCond());
    if (const auto *Not = dyn_cast<UnaryOperator>(Cond))
      Cond = strip(Not->getSubExpr());
    if (const auto *Test = dyn_cast<BinaryOperator>(Cond);
        Test && Test->isEqualityOp())
      Cond = strip(Test->getLHS());
    S = Cond;
  }
  const auto *BO = dyn_cast_or_null<BinaryOperator>(S);
  return BO ? namedVar(BO->getLHS()) : nullptr;
}

void Conversion::convertNullCheck(const AllocSite &A, const Stmt *AllocStmt,
                                  const Expr *Result, llvm::StringRef X) {
  const IfStmt *If =
      AllocStmt ? findNullCheck(*A.U, AllocStmt, X, A.Call) : nullptr;
  if (!If && AllocStmt &&
      (convertChoice(A, AllocStmt, X) ||
       convertJointTest(A, AllocStmt, variableOf(AllocStmt))))
    return;
  if (!If) {
    refuse(RefusalId::UncheckedAllocation, *A.U, A.Call->getBeginLoc(),
           "the result of the allocation is not tested by a plain `if (!" + X +
               ")` in the same block",
           "test the result right after the allocation");
    return;
  }
  NullTest Test = nullTest(*A.U, If->getCond(), X, A.Call);
  if (!testByIsErr(A, If, Test, X))
    return;
  convertFailure(A, If, Test.WhenNull, X);
  if (const VarDecl *Named = variableOf(AllocStmt))
    guardTails(A, If, Test.WhenNull, AllocStmt, Named);
}

/// Puts IS_ERR(\p X) in the place of \p Test, which \p If asks.
bool Conversion::testByIsErr(const AllocSite &A, const IfStmt *If,
                             const NullTest &Test, llvm::StringRef X) {
  FileRange R = callRange(*A.U, Test.E);
  // IS_ERR() is unlikely by itself.
  FileRange Whole = A.U->range(If->getCond()->getSourceRange());
  Tokens Words =
      tokensOf(Whole ? textOf(Whole, A.U->sources()) : std::string());
  if (startsWith(Words, "unlikely(") && Words.back() == ")" &&
      tokensOf(textOf(R, A.U->sources())).size() + 3 == Words.size())
    R = Whole;
  if (!edit(*A.U, R, If->getBeginLoc()))
    return false;
  // `if (x) init(x);` went with the init.
  bool Gone = !Test.WhenNull && !If->getElse() &&
              llvm::any_of(D.Inits, [&](const SiteRef &I) {
                const auto *Then = dyn_cast<Expr>(If->getThen());
                return Then && strip(Then) == I.S->Call;
              });
  if (!Gone)
    Edits.replace(R, (Test.WhenNull ? "IS_ERR(" : "!IS_ERR(") + X.str() + ")");
  step(StepId::TestByIsErr, *A.U, If->getBeginLoc());
  return true;
}

/// A label that a failed allocation goes to (or code before it) must not put
/// what was never allocated. kfree(NULL) was harmless, vfio_put_device is not.
void Conversion::guardTails(const AllocSite &A, const IfStmt *Check,
                            bool WhenNull, const Stmt *AllocStmt,
                            const VarDecl *X) {
  SourceManager &SM = A.U->sources();
  std::vector<Item> Items = itemsOf(A.In);
  Names G = namesIn(A.In->getBody());
  auto InTail = [&](const GotoStmt *Goto, const Stmt *S) {
    return llvm::any_of(tailOf(Items, Goto->getLabel()),
                        [&](unsigned I) { return holds(Items[I].S, S); });
  };
  // `out: if (ret && x) { ... }` does nothing without a structure.
  std::vector<NullTest> Tests =
      nullTestsOf(A.In->getBody(), X, A.U->Model->Ctx);
  auto IsTested = [&](const Stmt *S) {
    return llvm::any_of(Tests, [&](const NullTest &T) {
      return T.If && !T.WhenNull && holds(T.If->getThen(), S);
    });
  };
  // Another device is in an array or a list by then; this one is nowhere, as
  // long as nobody keeps it before the test.
  bool Kept = llvm::any_of(Items, [&](const Item &I) {
    return SM.isBeforeInTranslationUnit(AllocStmt->getEndLoc(),
                                        I.S->getBeginLoc()) &&
           SM.isBeforeInTranslationUnit(I.S->getBeginLoc(),
                                        Check->getBeginLoc()) &&
           mentions(I.S, X);
  });
  auto MayBeIt = [&](const SiteRef &R) {
    return Kept || structureOf(R.S->Call->getArg(R.S->Api->Subject)) == X;
  };
  const Stmt *Branch = WhenNull ? Check->getThen() : Check->getElse();
  for (const GotoStmt *Goto : G.Gotos) {
    SourceLocation At = Goto->getBeginLoc();
    bool Early = SM.isBeforeInTranslationUnit(At, AllocStmt->getBeginLoc());
    bool Failed = Branch && holds(Branch, Goto);
    if (!Early && !Failed)
      continue;
    // What touches the structure without a test would have crashed.
    for (const SiteRef &F : D.Frees)
      if (F.S->In == A.In && F.U == A.U && InTail(Goto, F.S->Call) &&
          MayBeIt(F))
        Guarded.insert(F.S->Call);
    for (const SiteRef &Un : D.Uninits)
      if (Un.S->In == A.In && Un.U == A.U && InTail(Goto, Un.S->Call) &&
          Failed && !IsTested(Un.S->Call) && MayBeIt(Un))
        refuse(RefusalId::UnpairedCleanup, *A.U, At,
               "the failed allocation goes to code that uses the structure",
               "give the failed allocation an error path of its own");
  }
  convertLaterTests(A, Check, X);
}

/// A test of the pointer elsewhere would not know an error pointer.
void Conversion::convertLaterTests(const AllocSite &A, const IfStmt *Check,
                                   const VarDecl *X) {
  for (const NullTest &T : nullTestsOf(A.In->getBody(), X, A.U->Model->Ctx)) {
    if (holds(Check->getCond(), T.E))
      continue;
    FileRange R = A.U->range(T.E->getSourceRange());
    if (!edit(*A.U, R, T.E->getBeginLoc()))
      return;
    Edits.replace(R, std::string(T.WhenNull ? "" : "!") + "IS_ERR_OR_NULL(" +
                         X->getNameAsString() + ")");
    for (const SiteRef &F : D.Frees)
      if (T.If && holds(T.If->getThen(), F.S->Call))
        Guarded.erase(F.S->Call);
  }
}

} // namespace vfio::rewriter
