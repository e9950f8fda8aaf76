//===- Evaluator.cpp - The value of an expression on a path ---------------===//
//
// Part of the life-cycle tools, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/Evaluator.h"
#include "engine/Arithmetic.h"
#include "clang/AST/Decl.h"
#include "clang/AST/RecordLayout.h"

using namespace clang;

namespace engine {

/// The bytes of \p T; nothing for what has no size.
static std::optional<int64_t> sizeOf(QualType T, const ASTContext &Ctx) {
  if (T.isNull())
    return std::nullopt;
  if (T->isVoidType() || T->isFunctionType())
    return 1; // GNU C
  if (T->isIncompleteType() || T->isDependentType())
    return std::nullopt;
  if (const RecordDecl *R = T->getAsRecordDecl(); R && R->isInvalidDecl())
    return std::nullopt;
  return Ctx.getTypeSizeInChars(T).getQuantity();
}

Width Evaluator::widthOf(QualType T) const {
  if (T.isNull() || T->isDependentType() || T->isBooleanType() ||
      !T->isIntegralOrEnumerationType() || T->isIncompleteType())
    return {};
  return {Ctx.getIntWidth(T), T->isSignedIntegerOrEnumerationType()};
}

Value Evaluator::constant(const Expr *E) const {
  Expr::EvalResult R;
  if (E->isValueDependent() || !E->getType()->isIntegralOrEnumerationType() ||
      !E->EvaluateAsInt(R, Ctx, Expr::SE_NoSideEffects))
    return {};
  const llvm::APSInt &N = R.Val.getInt();
  if (N.isSigned() ? N.isSignedIntN(64) : N.isIntN(64))
    return Value::number(N.isSigned() ? N.getSExtValue()
                                      : int64_t(N.getZExtValue()));
  return {};
}

Value Evaluator::eval(const Expr *E, State &S) {
  E = E->IgnoreParens();
  if (const Value *Known = S.Values.find(E))
    return *Known;
  if (const auto *C = dyn_cast<CastExpr>(E))
    return evalCast(C, S);
  if (const auto *U = dyn_cast<UnaryOperator>(E))
    return evalUnary(U, S);
  if (const auto *B = dyn_cast<BinaryOperator>(E))
    return evalBinary(B, S);
  if (const auto *C = dyn_cast<AbstractConditionalOperator>(E))
    return evalChoice(C, S);
  if (const auto *F = dyn_cast<FullExpr>(E)) {
    if (Value V = constant(E); V.isNumber())
      return V;
    return eval(F->getSubExpr(), S);
  }
  if (const auto *O = dyn_cast<OpaqueValueExpr>(E))
    return O->getSourceExpr() ? eval(O->getSourceExpr(), S) : Value();
  if (const auto *C = dyn_cast<ChooseExpr>(E))
    return C->isConditionDependent() ? Value() : eval(C->getChosenSubExpr(), S);
  if (const auto *G = dyn_cast<GenericSelectionExpr>(E))
    return G->isResultDependent() ? Value() : eval(G->getResultExpr(), S);
  if (const auto *SE = dyn_cast<StmtExpr>(E)) {
    const CompoundStmt *Body = SE->getSubStmt();
    const auto *Last =
        Body->body_empty() ? nullptr : dyn_cast<Expr>(Body->body_back());
    return Last ? eval(Last, S) : Value();
  }
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
    if (const auto *F = dyn_cast<FunctionDecl>(Ref->getDecl()))
      return Value::ref(Entities.function(F));
    return constant(E);
  }
  if (isa<CallExpr>(E))
    return {};
  return constant(E);
}

Value Evaluator::fresh(const void *Writer, Place P, State &S) {
  EntityId Id = Entities.fresh(Writer, Context, P);
  S.retire(Id, Entities);
  return Value::ref(Id);
}

/// Another value for \p P than \p Old, though the same code may have written
/// that as well.
Value Evaluator::renew(const Expr *Writer, Place P, const Value &Old,
                       State &S) {
  EntityId Id = Entities.fresh(Writer, Context, P);
  if (Old.Id == Id)
    return fresh(reinterpret_cast<const char *>(Writer) + 1, P, S);
  S.retire(Id, Entities);
  return Value::ref(Id);
}

Value Evaluator::evalCast(const CastExpr *E, State &S) {
  const Expr *Sub = E->getSubExpr();
  switch (E->getCastKind()) {
  case CK_LValueToRValue: {
    if (const auto *A = dyn_cast<ArraySubscriptExpr>(Sub->IgnoreParens()))
      if (std::optional<Value> V = constantElement(A, S))
        return *V;
    std::optional<Place> P = place(Sub, S);
    if (!P)
      return {};
    const VarDecl *Var = Entities.variableOf(P->Id);
    if (!Var)
      Listener.accessed(S, P->Id, Sub);
    return load(*P, E->getType(), S);
  }
  case CK_NullToPointer:
    return Value::number(0);
  case CK_ArrayToPointerDecay: {
    std::optional<Place> P = place(Sub, S);
    return P ? Value::ref(P->Id, P->Offset) : Value();
  }
  case CK_ToVoid:
    eval(Sub, S);
    return {};
  case CK_IntegralToBoolean:
  case CK_PointerToBoolean:
    return truth(eval(Sub, S), false);
  case CK_IntegralCast: {
    Value V = eval(Sub, S);
    return V.isNumber() ? Value::number(fit(V.Num, widthOf(E->getType()))) : V;
  }
  default: {
    Value V = eval(Sub, S);
    if (V.isRef() && V.Num == 0 && E->getType()->isPointerType())
      Entities.noteType(V.Id, E->getType()->getPointeeType());
    return V;
  }
  }
}

/// `-x`, whose sign follows from that of \p V.
Value Evaluator::negated(const Value &V, State &S) {
  EntityId Id = Entities.derived(UO_Minus, V, {});
  Signs Of = S.signs(V, Entities);
  if (V.Num == 0 && Of != AnySign)
    S.Known[Id] = (Of & Negative ? Positive : 0) | (Of & Zero) |
                  (Of & Positive ? Negative : 0);
  return Value::ref(Id);
}

Value Evaluator::evalUnary(const UnaryOperator *E, State &S) {
  const Expr *Sub = E->getSubExpr();
  switch (E->getOpcode()) {
  case UO_AddrOf: {
    if (const auto *Ref = dyn_cast<DeclRefExpr>(Sub->IgnoreParens()))
      if (const auto *F = dyn_cast<FunctionDecl>(Ref->getDecl()))
        return Value::ref(Entities.function(F));
    std::optional<Place> P = place(Sub, S);
    return P ? Value::ref(P->Id, P->Offset) : Value();
  }
  case UO_LNot:
    return truth(eval(Sub, S), true);
  case UO_Plus:
  case UO_Extension:
    return eval(Sub, S);
  case UO_Minus: {
    Value V = eval(Sub, S);
    if (V.isNumber())
      return combine(BO_Sub, 0, V.Num, widthOf(E->getType()));
    if (V.K == Value::Condition)
      return countTruths(E, BO_Sub, Value::number(0), V, S);
    return V.isRef() ? negated(V, S) : Value();
  }
  case UO_Not: {
    if (Value V = constant(E); V.isNumber())
      return V;
    Value V = eval(Sub, S);
    if (V.isNumber())
      return Value::number(fit(~V.Num, widthOf(E->getType())));
    return V.isRef() ? Value::ref(Entities.derived(E->getOpcode(), V, {}))
                     : Value();
  }
  case UO_PreInc:
  case UO_PreDec:
  case UO_PostInc:
  case UO_PostDec: {
    std::optional<Place> P = place(Sub, S);
    if (!P)
      return {};
    Value Old = load(*P, Sub->getType(), S);
    Value New;
    if (Old.isNumber())
      New = combine(E->isIncrementOp() ? BO_Add : BO_Sub, Old.Num, 1,
                    widthOf(E->getType()));
    else {
      New = renew(E, *P, Old, S);
      learnStep(Old, New, E->isIncrementOp(), S);
    }
    Entities.noteCounted(*P);
    store(*P, New, S);
    return E->isPostfix() ? Old : New;
  }
  default:
    return constant(E);
  }
}

static bool commutes(BinaryOperatorKind Op) {
  return Op == BO_And || Op == BO_Or || Op == BO_Xor || Op == BO_Add ||
         Op == BO_Mul;
}

/// True where \p E asks whether the address \p L is above \p R, below which no
/// object is: `(unsigned long)p <= 16`, what an empty allocation gives.
static bool asksForObject(const BinaryOperator *E, const Value &L,
                          const Value &R) {
  constexpr int64_t FirstPage = 4096;
  return E->isRelationalOp() && L.isRef() && L.Num == 0 && R.isNumber() &&
         R.Num > 0 && R.Num < FirstPage &&
         E->getLHS()->getType()->isUnsignedIntegerType() &&
         E->getLHS()->IgnoreParenCasts()->getType()->isPointerType();
}

Value Evaluator::evalBinary(const BinaryOperator *E, State &S) {
  if (E->isAssignmentOp())
    return evalAssignment(E, S);
  if (E->isLogicalOp())
    return evalLogical(E, S);
  if (E->getOpcode() == BO_Comma) {
    eval(E->getLHS(), S);
    return eval(E->getRHS(), S);
  }
  Value L = eval(E->getLHS(), S), R = eval(E->getRHS(), S);
  QualType LT = E->getLHS()->getType(), RT = E->getRHS()->getType();
  if (asksForObject(E, L, R)) {
    bool Low = E->getOpcode() == BO_LT || E->getOpcode() == BO_LE;
    return compare(Low ? BO_EQ : BO_NE, L, Value::number(0), true, S);
  }
  if (E->isComparisonOp()) {
    noteBound(E->getLHS(), L, R, S);
    noteBound(E->getRHS(), R, L, S);
    return compare(E->getOpcode(), L, R,
                   LT->isUnsignedIntegerOrEnumerationType(), S);
  }
  if (E->isAdditiveOp() && LT->isPointerType() && !RT->isPointerType())
    return addToPointer(L, R, LT->getPointeeType(), E->getOpcode() == BO_Sub);
  if (E->getOpcode() == BO_Add && RT->isPointerType())
    return addToPointer(R, L, RT->getPointeeType(), false);
  if (L.isNumber() && R.isNumber()) {
    Value V = combine(E->getOpcode(), L.Num, R.Num, widthOf(E->getType()));
    return V.isNumber() ? V : constant(E);
  }
  if ((L.K == Value::Condition && R.isNumber()) ||
      (R.K == Value::Condition && L.isNumber()))
    return countTruths(E, E->getOpcode(), L, R, S);
  // An address computed with integers, as container_of on `unsigned long`.
  if (E->isAdditiveOp() && L.isRef() && R.isNumber() && LT->isIntegerType() &&
      Ctx.getTypeSize(LT) == Ctx.getTypeSize(Ctx.VoidPtrTy) &&
      E->getLHS()->IgnoreParenCasts()->getType()->isPointerType())
    return addToPointer(L, R, Ctx.CharTy, E->getOpcode() == BO_Sub);
  if (L.isUnknown() || R.isUnknown())
    return {};
  // In one order, whichever it was written in.
  if (commutes(E->getOpcode()) && (L.isNumber() || (R.isRef() && R < L)))
    std::swap(L, R);
  if (E->getOpcode() == BO_And && L.isRef() && R.isNumber())
    return masked(L, R.Num, S);
  return Value::ref(Entities.derived(E->getOpcode(), L, R));
}

/// `V & Mask`, as far as it is known which bits of \p V were set and cleared
/// last: a driver may keep one flag a bit.
Value Evaluator::masked(Value V, int64_t Mask, State &S) {
  while (V.Num == 0) {
    const Entity &E = Entities[V.Id];
    bool Set = E.By == Entity::Form::BitsSet;
    bool Mixed = E.By == Entity::Form::BitsMixed;
    if ((!Set && !Mixed && E.By != Entity::Form::BitsKept) ||
        (Mixed && (E.Num & Mask)))
      break;
    int64_t Known = Mixed ? 0 : (Set ? E.Num : ~E.Num) & Mask;
    if (Known == Mask)
      return Value::number(Set ? Mask : 0);
    if (Set && Known) {
      EntityId Some = Entities.derived(BO_And, V, Value::number(Mask));
      S.Known[Some] = NonZero;
      return Value::ref(Some);
    }
    Mask &= ~Known;
    V = Value::ref(E.Parts.front());
  }
  return Value::ref(Entities.derived(BO_And, V, Value::number(Mask)));
}

Value Evaluator::addToPointer(const Value &P, const Value &N, QualType Pointee,
                              bool Subtract) {
  std::optional<int64_t> Size = sizeOf(Pointee, Ctx);
  if (!P.isRef() || !N.isNumber() || !Size)
    return {};
  std::optional<int64_t> Bits =
      offsetBy(P.Num, N.Num, Subtract ? -*Size : *Size);
  return Bits ? Value::ref(P.Id, *Bits) : Value();
}

Value Evaluator::evalAssignment(const BinaryOperator *E, State &S) {
  Value V = eval(E->getRHS(), S);
  std::optional<Place> P = place(E->getLHS(), S);
  if (E->getType()->isRecordType()) {
    if (P && !Entities.variableOf(P->Id))
      Listener.accessed(S, P->Id, E->getLHS());
    assignRecord(E->getRHS(), P, false, S);
    return {};
  }
  if (E->isCompoundAssignmentOp()) {
    if (!P)
      return {};
    Value Old = load(*P, E->getType(), S);
    if (E->getOpcode() == BO_AddAssign && E->getType()->isPointerType())
      V = addToPointer(Old, V, E->getType()->getPointeeType(), false);
    else if (Old.isNumber() && V.isNumber())
      V = combine(BinaryOperator::getOpForCompoundAssignment(E->getOpcode()),
                  Old.Num, V.Num, widthOf(E->getType()));
    else if (Old.isNumber() && V.K == Value::Condition)
      V = countTruths(
          E, BinaryOperator::getOpForCompoundAssignment(E->getOpcode()), Old, V,
          S);
    else if (!Old.isUnknown() && !V.isUnknown())
      V = Value::ref(Entities.derived(E->getOpcode(), Old, V));
    else
      V = Value();
    if (V.isUnknown())
      V = renew(E, *P, Old, S);
  }
  if (!P) {
    // Somewhere: what is stored there is out of sight.
    Listener.stored(S, Place(), V);
    return V;
  }
  if (!Entities.variableOf(P->Id))
    Listener.accessed(S, P->Id, E->getLHS());
  if (V.isUnknown())
    V = renew(E, *P, V, S);
  store(*P, V, S);
  return V;
}

Value Evaluator::evalLogical(const BinaryOperator *E, State &S) {
  bool IsAnd = E->getOpcode() == BO_LAnd;
  if (const bool *Left = S.Choices.find(E)) {
    bool ShortCut = *Left != IsAnd;
    return ShortCut ? Value::number(!IsAnd)
                    : truth(eval(E->getRHS(), S), false);
  }
  // An operand that is such an operator itself may have decided alone.
  Value L = truth(eval(E->getLHS(), S), false);
  if (L.isNumber() && (L.Num != 0) != IsAnd)
    return Value::number(!IsAnd);
  return L.isNumber() ? truth(eval(E->getRHS(), S), false) : Value();
}

Value Evaluator::evalChoice(const AbstractConditionalOperator *E, State &S) {
  if (const bool *Way = S.Choices.find(E))
    return eval(*Way ? E->getTrueExpr() : E->getFalseExpr(), S);
  Value C = truth(eval(E->getCond(), S), false);
  if (C.isNumber())
    return eval(C.Num ? E->getTrueExpr() : E->getFalseExpr(), S);
  return {};
}

std::optional<Place> Evaluator::place(const Expr *E, State &S) {
  E = E->IgnoreParens();
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
    const auto *Var = dyn_cast<VarDecl>(Ref->getDecl());
    return Var ? std::optional<Place>(Place{Entities.variable(Var), 0})
               : std::nullopt;
  }
  if (const auto *M = dyn_cast<MemberExpr>(E))
    return memberPlace(M, S);
  if (const auto *A = dyn_cast<ArraySubscriptExpr>(E))
    return elementPlace(A, S);
  if (const auto *U = dyn_cast<UnaryOperator>(E)) {
    if (U->getOpcode() == UO_Extension)
      return place(U->getSubExpr(), S);
    if (U->getOpcode() != UO_Deref)
      return std::nullopt;
    Value V = eval(U->getSubExpr(), S);
    return V.isRef() ? std::optional<Place>(Place{V.Id, V.Num}) : std::nullopt;
  }
  if (const auto *C = dyn_cast<ChooseExpr>(E))
    return C->isConditionDependent() ? std::nullopt
                                     : place(C->getChosenSubExpr(), S);
  if (const auto *G = dyn_cast<GenericSelectionExpr>(E))
    return G->isResultDependent() ? std::nullopt : place(G->getResultExpr(), S);
  return std::nullopt;
}

std::optional<Place> Evaluator::memberPlace(const MemberExpr *E, State &S) {
  const auto *Field = dyn_cast<FieldDecl>(E->getMemberDecl());
  if (!Field || Field->getParent()->isInvalidDecl() ||
      !Field->getParent()->isCompleteDefinition())
    return std::nullopt;
  std::optional<Place> Base;
  if (E->isArrow()) {
    Value V = eval(E->getBase(), S);
    if (V.isRef())
      Base = Place{V.Id, V.Num};
  } else {
    Base = place(E->getBase(), S);
  }
  if (!Base)
    return std::nullopt;
  int64_t Offset;
  if (llvm::AddOverflow(Base->Offset, int64_t(Ctx.getFieldOffset(Field)),
                        Offset))
    return std::nullopt;
  return Place{Base->Id, Offset, Base->In};
}

std::optional<Place> Evaluator::elementPlace(const ArraySubscriptExpr *E,
                                             State &S) {
  Value B = eval(E->getBase(), S), I = eval(E->getIdx(), S);
  Value P = addToPointer(B, I, E->getType(), false);
  if (P.isRef())
    return Place{P.Id, P.Num};
  if (!B.isRef())
    return std::nullopt;
  // An element that the index does not tell: one entity for each index value.
  if (I.isUnknown())
    return std::nullopt;
  return Place{Entities.derived(BO_PtrMemD, B, I), 0};
}

Value Evaluator::load(Place P, QualType Type, State &S) {
  if (const Value *V = S.Store.find(P))
    return *V;
  if (!Type->isScalarType())
    return {};
  QualType Pointee =
      Type->isPointerType() ? Type->getPointeeType() : QualType();
  return Value::ref(Entities.loaded(P, Pointee));
}

void Evaluator::store(Place P, const Value &V, State &S) {
  S.Store[P] = V;
  Listener.stored(S, P, V);
}

} // namespace engine
