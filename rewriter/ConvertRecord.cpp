//===- ConvertRecord.cpp - The vfio_device moves to the front -------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/ASTVisitor.h"
#include "rewriter/Conversion.h"
#include "clang/AST/Attr.h"

using namespace clang;

namespace vfio::rewriter {

/// True where every use of the untyped parameter \p I of \p F is as a pointer
/// to
/// \p R. One that hands it on, untyped, to yet another function is no danger
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
    bool VisitDeclRefExpr(DeclRefExpr *E) {
      All += E->getDecl() == Param;
      return true;
    }
    bool VisitCastExpr(CastExpr *E) {
      As += isParam(E) && pointeeRecord(E->getType()) == R;
      return true;
    }
    bool VisitCallExpr(CallExpr *Call) {
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

/// True where the driver wrote the `offsetof` of \p E, not a macro of the
/// kernel (container_of, list_entry).
static bool isDriversOffset(const Unit &U, const OffsetOfExpr *E) {
  SourceManager &SM = U.sources();
  auto OutOfArguments = [&](SourceLocation Loc) {
    while (Loc.isMacroID() && SM.isMacroArgExpansion(Loc))
      Loc = SM.getImmediateSpellingLoc(Loc);
    return Loc;
  };
  SourceLocation Loc = OutOfArguments(E->getBeginLoc());
  if (Loc.isMacroID())
    Loc = OutOfArguments(SM.getImmediateExpansionRange(Loc).getBegin());
  return U.Model->isDriverFile(SM.getSpellingLoc(Loc));
}

namespace {

/// Why the order of a structure's members matters, and the place that says so.
struct LayoutReason {
  std::string Why; ///< empty where it does not matter
  SourceLocation Where;
};

} // namespace

static LayoutReason layoutReason(const Unit &U, const RecordDecl *R) {
  if (R->hasAttr<PackedAttr>() || R->hasAttr<AlignedAttr>())
    return {"the structure is packed or aligned by an attribute",
            R->getLocation()};
  struct Finder : ASTVisitor<Finder> {
    const Unit &U;
    const RecordDecl *R;
    LayoutReason Found;
    Finder(const Unit &U, const RecordDecl *R) : U(U), R(R) {}
    bool VisitOffsetOfExpr(OffsetOfExpr *E) {
      const RecordDecl *T =
          E->getTypeSourceInfo()->getType()->getAsRecordDecl();
      if (T && T->getDefinition() == R && isDriversOffset(U, E))
        Found = {"the offset of a member is used", E->getBeginLoc()};
      return true;
    }
    bool VisitCallExpr(CallExpr *Call) {
      const FunctionDecl *F = Call->getDirectCallee(), *Body = nullptr;
      for (unsigned I = 0; F && I < Call->getNumArgs(); ++I) {
        const Expr *Arg = Call->getArg(I)->IgnoreParenCasts();
        if (I >= F->getNumParams() || pointeeRecord(Arg->getType()) != R)
          continue;
        QualType To = F->getParamDecl(I)->getType();
        bool Untyped = To->isVoidPointerType();
        if (To->isPointerType() &&
            (Untyped ? F->hasBody(Body) &&
                           U.Model->isDriverFile(Body->getLocation()) &&
                           !isUsedAs(Body, I, R)
                     : pointeeRecord(To) != R))
          Found = {"the structure is passed as its first member",
                   Arg->getExprLoc()};
      }
      return true;
    }
    bool VisitInitListExpr(InitListExpr *List) {
      const InitListExpr *S =
          List->isSyntacticForm() ? List : List->getSyntacticForm();
      const RecordDecl *T = List->getType()->getAsRecordDecl();
      if (!S || !T || T->getDefinition() != R)
        return true;
      for (const Expr *E : S->inits())
        if (!isa<DesignatedInitExpr>(E) && S->getNumInits() > 1)
          Found = {"an object of the structure is initialised by position",
                   E->getBeginLoc()};
      return true;
    }
    bool VisitCStyleCastExpr(CStyleCastExpr *Cast) {
      // A cast between the structure and its first member.
      QualType Type = Cast->getType(), Sub = Cast->getSubExpr()->getType();
      if (!Type->isPointerType() || !Sub->isPointerType() ||
          Type->isVoidPointerType() || Sub->isVoidPointerType())
        return true;
      const RecordDecl *To = pointeeRecord(Type), *From = pointeeRecord(Sub);
      if (To != From && (To == R || From == R) &&
          !Cast->getBeginLoc().isMacroID())
        Found = {"a cast relies on the structure's first member",
                 Cast->getBeginLoc()};
      return true;
    }
  } F(U, R);
  for (const FunctionDecl *Fn : U.Model->Functions)
    F.TraverseStmt(Fn->getBody());
  for (const VarDecl *V : U.Model->Vars)
    if (V->getInit())
      F.TraverseStmt(const_cast<Expr *>(V->getInit()));
  for (const Decl *Top : U.Model->Ctx.getTranslationUnitDecl()->decls())
    if (const auto *Assert = dyn_cast<StaticAssertDecl>(Top))
      F.TraverseStmt(const_cast<Expr *>(Assert->getAssertExpr()));
  return F.Found;
}

void Conversion::moveMemberFirst(const Unit &U, const DeviceRecord &Rec) {
  // Each record on the way must have the next one first.
  for (const FieldDecl *Field : Rec.Path) {
    const RecordDecl *R = Field->getParent();
    if (U.Model->Ctx.getFieldOffset(Field) == 0)
      continue;
    if (R->isUnion() || !R->getIdentifier() ||
        !U.Model->isDriverFile(R->getLocation())) {
      refuse("not-first-member", U, Field->getLocation(),
             "the vfio_device cannot be moved to the front of its structure",
             "make it the first member by hand");
      return;
    }
    for (const auto &Unit : P.Units)
      for (const DeviceRecord &Other : Unit->Model->Records) {
        if (Program::key(*Unit, Other.Record) != Program::key(U, R))
          continue;
        if (LayoutReason Found = layoutReason(*Unit, Other.Record);
            !Found.Why.empty()) {
          refuse("layout-sensitive", *Unit, Found.Where, Found.Why,
                 "make the vfio_device the first member by hand");
          return;
        }
      }
    const FieldDecl *First = *R->field_begin();
    FileRange From = U.range(Field->getSourceRange());
    FileRange Front = U.range(First->getSourceRange());
    if (!edit(U, From, Field->getLocation()) ||
        !edit(U, Front, First->getLocation()))
      return;
    // A declaration of several members in one statement is left to a person.
    llvm::StringRef Text = Edits.original(From.File);
    unsigned Begin = Edits.lineStart(From.File, From.Begin);
    unsigned End = Edits.lineEnd(From.File, From.End);
    llvm::StringRef Line = Text.slice(Begin, End);
    if (Line.count(';') != 1 || Line.contains(',') ||
        !Text.slice(Begin, From.Begin).trim(" \t").empty()) {
      refuse("not-first-member", U, Field->getLocation(),
             "the vfio_device shares its declaration with other members",
             "make it the first member by hand");
      return;
    }
    // A comment above the first member belongs to that member.
    unsigned Before = Edits.startWithComment(From.File, Front.Begin);
    ForBoth.addFile(From.File, Text);
    for (EditSet *Set : {&Edits, &ForBoth}) {
      Set->removeLines(From.File, Begin, End);
      Set->insertLinesBefore(From.File, Before, Line);
    }
    step("MoveMemberFirst", U, Field->getLocation(),
         "make " + Field->getNameAsString() + " the first member of struct " +
             R->getNameAsString(),
         "vfio_alloc_device requires it, and nothing here depends on the "
         "order of the members");
  }
}

} // namespace vfio::rewriter
