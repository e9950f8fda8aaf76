//===- Layout.cpp - What depends on the order of members ------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/read/Layout.h"
#include "lifecycle/ASTVisitor.h"
#include "clang/AST/Attr.h"
#include "clang/Basic/Builtins.h"

using namespace clang;

namespace vfio::rewriter {

/// True where every use of the untyped parameter \p I of \p F is as a pointer
/// to \p R. One that hands it on, untyped, to yet another function is no danger
/// where the first member is no structure of its own: only a pointer to a
/// structure is taken for one to what that begins with.
static bool isUsedAs(const FunctionDecl *F, unsigned I, const RecordDecl *R) {
  struct Uses : ASTVisitor<Uses> {
    const VarDecl *Param;
    const RecordDecl *R;
    bool MayPass = false;
    unsigned All = 0, As = 0;
    bool isParam(const Expr *E) const {
      const auto *Ref = dyn_cast<DeclRefExpr>(E->IgnoreParenCasts());
      return Ref && Ref->getDecl() == Param;
    }
    bool VisitDeclRefExpr(DeclRefExpr *E) ENGINE_OVERRIDE {
      All += E->getDecl() == Param;
      return true;
    }
    bool VisitCastExpr(CastExpr *E) ENGINE_OVERRIDE {
      const RecordDecl *To = pointeeRecord(E->getType());
      As += isParam(E) && To && To->getName() == R->getName();
      return true;
    }
    bool VisitCallExpr(CallExpr *Call) ENGINE_OVERRIDE {
      for (const Expr *Arg : Call->arguments())
        As += MayPass && isParam(Arg) && Arg->getType()->isVoidPointerType();
      return true;
    }
  } V;
  V.Param = F->getParamDecl(I);
  V.R = R;
  V.MayPass = !R->field_begin()->getType()->isRecordType();
  V.TraverseStmt(F->getBody());
  return V.As >= V.All;
}

/// True where the driver wrote what is at \p Loc, not a macro of the kernel
/// (container_of, list_entry).
static bool isDriversOwn(const Unit &U, SourceLocation Loc) {
  SourceManager &SM = U.sources();
  auto OutOfArguments = [&](SourceLocation At) {
    while (At.isMacroID() && SM.isMacroArgExpansion(At))
      At = SM.getImmediateSpellingLoc(At);
    return At;
  };
  Loc = OutOfArguments(Loc);
  if (Loc.isMacroID())
    Loc = OutOfArguments(SM.getImmediateExpansionRange(Loc).getBegin());
  return U.Model->isDriverFile(SM.getSpellingLoc(Loc));
}

static bool isSizeType(QualType T) {
  return T->isSpecificBuiltinType(BuiltinType::ULong) ||
         T->isSpecificBuiltinType(BuiltinType::Long);
}

namespace {

/// Looks through the code of a unit for one record.
class Finder : public ASTVisitor<Finder> {
public:
  Finder(const Program &P, const AllocFlow &Flow, const Unit &U,
         const RecordDecl *R)
      : P(P), Flow(Flow), U(U), R(R) {}
  LayoutReason Found;
  const FunctionDecl *In = nullptr; ///< what is walked; null outside of code

  bool VisitOffsetOfExpr(OffsetOfExpr *E) ENGINE_OVERRIDE {
    const RecordDecl *T = E->getTypeSourceInfo()->getType()->getAsRecordDecl();
    if (T && T->getDefinition() == R && isDriversOwn(U, E->getBeginLoc()))
      find("the offset of a member is used", E->getBeginLoc());
    return true;
  }

  bool VisitCallExpr(CallExpr *Call) ENGINE_OVERRIDE {
    const FunctionDecl *F = Call->getDirectCallee();
    for (unsigned I = 0; F && I < Call->getNumArgs(); ++I) {
      const Expr *Arg = Call->getArg(I)->IgnoreParenCasts();
      if (I >= F->getNumParams() || pointeeRecord(Arg->getType()) != R)
        continue;
      QualType To = F->getParamDecl(I)->getType();
      if (!To->isPointerType())
        continue;
      if (To->isVoidPointerType())
        givenUntyped(Call, F, I);
      else if (pointeeRecord(To) != R)
        find("the structure is passed as its first member", Arg->getExprLoc());
    }
    return true;
  }

  bool VisitInitListExpr(InitListExpr *List) ENGINE_OVERRIDE {
    const InitListExpr *S =
        List->isSyntacticForm() ? List : List->getSyntacticForm();
    const RecordDecl *T = List->getType()->getAsRecordDecl();
    if (!S || !T || T->getDefinition() != R)
      return true;
    for (const Expr *E : S->inits())
      if (!isa<DesignatedInitExpr>(E) && S->getNumInits() > 1)
        find("an object of the structure is initialised by position",
             E->getBeginLoc());
    return true;
  }

  bool VisitCastExpr(CastExpr *Cast) ENGINE_OVERRIDE {
    QualType Type = Cast->getType(), Sub = Cast->getSubExpr()->getType();
    if (!Type->isPointerType() || Type->isVoidPointerType())
      return true;
    const RecordDecl *To = pointeeRecord(Type);
    if (Sub->isIntegerType() && To && To == firstRecord())
      find("a cast relies on the structure's first member", Cast->getExprLoc());
    else if (Sub->isVoidPointerType())
      comesBack(Cast->getSubExpr(), To);
    else if (Sub->isPointerType() && isa<CStyleCastExpr>(Cast))
      typedCast(Cast, To, pointeeRecord(Sub));
    return true;
  }

  /// `(void *)x + n`.
  bool VisitBinaryOperator(BinaryOperator *BO) ENGINE_OVERRIDE {
    if (BO->isAdditiveOp() && BO->getType()->isVoidPointerType())
      for (const Expr *E : {BO->getLHS(), BO->getRHS()})
        if (pointeeRecord(E->IgnoreParenCasts()->getType()) == R)
          find("a place in the structure is computed", BO->getExprLoc());
    return true;
  }

private:
  void find(llvm::StringRef Why, SourceLocation Where) {
    if (Found.Why.empty())
      Found = {Why.str(), Where};
  }

  /// The record that the structure begins with; null where that is no record.
  const RecordDecl *firstRecord() const {
    if (R->field_empty())
      return nullptr;
    const RecordDecl *First = R->field_begin()->getType()->getAsRecordDecl();
    return First ? First->getDefinition() : nullptr;
  }

  bool hasLaterMember(const RecordDecl *T) const {
    return llvm::any_of(llvm::drop_begin(R->fields()), [&](const FieldDecl *F) {
      return F->getType()->getAsRecordDecl() == T;
    });
  }

  /// The structure goes where its type does not.
  void givenUntyped(const CallExpr *Call, const FunctionDecl *F, unsigned I) {
    const FunctionDecl *Body = nullptr;
    SourceLocation Where = Call->getArg(I)->getExprLoc();
    if (F->hasBody(Body) && U.Model->isDriverFile(Body->getLocation())) {
      if (!isUsedAs(Body, I, R))
        find("the structure is passed as its first member", Where);
      return;
    }
    if (findApi(*Call))
      return; // freed, kept as drvdata: see comesBack()
    bool HasCallback = false;
    for (const Expr *Arg : Call->arguments())
      if (const FunctionDecl *Callback = namedFunction(Arg)) {
        HasCallback = true;
        givenToCallback(Callback, Where);
      }
    if (HasCallback || removesCookie(F, I))
      return;
    find("the structure is copied, or read, as bytes", Where);
  }

  /// True where no argument behind \p I can be a number of bytes: the pointer
  /// is a name for something, as in free_irq().
  bool removesCookie(const FunctionDecl *F, unsigned I) const {
    if (unsigned Builtin = F->getBuiltinID())
      return Builtin == Builtin::BI__builtin_object_size ||
             Builtin == Builtin::BI__builtin_dynamic_object_size ||
             Builtin == Builtin::BI__builtin_constant_p ||
             Builtin == Builtin::BI__builtin_memset ||
             Builtin == Builtin::BImemset;
    for (unsigned J = 0; J < F->getNumParams(); ++J)
      if (J != I && isSizeType(F->getParamDecl(J)
                                   ->getType()
                                   .getCanonicalType()
                                   .getUnqualifiedType()))
        return false;
    return true;
  }

  void givenToCallback(const FunctionDecl *Callback, SourceLocation Where) {
    Program::Definition D = P.definition(Program::key(U, Callback));
    for (unsigned I = 0; D && I < D.F->getNumParams(); ++I)
      if (D.F->getParamDecl(I)->getType()->isVoidPointerType() &&
          !isUsedAs(D.F, I, R))
        find("the structure is given to a callback that takes it for its "
             "first member",
             Where);
  }

  /// An untyped pointer gets a type: what went in by one name must not come
  /// out by another.
  void comesBack(const Expr *Sub, const RecordDecl *To) {
    const Expr *E = Sub->IgnoreParenCasts();
    if (To == R) {
      const RecordDecl *From = pointeeRecord(E->getType());
      if (From ? From != R : wasOther(namedVar(E)))
        find("a pointer to the first member comes back as the structure",
             Sub->getExprLoc());
      return;
    }
    if (const auto *UO = dyn_cast<UnaryOperator>(E);
        UO && UO->getOpcode() == UO_AddrOf)
      return; // of a member: it names its type
    const auto *Call = dyn_cast<CallExpr>(E);
    bool Drvdata = Call && roleOf(*Call) == Role::GetDrvdata;
    // drvdata is a word for many devices: only the first member is suspect.
    if (Drvdata ? !To || To != firstRecord() : To && hasLaterMember(To))
      return;
    if (!In || !pointsToIt(E))
      return;
    find("the structure comes back from an untyped pointer as something else",
         Sub->getExprLoc());
  }

  bool pointsToIt(const Expr *E) const {
    std::string Key = Program::key(U, R);
    return llvm::any_of(Flow.pointsTo(U, In, E), [&](unsigned A) {
      return Flow.allocs()[A].RecordKey == Key;
    });
  }

  /// True where the untyped \p V gets a pointer to another record.
  bool wasOther(const VarDecl *V) const {
    struct Values : ASTVisitor<Values> {
      const VarDecl *V;
      const RecordDecl *R;
      bool Other = false;
      void value(const Expr *E) {
        const RecordDecl *From =
            E ? pointeeRecord(E->IgnoreParenCasts()->getType()) : nullptr;
        Other |= From && From != R;
      }
      bool VisitBinaryOperator(BinaryOperator *BO) ENGINE_OVERRIDE {
        if (BO->getOpcode() == BO_Assign && namedVar(BO->getLHS()) == V)
          value(BO->getRHS());
        return true;
      }
    } Of;
    if (!V || !In || V->getLocation().isMacroID())
      return false;
    Of.V = V;
    Of.R = R;
    Of.value(V->getInit());
    Of.TraverseStmt(In->getBody());
    return Of.Other;
  }

  void typedCast(const CastExpr *Cast, const RecordDecl *To,
                 const RecordDecl *From) {
    if (To == From || (To != R && From != R))
      return;
    // The macros of the kernel that look at bytes (memset_after) do so too.
    if (isDriversOwn(U, Cast->getBeginLoc()) || !To)
      find("a cast relies on the structure's first member",
           Cast->getBeginLoc());
  }

  const Program &P;
  const AllocFlow &Flow;
  const Unit &U;
  const RecordDecl *R;
};

} // namespace

LayoutReason layoutReason(const Program &P, const AllocFlow &Flow,
                          const Unit &U, const RecordDecl *R) {
  if (R->hasAttr<PackedAttr>() || R->hasAttr<AlignedAttr>())
    return {"the structure is packed or aligned by an attribute",
            R->getLocation()};
  Finder F(P, Flow, U, R);
  for (const FunctionDecl *Fn : U.Model->Functions) {
    F.In = Fn;
    F.TraverseStmt(Fn->getBody());
  }
  F.In = nullptr;
  for (const VarDecl *V : U.Model->Vars)
    if (V->getInit())
      F.TraverseStmt(const_cast<Expr *>(V->getInit()));
  for (const Decl *Top : U.Model->Ctx.getTranslationUnitDecl()->decls())
    if (const auto *Assert = dyn_cast<StaticAssertDecl>(Top))
      F.TraverseStmt(const_cast<Expr *>(Assert->getAssertExpr()));
  return F.Found;
}

} // namespace vfio::rewriter
