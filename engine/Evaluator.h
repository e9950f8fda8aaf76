//===- Evaluator.h - The value of an expression on a path -----------------===//
//
// Part of the life-cycle tools, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Evaluates C expressions over a State. Pointers are an entity and an offset,
// so `&x->core.vdev`, container_of, casts and aliases are all plain arithmetic.
// Calls are not evaluated here: the engine has done so before.
//
//===----------------------------------------------------------------------===//
#ifndef ENGINE_EVALUATOR_H
#define ENGINE_EVALUATOR_H

#include "engine/Arithmetic.h"
#include "engine/State.h"
#include "clang/AST/ASTContext.h"
#include <optional>

namespace engine {

/// Is told what expressions do to memory.
class MemoryListener {
public:
  virtual ~MemoryListener() = default;
  /// A load from, or a store to, a part of \p Id, by the expression \p At.
  virtual void accessed(State &S, EntityId Id, const clang::Expr *At) = 0;
  /// \p V was stored to \p P.
  virtual void stored(State &S, Place P, const Value &V) = 0;
};

class Evaluator {
public:
  Evaluator(const clang::ASTContext &Ctx, EntityTable &Entities,
            MemoryListener &Listener)
      : Ctx(Ctx), Entities(Entities), Listener(Listener) {}

  /// The call that the code being walked was inlined by, as a number.
  unsigned Context = 0;

  /// The value of \p E, with the effects that evaluating it has on \p S.
  Value eval(const clang::Expr *E, State &S);
  /// The place that \p E, an lvalue, names.
  std::optional<Place> place(const clang::Expr *E, State &S);
  Value load(Place P, clang::QualType Type, State &S);
  void store(Place P, const Value &V, State &S);
  /// Gives all of \p To, of a structure's type, what \p E is, member by member.
  /// Nothing was there before where \p IsNew.
  void assignRecord(const clang::Expr *E, std::optional<Place> To, bool IsNew,
                    State &S);
  /// The \p Bits at \p To become what those at \p From are; at least what
  /// \p Type has there, where it is a structure.
  void copyMemory(Place From, Place To, int64_t Bits, clang::QualType Type,
                  State &S);
  /// The \p Bits at \p To become 0.
  void clearMemory(Place To, int64_t Bits, clang::QualType Type, State &S);
  /// A new value for \p P, of which only its writer is known.
  Value fresh(const void *Writer, Place P, State &S);

  /// What inline assembly does: it exchanges two values, or leaves others in
  /// what it writes to, and may keep the pointers that it is given.
  void assemble(const clang::GCCAsmStmt *Asm, State &S);

  /// `V & Mask` of \p V, a value itself, as far as it is known which bits of it
  /// were set and cleared last.
  Value masked(Value V, int64_t Mask, State &S);

  /// Learns that \p V is \p Truth; false where it cannot be.
  bool assume(const Value &V, bool Truth, State &S);
  /// Learns whether \p V is at least \p First and at most \p Last; false where
  /// that cannot be.
  bool assumeBetween(const Value &V, const Value &First, const Value &Last,
                     bool Truth, State &S);
  /// \p V as a truth value, or its negation.
  Value truth(const Value &V, bool Negate) const;
  /// The result of comparing two values.
  Value compare(clang::BinaryOperatorKind Op, const Value &L, const Value &R,
                bool Unsigned, State &S);

private:
  Value evalCast(const clang::CastExpr *E, State &S);
  Value negated(const Value &V, State &S);
  Value evalUnary(const clang::UnaryOperator *E, State &S);
  Value evalBinary(const clang::BinaryOperator *E, State &S);
  Value evalAssignment(const clang::BinaryOperator *E, State &S);
  Value evalLogical(const clang::BinaryOperator *E, State &S);
  Value evalChoice(const clang::AbstractConditionalOperator *E, State &S);
  void noteBound(const clang::Expr *Counter, const Value &Is,
                 const Value &Bound, State &S);
  void learnStep(const Value &Before, const Value &Now, bool Up, State &S);
  Value either(EntityId Id, const Value &Condition, int64_t IfTrue,
               int64_t IfFalse, State &S);
  Value countTruths(const clang::Expr *E, clang::BinaryOperatorKind Op,
                    const Value &L, const Value &R, State &S);
  void assignList(const clang::InitListExpr *List, Place To, State &S);
  std::optional<Value> constantElement(const clang::ArraySubscriptExpr *E,
                                       State &S);
  Value compareValues(clang::BinaryOperatorKind Op, Value L, Value R);
  void exchange(const clang::GCCAsmStmt *Asm, State &S);
  void compareAndExchange(const clang::GCCAsmStmt *Asm, State &S);
  Value addToPointer(const Value &P, const Value &N, clang::QualType Pointee,
                     bool Subtract);
  std::optional<Place> memberPlace(const clang::MemberExpr *E, State &S);
  std::optional<Place> elementPlace(const clang::ArraySubscriptExpr *E,
                                    State &S);
  Value constant(const clang::Expr *E) const;
  Width widthOf(clang::QualType T) const;
  Value renew(const clang::Expr *Writer, Place P, const Value &Old, State &S);

  const clang::ASTContext &Ctx;
  EntityTable &Entities;
  MemoryListener &Listener;
};

} // namespace engine

#endif // ENGINE_EVALUATOR_H
