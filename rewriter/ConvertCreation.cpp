//===- ConvertCreation.cpp - A function that returns the structure --------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A function that creates the structure returned NULL where it failed. It
// returns the error instead where all of its callers can be told, and NULL as
// ever where they cannot.
//
//===----------------------------------------------------------------------===//

#include "lifecycle/ASTVisitor.h"
#include "rewriter/Conversion.h"
#include "rewriter/read/Names.h"
#include "rewriter/read/NullTest.h"

using namespace clang;

namespace vfio::rewriter {

/// `-ENOMEM`.
static bool isNoMemory(const Expr *E, ASTContext &Ctx) {
  constexpr int ENoMem = 12; // include/uapi/asm-generic/errno-base.h
  Expr::EvalResult Value;
  return E && E->getType()->isIntegerType() && E->EvaluateAsInt(Value, Ctx) &&
         Value.Val.getInt() == -ENoMem;
}

/// The calls of the function that allocates \p A, each as if it were the
/// allocation; none where one of them does not test the result against NULL and
/// return -ENOMEM by itself.
std::vector<std::pair<AllocSite, std::string>>
Conversion::creationsOf(const AllocSite &A) const {
  std::vector<std::pair<AllocSite, std::string>> Out;
  for (const Program::CallSite &C : P.callsOf(Program::key(*A.U, A.In))) {
    ASTContext &Ctx = C.U->Model->Ctx;
    const VarDecl *Declared = nullptr;
    const Expr *Outermost = nullptr;
    const Expr *LHS = resultOf(Ctx, C.Call, Declared, Outermost);
    const VarDecl *Var = LHS ? namedVar(LHS) : Declared;
    AllocSite Call = A;
    Call.U = C.U;
    Call.In = C.In;
    Call.Call = C.Call;
    Spot S = spotOf(Ctx, C.Call);
    const IfStmt *If = Var && Var->hasLocalStorage() && S.S && !isa<IfStmt>(S.S)
                           ? findNullCheck(*C.U, S.S, Var->getName(), C.Call)
                           : nullptr;
    if (!If || !nullTest(*C.U, If->getCond(), Var->getName(), C.Call).WhenNull)
      return {};
    Names Scan = namesIn(If->getThen());
    if (!Scan.Gotos.empty() || Scan.Returns.size() != 1 ||
        !Scan.Returns.front()->getRetValue() ||
        !isNoMemory(Scan.Returns.front()->getRetValue(), Ctx))
      return {};
    Out.push_back({Call, Var->getNameAsString()});
  }
  return Out;
}

/// The values that \p A's function returns where the allocation failed, which
/// \p If tests.
static std::vector<const Expr *>
failedReturns(const AllocSite &A, const IfStmt *If, bool WhenNull) {
  std::vector<Item> Items = itemsOf(A.In);
  const Stmt *Branch = WhenNull ? If->getThen() : If->getElse();
  Names Scan = Branch ? namesIn(Branch) : Names();
  std::vector<const Expr *> Out;
  auto Add = [&](const Stmt *S) {
    if (const auto *R = dyn_cast<ReturnStmt>(S); R && R->getRetValue())
      Out.push_back(R->getRetValue());
  };
  for (const ReturnStmt *R : Scan.Returns)
    Add(R);
  for (const GotoStmt *G : Scan.Gotos)
    if (std::vector<unsigned> Tail = tailOf(Items, G->getLabel());
        !Tail.empty())
      Add(Items[Tail.back()].S);
  if (!Branch || !endsInExit(Branch))
    Add(Items.back().S);
  return Out;
}

/// True where \p F sets \p X to NULL later on: both NULL and an error would
/// come out of it.
static bool setsToNull(const Unit &U, const FunctionDecl *F,
                       llvm::StringRef X) {
  struct Finder : ASTVisitor<Finder> {
    const Unit &U;
    llvm::StringRef X;
    bool Found = false;
    Finder(const Unit &U, llvm::StringRef X) : U(U), X(X) {}
    bool VisitBinaryOperator(BinaryOperator *BO) ENGINE_OVERRIDE {
      Found |= BO->getOpcode() == BO_Assign &&
               BO->getRHS()->IgnoreParenImpCasts()->isNullPointerConstant(
                   U.Model->Ctx, Expr::NPC_ValueDependentIsNotNull) &&
               U.text(BO->getLHS()->getSourceRange()) == X;
      return true;
    }
  } Nulls(U, X);
  Nulls.TraverseStmt(F->getBody());
  return Nulls.Found;
}

/// The returns of NULL in \p A's function; none where it returns anything else
/// than NULL or \p X.
static std::optional<std::vector<const Expr *>> nullReturns(const AllocSite &A,
                                                            llvm::StringRef X) {
  std::vector<const Expr *> Out;
  for (const ReturnStmt *R : namesIn(A.In->getBody()).Returns) {
    const Expr *V = R->getRetValue();
    if (!V)
      return std::nullopt;
    if (V->IgnoreParenImpCasts()->isNullPointerConstant(
            A.U->Model->Ctx, Expr::NPC_ValueDependentIsNotNull))
      Out.push_back(V);
    else if (A.U->text(V->getSourceRange()) != X)
      return std::nullopt;
  }
  return Out;
}

/// The callers go on to be told NULL: `return x;` is no error pointer.
void Conversion::returnNull(const AllocSite &A, const Stmt *Branch,
                            llvm::ArrayRef<const Expr *> Values,
                            llvm::StringRef X) {
  for (const Expr *V : Values) {
    FileRange R = A.U->range(V->getSourceRange());
    if (!edit(*A.U, R, V->getBeginLoc()))
      return;
    Edits.replace(R, Branch && holds(Branch, V)
                         ? std::string("NULL")
                         : ("IS_ERR(" + X + ") ? NULL : " + X).str());
  }
}

/// What a function that returns the structure returns where the allocation
/// failed. False where that is left as it is.
bool Conversion::returnErrors(const AllocSite &A, const IfStmt *If,
                              bool WhenNull, llvm::StringRef X) {
  if (pointeeRecord(A.In->getReturnType()) != A.Record.Record)
    return false;
  std::vector<const Expr *> Failed = failedReturns(A, If, WhenNull);
  auto IsX = [&](const Expr *V) { return A.U->text(V->getSourceRange()) == X; };
  std::vector<const Expr *> Same;
  llvm::copy_if(Failed, std::back_inserter(Same), IsX);
  std::optional<std::vector<const Expr *>> Nulls = nullReturns(A, X);
  bool Fails = Nulls && llvm::any_of(Failed, [&](const Expr *V) {
                 return IsX(V) || llvm::is_contained(*Nulls, V);
               });
  std::vector<std::pair<AllocSite, std::string>> Calls =
      Fails && !setsToNull(*A.U, A.In, X)
          ? creationsOf(A)
          : std::vector<std::pair<AllocSite, std::string>>();
  const Stmt *Branch = WhenNull ? If->getThen() : If->getElse();
  if (Calls.empty()) {
    returnNull(A, Branch, Same, X);
    return !Same.empty();
  }
  for (const Expr *V : *Nulls) {
    FileRange R = A.U->range(V->getSourceRange());
    if (!edit(*A.U, R, V->getBeginLoc()))
      return true;
    Edits.replace(R, Branch && holds(Branch, V) ? X : "ERR_PTR(-ENOMEM)");
  }
  testErrors(A, Calls);
  return true;
}

/// The callers \p Calls of \p A's function, which returns errors now, test for
/// them.
void Conversion::testErrors(
    const AllocSite &A,
    llvm::ArrayRef<std::pair<AllocSite, std::string>> Calls) {
  step(StepId::ReturnErrors, *A.U, A.In->getLocation(),
       {A.In->getNameAsString()});
  for (const auto &[Call, Name] : Calls)
    convertNullCheck(Call, spotOf(Call.U->Model->Ctx, Call.Call).S, Call.Call,
                     Name);
}

/// The only return of \p A's function, where that returns what is allocated.
static bool isAllReturned(const AllocSite &A) {
  std::vector<const ReturnStmt *> All = namesIn(A.In->getBody()).Returns;
  const Expr *Value = All.size() == 1 ? All[0]->getRetValue() : nullptr;
  return Value && strip(Value) == A.Call &&
         pointeeRecord(A.In->getReturnType()) == A.Record.Record;
}

/// `return kzalloc(...);`, in a function whose callers all take an error
/// pointer as well. False where it is left as it is.
bool Conversion::convertReturned(const AllocSite &A,
                                 const std::vector<SiteRef> &Inits) {
  if (A.Record.Path.empty() || !isAllReturned(A))
    return false;
  std::vector<std::pair<AllocSite, std::string>> Calls = creationsOf(A);
  if (Calls.empty())
    return false;
  std::optional<Arguments> Args = writtenArguments(A, Inits);
  const std::string &X = Calls.front().second;
  if (!Args || !replaceAllocation(A, A.Call, X, *Args))
    return true;
  step(StepId::ReplaceAllocation, *A.U, A.Call->getBeginLoc(),
       {X, allocatorOf(A)});
  testErrors(A, Calls);
  return true;
}

} // namespace vfio::rewriter
