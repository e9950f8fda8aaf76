//===- HoistChoice.cpp - What the allocation is given is chosen before it -===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Between kzalloc and the old init there was room to choose an ops table.
// vfio_alloc_device is given the table: the choice moves up to before it, where
// nothing in it depends on what stands between.
//
//===----------------------------------------------------------------------===//

#include "rewriter/Conversion.h"
#include "rewriter/read/Effects.h"
#include "rewriter/read/Names.h"
#include "rewriter/read/NullTest.h"
#include "rewriter/read/Tokens.h"

using namespace clang;

namespace vfio::rewriter {

/// The index of the item that holds \p S; none where that is nested in
/// no statement of the top level.
static std::optional<unsigned> indexOf(const std::vector<Item> &Items,
                                       const Stmt *S) {
  for (unsigned I = 0; I < Items.size(); ++I)
    if (holds(Items[I].S, S))
      return I;
  return std::nullopt;
}

/// The items in front of \p Last, and behind \p First, that give \p Needed
/// their values; none where one of them cannot move up to \p First.
static std::vector<unsigned> choiceBetween(const Program &P, const Unit &U,
                                           const std::vector<Item> &Items,
                                           unsigned First, unsigned Last,
                                           VarSet Needed, const VarDecl *X) {
  std::vector<unsigned> Out;
  VarSet Read, Written;
  bool ReadsState = false;
  for (unsigned I = Last - 1; I > First; --I) {
    const Stmt *S = beforeNext(Items[I].S);
    Names N = namesIn(S);
    bool Sets = llvm::any_of(N.Written,
                             [&](const VarDecl *V) { return Needed.count(V); });
    Effects E = effectsOf(P, U, S, X);
    if (!Sets) {
      // What stays must not change what a later choice reads, and must not
      // look at what that gives another value.
      if (llvm::any_of(N.Written,
                       [&](const VarDecl *V) { return Read.count(V); }) ||
          llvm::any_of(N.Vars,
                       [&](const VarDecl *V) { return Written.count(V); }) ||
          (ReadsState && (E.Calls || E.Stores || mayGuard(Items[I].S, Read))))
        return {};
      continue;
    }
    // The address of a constant table is no way to change it.
    bool Others = llvm::any_of(N.Written, [&](const VarDecl *V) {
      return !Needed.count(V) && !V->getType().isConstQualified();
    });
    if (E.Calls || E.Stores || Others || N.Vars.count(X) || hasExit(S) ||
        isa<DeclStmt>(S) || !Items[I].Labels.empty())
      return {};
    ReadsState |= E.Reads;
    Read.insert(N.Vars.begin(), N.Vars.end());
    Written.insert(N.Written.begin(), N.Written.end());
    Needed.insert(N.Vars.begin(), N.Vars.end());
    Out.insert(Out.begin(), I);
  }
  return Out;
}

bool Conversion::hoistChoice(const AllocSite &A, const SiteRef &Init) {
  std::vector<Item> Items = itemsOf(A.In);
  std::optional<unsigned> First = indexOf(Items, A.Call),
                          Last = indexOf(Items, Init.S->Call);
  const auto *Set = First ? dyn_cast<BinaryOperator>(Items[*First].S) : nullptr;
  const VarDecl *X = Set ? namedVar(Set->getLHS()) : nullptr;
  if (!X || !Last || *Last <= *First)
    return false;
  Names Given;
  for (int Arg : {Init.S->Api->Device, Init.S->Api->Ops})
    Given.TraverseStmt(const_cast<Expr *>(Init.S->Call->getArg(Arg)));
  std::vector<unsigned> Choice =
      choiceBetween(P, *A.U, Items, *First, *Last, Given.Vars, X);
  FileRange Before = A.U->range(Items[*First].S->getSourceRange());
  if (Choice.empty() || !edit(*A.U, Before, A.Call->getBeginLoc()))
    return false;
  std::string Lines;
  if (!takeOut(A, Items, Choice, Lines))
    return false;
  Edits.insertLinesBefore(Before.File, Before.Begin, Lines + "\n");
  step(StepId::ChooseBefore, *A.U, Items[Choice.front()].S->getBeginLoc());
  return true;
}

/// True where \p Call is a statement of the branch \p Branch.
static bool isIn(const Stmt *Branch, const Spot &Call) {
  return Call.Whole && (Branch == Call.S ||
                        (isa<CompoundStmt>(Branch) && Branch == Call.Parent));
}

/// True where that is all that \p Branch does.
static bool isOnly(const Stmt *Branch, const Spot &Call) {
  const auto *Block = dyn_cast<CompoundStmt>(Branch);
  return isIn(Branch, Call) && (!Block || Block->size() == 1);
}

namespace {
/// A question that is asked where the device is prepared, and can be asked
/// before the allocation.
struct EarlyQuestion {
  const IfStmt *If = nullptr;
  std::string Text; ///< the question
  /// The call that asks a part of it, and asks again; null for none.
  const CallExpr *By = nullptr;
  /// It asks of what others could change until it is asked again.
  bool Reads = false;
  /// The items that move up with it, as they give it what it asks of.
  std::vector<unsigned> Moved;
};
} // namespace

/// True where what stands between \p First and \p Last, without \p Moved, does
/// not change the answer to a question of \p Asked; where it leaves, nobody
/// asks any more.
static bool staysSame(const Program &P, const Unit &U,
                      const std::vector<Item> &Items, unsigned First,
                      unsigned Last, const EarlyQuestion &Early,
                      const VarSet &Asked, const VarDecl *X) {
  for (unsigned I = First + 1; I < Last; ++I) {
    if (llvm::is_contained(Early.Moved, I))
      continue;
    const Stmt *S = beforeNext(Items[I].S);
    Effects E = effectsOf(P, U, S, X);
    if (isa<DeclStmt>(S) ||
        (Early.Reads && (E.Calls || E.Stores || mayGuard(Items[I].S, Asked))) ||
        llvm::any_of(namesIn(S).Written,
                     [&](const VarDecl *V) { return Asked.count(V) != 0; }))
      return false;
  }
  return true;
}

/// True where \p E can be asked before \p X is there; adds what it names.
static bool canBeAsked(const Program &P, const Unit &U, const Expr *E,
                       const VarDecl *X, EarlyQuestion &Early, VarSet &Asked) {
  Effects Asks = effectsOf(P, U, E, X);
  Names N = namesIn(E);
  Early.Reads |= Asks.Reads;
  Asked.insert(N.Vars.begin(), N.Vars.end());
  return !Asks.Calls && !Asks.Stores && !N.Vars.count(X) && N.Written.empty();
}

/// The `if` whose two branches prepare the device, each by another table, where
/// its condition can be asked before the allocation in \p First.
static EarlyQuestion choiceOfTables(const Program &P, const Unit &U,
                                    const std::vector<Item> &Items,
                                    unsigned First, const VarDecl *X,
                                    llvm::ArrayRef<SiteRef> Inits) {
  ASTContext &Ctx = U.Model->Ctx;
  std::optional<unsigned> Last =
      Inits.size() == 2 ? indexOf(Items, Inits[0].S->Call) : std::nullopt;
  const auto *If = Last ? dyn_cast<IfStmt>(Items[*Last].S) : nullptr;
  if (!If || !If->getElse() || *Last <= First || !Items[*Last].Labels.empty() ||
      !isIn(If->getThen(), spotOf(Ctx, Inits[0].S->Call)) ||
      !isIn(If->getElse(), spotOf(Ctx, Inits[1].S->Call)))
    return {};
  EarlyQuestion Out;
  VarSet Asked;
  if (!canBeAsked(P, U, If->getCond(), X, Out, Asked))
    return {};
  Out.If = If;
  Out.Text = U.text(If->getCond()->getSourceRange());
  Out.Moved = choiceBetween(P, U, Items, First, *Last, Asked, X);
  return staysSame(P, U, Items, First, *Last, Out, Asked, X) ? Out
                                                             : EarlyQuestion();
}

namespace {
/// What a function of the driver's asks first, and returns an error for.
struct FirstQuestion {
  const Expr *Value = nullptr; ///< in the function's words
  bool Negative = false;       ///< it fails for what is below zero
};
} // namespace

/// `v = value; if (v < 0) return v; ...; return 0;`
static FirstQuestion firstQuestion(const Program::Definition &D) {
  std::vector<Item> Items = itemsOf(D.F);
  unsigned I = 0;
  while (I < Items.size() && isa<DeclStmt>(Items[I].S))
    ++I;
  const auto *Set =
      I + 2 < Items.size() ? dyn_cast<BinaryOperator>(Items[I].S) : nullptr;
  const VarDecl *V =
      Set && Set->getOpcode() == BO_Assign ? namedVar(Set->getLHS()) : nullptr;
  const auto *If = V ? dyn_cast<IfStmt>(Items[I + 1].S) : nullptr;
  const auto *Ret =
      If && !If->getElse() ? dyn_cast<ReturnStmt>(If->getThen()) : nullptr;
  if (!Ret || !V->hasLocalStorage() || !Ret->getRetValue() ||
      namedVar(Ret->getRetValue()) != V)
    return {};
  ASTContext &Ctx = D.U->Model->Ctx;
  auto IsZero = [&](const Expr *E) {
    Expr::EvalResult Value;
    return E && E->EvaluateAsInt(Value, Ctx) && Value.Val.getInt() == 0;
  };
  const auto *Test = dyn_cast<BinaryOperator>(strip(If->getCond()));
  bool Negative = Test && Test->getOpcode() == BO_LT &&
                  namedVar(Test->getLHS()) == V && IsZero(Test->getRHS());
  if (!Negative && namedVar(If->getCond()) != V)
    return {};
  for (unsigned J = I + 2; J < Items.size(); ++J)
    for (const ReturnStmt *R : namesIn(Items[J].S).Returns)
      if (!R->getRetValue() || !IsZero(R->getRetValue()))
        return {};
  return {Set->getRHS(), Negative};
}

/// What is so where \p Call, of a function that asks something of its arguments
/// first, returns 0: in the words of the caller. Empty where that is not known.
static std::string whenZero(const Program &P, const Unit &U,
                            const CallExpr *Call, const VarDecl *X,
                            EarlyQuestion &Early, VarSet &Asked) {
  Program::Definition D = P.callee(U, Call);
  FirstQuestion Q = D && D.U == &U ? firstQuestion(D) : FirstQuestion();
  VarSet Inside;
  if (!Q.Value || !canBeAsked(P, U, Q.Value, nullptr, Early, Inside))
    return {};
  std::map<const VarDecl *, std::string> By;
  for (const VarDecl *V : Inside) {
    const auto *Param = dyn_cast<ParmVarDecl>(V);
    if (!Param || namesIn(D.F->getBody()).Written.count(Param))
      return {};
    const Expr *Arg = Call->getArg(Param->getFunctionScopeIndex());
    if (!namedVar(Arg) || namedVar(Arg) == X)
      return {};
    By[V] = namedVar(Arg)->getNameAsString();
    Asked.insert(namedVar(Arg));
  }
  std::optional<std::string> Text = textWith(U, Q.Value, By);
  if (!Text || Text->empty())
    return {};
  bool Simple = isa<CallExpr, DeclRefExpr, MemberExpr>(strip(Q.Value));
  std::string Value = Simple ? *Text : "(" + *Text + ")";
  return Q.Negative ? Value + " >= 0" : "!" + Value;
}

/// `if (c) { r = f(x, y); if (!r) init(x, &a); else init(x, &b); } else
/// init(x, &b);`: f needs the structure, and what it asks first does not.
static EarlyQuestion choiceByCall(const Program &P, const Unit &U,
                                  const std::vector<Item> &Items,
                                  unsigned First, const VarDecl *X,
                                  llvm::ArrayRef<SiteRef> Inits) {
  ASTContext &Ctx = U.Model->Ctx;
  std::optional<unsigned> Last =
      Inits.size() == 3 ? indexOf(Items, Inits[0].S->Call) : std::nullopt;
  const auto *Outer = Last ? dyn_cast<IfStmt>(Items[*Last].S) : nullptr;
  const auto *Block =
      Outer && Outer->getElse() && *Last > First && Items[*Last].Labels.empty()
          ? dyn_cast<CompoundStmt>(Outer->getThen())
          : nullptr;
  if (!Block || Block->size() != 2 ||
      !isIn(Outer->getElse(), spotOf(Ctx, Inits[2].S->Call)))
    return {};
  const auto *Set = dyn_cast<BinaryOperator>(Block->body_front());
  const auto *Inner = dyn_cast<IfStmt>(Block->body_back());
  const auto *Not =
      Inner ? dyn_cast<UnaryOperator>(strip(Inner->getCond())) : nullptr;
  const auto *Call = Set && Set->getOpcode() == BO_Assign
                         ? dyn_cast<CallExpr>(strip(Set->getRHS()))
                         : nullptr;
  if (!Call || !Not || Not->getOpcode() != UO_LNot ||
      !namedVar(Set->getLHS()) ||
      namedVar(Not->getSubExpr()) != namedVar(Set->getLHS()) ||
      !Inner->getElse() ||
      !isIn(Inner->getThen(), spotOf(Ctx, Inits[0].S->Call)) ||
      !isIn(Inner->getElse(), spotOf(Ctx, Inits[1].S->Call)))
    return {};
  EarlyQuestion Out;
  VarSet Asked;
  if (!canBeAsked(P, U, Outer->getCond(), X, Out, Asked))
    return {};
  std::string Zero = whenZero(P, U, Call, X, Out, Asked);
  const auto *Or = dyn_cast<BinaryOperator>(strip(Outer->getCond()));
  std::string Text = U.text(Outer->getCond()->getSourceRange());
  if (Zero.empty() || Text.empty() || (Or && Or->getOpcode() == BO_LOr) ||
      isa<ConditionalOperator>(strip(Outer->getCond())))
    return {};
  Out.If = Outer;
  Out.Text = Text + " &&\n\t" + Zero;
  Out.By = Call;
  Out.Moved = choiceBetween(P, U, Items, First, *Last, Asked, X);
  return staysSame(P, U, Items, First, *Last, Out, Asked, X) ? Out
                                                             : EarlyQuestion();
}

/// Takes the items \p Moved out, for \p Lines; false where one cannot be
/// edited.
bool Conversion::takeOut(const AllocSite &A, const std::vector<Item> &Items,
                         llvm::ArrayRef<unsigned> Moved, std::string &Lines) {
  for (unsigned I : Moved) {
    FileRange R = A.U->range(Items[I].S->getSourceRange());
    if (!edit(*A.U, R, Items[I].S->getBeginLoc()))
      return false;
    unsigned Begin = Edits.startWithComment(R.File, R.Begin);
    unsigned End = Edits.lineEnd(R.File, R.End);
    Lines += Edits.original(R.File).slice(Begin, End).str();
    Edits.removeStatement({R.File, Begin, End - 1});
  }
  return true;
}

/// The question \p Text behind `if (`, on one line where that is long enough.
static std::string onLines(llvm::StringRef Text, const std::string &Indent) {
  auto [Head, Tail] = Text.split("\n\t");
  if (Tail.empty())
    return Head.str();
  std::string Line = (Head + " " + Tail).str();
  return columnAfter(Indent) + strlen("if ()") + Line.size() <= 80
             ? Line
             : (Head + "\n" + Indent + "    " + Tail).str();
}

/// `if (c) init(x, &a); else init(x, &b);`: c chooses before the allocation.
/// What else the branches do they do as before. False where that is not sure.
bool Conversion::hoistBranches(const AllocSite &A,
                               const std::vector<SiteRef> &Inits,
                               Arguments &Out) {
  ASTContext &Ctx = A.U->Model->Ctx;
  std::vector<Item> Items = itemsOf(A.In);
  std::optional<unsigned> First = indexOf(Items, A.Call);
  const auto *Set = First ? dyn_cast<BinaryOperator>(Items[*First].S) : nullptr;
  const VarDecl *X = Set ? namedVar(Set->getLHS()) : nullptr;
  EarlyQuestion Early;
  if (X)
    Early = choiceOfTables(P, *A.U, Items, *First, X, Inits);
  if (X && !Early.If)
    Early = choiceByCall(P, *A.U, Items, *First, X, Inits);
  const IfStmt *If = Early.If;
  const Stmt *LastDecl = nullptr;
  for (unsigned I = 0; If && I < *First && isa<DeclStmt>(Items[I].S); ++I)
    LastDecl = Items[I].S;
  if (!If || !LastDecl ||
      llvm::any_of(Inits,
                   [&](const SiteRef &Init) {
                     return deviceArgument(Init) != deviceArgument(Inits[0]);
                   }) ||
      hasWord(A.U->text(A.In->getSourceRange()), "ops"))
    return false;
  std::vector<std::string> Tables;
  std::string Lines;
  for (const SiteRef &Init : Inits) {
    const Expr *Ops = Init.S->Call->getArg(Init.S->Api->Ops);
    if (!availableAt(*A.U, A.In, Ops, A.Call->getBeginLoc()))
      return false;
    Tables.push_back(A.U->text(Ops->getSourceRange()));
  }
  if (Tables[0] == Tables[1] || Tables.back() != Tables[1])
    return false;
  FileRange Before = A.U->range(Items[*First].S->getSourceRange());
  FileRange Whole = A.U->range(If->getSourceRange());
  FileRange Asked = A.U->range(If->getCond()->getSourceRange());
  FileRange Decl = A.U->range(LastDecl->getSourceRange());
  if (!edit(*A.U, Before, A.Call->getBeginLoc()) ||
      !edit(*A.U, Whole, If->getBeginLoc()) ||
      !edit(*A.U, Decl, LastDecl->getBeginLoc()) ||
      !takeOut(A, Items, Early.Moved, Lines))
    return false;
  std::string In = Edits.indentAt(Before.File, Before.Begin);
  Edits.insertLinesAfter(Decl.File, Decl.End,
                         In + "const struct vfio_device_ops *ops;\n");
  Edits.insertLinesBefore(Before.File,
                          Edits.startWithComment(Before.File, Before.Begin),
                          Lines + In + "if (" + onLines(Early.Text, In) +
                              ")\n" + In + "\tops = " + Tables[0] + ";\n" + In +
                              "else\n" + In + "\tops = " + Tables[1] + ";\n\n");
  bool Only = isOnly(If->getThen(), spotOf(Ctx, Inits[0].S->Call)) &&
              isOnly(If->getElse(), spotOf(Ctx, Inits[1].S->Call));
  if (Only)
    Edits.removeStatement(Whole);
  else if (Early.Reads && !Early.By)
    Edits.replace(Asked, "ops == " + Tables[0]);
  if (Early.By)
    Remarks.push_back(
        "line " + std::to_string(A.U->place(Early.By->getBeginLoc()).Line) +
        ": the ops table is chosen by what " +
        Early.By->getDirectCallee()->getNameAsString() +
        "() asks first, which needs nothing of the structure; it asks again");
  for (const SiteRef &Init : Inits) {
    Handled.insert(Init.S->Call);
    if (!Only)
      removeCall(*Init.U, Init.S->Call);
  }
  step(StepId::ChooseBefore, *A.U, If->getBeginLoc());
  Out = {deviceArgument(Inits[0]), "ops"};
  return true;
}

} // namespace vfio::rewriter
