//===- Assembly.cpp - What inline assembly does to memory -----------------===//
//
// Part of the life-cycle tools, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/Compat.h"
#include "engine/Evaluator.h"

using namespace clang;

namespace engine {

/// True where output \p I of \p Asm is read and written, and is a number or a
/// pointer.
static bool isChanged(const GCCAsmStmt *Asm, unsigned I) {
  return Asm->isOutputPlusConstraint(I) &&
         Asm->getOutputExpr(I)->getType()->isScalarType();
}

void Evaluator::exchange(const GCCAsmStmt *Asm, State &S) {
  const Expr *A = Asm->getOutputExpr(0), *B = Asm->getOutputExpr(1);
  std::optional<Place> PA = place(A, S), PB = place(B, S);
  Value VA = PA ? load(*PA, A->getType(), S) : Value();
  Value VB = PB ? load(*PB, B->getType(), S) : Value();
  if (PA)
    store(*PA, VB.isUnknown() ? fresh(A, *PA, S) : VB, S);
  if (PB)
    store(*PB, VA.isUnknown() ? fresh(B, *PB, S) : VA, S);
  else
    Listener.stored(S, Place(), VA);
}

/// The first output becomes what the second was; that becomes the first input
/// where it was the second.
void Evaluator::compareAndExchange(const GCCAsmStmt *Asm, State &S) {
  const Expr *Result = Asm->getOutputExpr(0), *Cell = Asm->getOutputExpr(1);
  Value New = eval(Asm->getInputExpr(0), S);
  Value Wanted = eval(Asm->getInputExpr(1), S);
  if (Asm->getInputExpr(0)->getType()->isPointerType())
    Listener.stored(S, Place(), New);
  std::optional<Place> To = place(Result, S), P = place(Cell, S);
  Value Old = P ? load(*P, Cell->getType(), S) : Value();
  if (To)
    store(*To, Old.isUnknown() ? fresh(Result, *To, S) : Old, S);
  if (!P)
    return;
  Value Same = compare(BO_EQ, Old, Wanted, false, S);
  if (Same.isNumber() && Same.Num == 0)
    return;
  bool Known = Same.isNumber() && !New.isUnknown();
  store(*P, Known ? New : fresh(Cell, *P, S), S);
}

void Evaluator::assemble(const GCCAsmStmt *Asm, State &S) {
  std::string Text = asmText(*Asm);
  auto Has = [&](llvm::StringRef Word) {
    return llvm::StringRef(Text).contains(Word);
  };
  auto IsPointer = [&](unsigned I) {
    return Asm->getOutputExpr(I)->getType()->isPointerType();
  };
  if (Asm->getNumOutputs() == 2 && isChanged(Asm, 1)) {
    // Of numbers, `xadd` has the same operands.
    bool Exchanges =
        (Has("xchg") && !Has("cmpxchg")) || (IsPointer(0) && IsPointer(1));
    if (isChanged(Asm, 0) && Exchanges)
      return exchange(Asm, S);
    if (!Asm->isOutputPlusConstraint(0) && Has("cmpxchg") &&
        Asm->getNumInputs() == 2)
      return compareAndExchange(Asm, S);
  }
  for (unsigned I = 0; I < Asm->getNumInputs(); ++I)
    if (const Expr *E = Asm->getInputExpr(I); E->getType()->isPointerType())
      Listener.stored(S, Place(), eval(E, S));
  // What is empty only hides from the compiler where a value comes from.
  if (Text.empty())
    return;
  for (unsigned I = 0; I < Asm->getNumOutputs(); ++I) {
    const Expr *Out = Asm->getOutputExpr(I);
    std::optional<Place> P = place(Out, S);
    const VarDecl *Var = P ? Entities.variableOf(P->Id) : nullptr;
    // The stack pointer is one of the variables of file scope.
    if (P && Out->getType()->isScalarType() &&
        !(Var && Var->hasGlobalStorage()))
      store(*P, fresh(Out, *P, S), S);
  }
}

} // namespace engine
