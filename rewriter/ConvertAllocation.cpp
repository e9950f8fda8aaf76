//===- ConvertAllocation.cpp - kzalloc and init become vfio_alloc_device --===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "contracts/Heaps.h"
#include "lifecycle/ASTVisitor.h"
#include "rewriter/Conversion.h"
#include "rewriter/read/Names.h"
#include "rewriter/read/Tokens.h"
#include "clang/AST/ParentMapContext.h"

using namespace clang;

namespace vfio::rewriter {

void Conversion::checkRecord() {
  if (D.Allocs.empty())
    return;
  const AllocSite &A = Flow.allocs()[*D.Allocs.begin()];
  const RecordDecl *R = A.Record.Record;
  SourceLocation Loc = A.Call->getBeginLoc();
  if (!R->getIdentifier() || !R->isStruct()) {
    refuse(RefusalId::UnnamedStructure, *A.U, Loc,
           "the device structure has no struct tag, which vfio_alloc_device "
           "needs",
           "give the structure a tag");
    return;
  }
  if (A.Record.Several) {
    refuse(RefusalId::SeveralInstances, *A.U, R->getLocation(),
           "the structure embeds more than one vfio_device, and one allocation "
           "can only carry one life cycle",
           "allocate each vfio_device in a structure of its own");
    return;
  }
  if (A.Record.Offset != 0)
    moveMemberFirst(*A.U, A.Record);
}

/// True where each caller of the function of \p A gives the size of the
/// structure for its parameter \p Size.
bool Conversion::isGivenSize(const AllocSite &A, const Expr *Size) {
  const auto *Param = dyn_cast_or_null<ParmVarDecl>(namedVar(Size));
  std::vector<Program::CallSite> Calls = P.callsOf(Program::key(*A.U, A.In));
  if (!Param || Calls.empty() || namesIn(A.In->getBody()).Written.count(Param))
    return false;
  unsigned I = Param->getFunctionScopeIndex();
  bool All = llvm::all_of(Calls, [&](const Program::CallSite &C) {
    return I < C.Call->getNumArgs() &&
           isa<UnaryExprOrTypeTraitExpr>(strip(C.Call->getArg(I))) &&
           recordOfSize(C.Call->getArg(I)) &&
           Program::key(*C.U, recordOfSize(C.Call->getArg(I))) == A.RecordKey;
  });
  if (All)
    Remarks.push_back("the parameter '" + Param->getNameAsString() + "' of " +
                      A.In->getNameAsString() +
                      "(), which was the size of the structure, has no use "
                      "any more");
  return All;
}

bool Conversion::checkAllocator(const AllocSite &A) {
  SourceLocation Loc = A.Call->getBeginLoc();
  llvm::StringRef Name = A.Api->Name;
  if (heapOf(Name).Of == Heap::Cache) {
    refuse(RefusalId::SlabCache, *A.U, Loc,
           "the structure comes from a slab cache of the driver's own",
           "allocate it by kzalloc and drop the cache first");
    return false;
  }
  if (heapOf(Name).Copies) {
    refuse(RefusalId::StructureOverwritten, *A.U, Loc,
           "the structure is a copy of another one, with the vfio_device of "
           "that",
           "allocate it by kzalloc and copy the members that are the driver's "
           "own");
    return false;
  }
  int Size = A.Api->Size;
  const Expr *SizeArg = Size >= 0 && Size < int(A.Call->getNumArgs())
                            ? strip(A.Call->getArg(Size))
                            : nullptr;
  bool Exact = SizeArg && isa<UnaryExprOrTypeTraitExpr>(SizeArg) &&
               recordOfSize(SizeArg);
  // kcalloc(1, size): one of it.
  if (Exact && heapOf(Name).Array) {
    Expr::EvalResult N;
    Exact = Size > 0 &&
            A.Call->getArg(Size - 1)->EvaluateAsInt(N, A.U->Model->Ctx) &&
            N.Val.getInt() == 1;
  }
  if (!Exact && !(SizeArg && !heapOf(Name).Array && isGivenSize(A, SizeArg))) {
    refuse(RefusalId::VariableSize, *A.U, Loc,
           "the allocation asks for another size than the structure's own, and "
           "vfio_alloc_device gives exactly that",
           "keep what is behind the structure in an allocation of its own");
    return false;
  }
  return true;
}

void Conversion::removeMemset(const AllocSite &A, llvm::StringRef X) {
  // memset is a macro with a body of its own in many configurations, so that
  // the statement is known by what the driver wrote.
  struct Finder : ASTVisitor<Finder> {
    std::vector<const Stmt *> Found;
    bool VisitCompoundStmt(CompoundStmt *Block) ENGINE_OVERRIDE {
      for (const Stmt *S : Block->body())
        Found.push_back(S);
      return true;
    }
  } F;
  F.TraverseStmt(A.In->getBody());
  for (const Stmt *S : F.Found) {
    FileRange R = A.U->range(S->getSourceRange());
    Tokens Words = tokensOf(R ? textOf(R, A.U->sources()) : std::string());
    if (!startsWith(Words, ("memset(" + X + ", 0,").str()) &&
        !startsWith(Words, ("memset(" + X + ", 0x00,").str()))
      continue;
    if (!edit(*A.U, R, S->getBeginLoc()))
      return;
    Edits.removeStatement(R);
    step(StepId::RemoveMemset, *A.U, S->getBeginLoc());
  }
}

/// What allocates \p A: the macro needs a member, and a bare vfio_device has
/// none.
const char *Conversion::allocatorOf(const AllocSite &A) {
  return A.Record.Path.empty() ? "_vfio_alloc_device" : "vfio_alloc_device";
}

/// The call that allocates \p X, of which the text begins at \p Column.
std::string Conversion::allocationText(const AllocSite &A, const std::string &X,
                                       const Arguments &Args, unsigned Column) {
  std::string Member = spell(A.Record.Path), New;
  std::string Open = std::string(allocatorOf(A)) + "(";
  if (Member.empty())
    New = wrapCall(Open, {"sizeof(*" + X + ")", Args.Device, Args.Ops}, ");",
                   Column);
  else
    New = wrapCall(
        Open,
        {A.Record.Record->getNameAsString(), Member, Args.Device, Args.Ops},
        ");", Column);
  New.pop_back(); // the old statement's semicolon stays
  return New;
}

/// The variable that \p A is kept in as text, which a failed allocation leaves
/// an error pointer in where NULL was: only of a local one it is sure that
/// nobody else sees that. Empty, and refused, for any other.
std::string Conversion::keptIn(const AllocSite &A, const Expr *LHS,
                               const VarDecl *Declared) {
  SourceLocation Loc = A.Call->getBeginLoc();
  std::string X = LHS        ? A.U->text(LHS->getSourceRange())
                  : Declared ? Declared->getNameAsString()
                             : "";
  if (X.empty()) {
    refuse(RefusalId::EscapingPointer, *A.U, Loc,
           "the result of the allocation is not kept in a variable here",
           "keep it in a local variable first");
    return {};
  }
  const auto *Local =
      LHS ? dyn_cast<DeclRefExpr>(LHS->IgnoreParens()) : nullptr;
  const auto *Var = Local ? dyn_cast<VarDecl>(Local->getDecl()) : Declared;
  if (Var && Var->hasLocalStorage())
    return X;
  if (A.Record.Path.empty())
    refuse(RefusalId::PointerNotEmbedded, *A.U, Loc,
           "the driver keeps a pointer to the vfio_device in " + X,
           "embed struct vfio_device in the driver's own structure");
  else
    refuse(RefusalId::EscapingPointer, *A.U, Loc,
           "the allocation is kept in " + X +
               ", which other code may test against NULL",
           "allocate into a local variable, and store it when that "
           "succeeded");
  return {};
}

/// Puts the new call where the old one, \p Outermost, was.
bool Conversion::replaceAllocation(const AllocSite &A, const Expr *Outermost,
                                   const std::string &X,
                                   const Arguments &Args) {
  SourceLocation Loc = A.Call->getBeginLoc();
  FileRange R = callRange(*A.U, Outermost);
  if (!edit(*A.U, R, Loc))
    return false;
  Spot S = spotOf(A.U->Model->Ctx, A.Call);
  const auto *Test = dyn_cast_or_null<IfStmt>(S.S);
  if (!Test) {
    Edits.replace(R, allocationText(A, X, Args, columnOf(R)));
    return true;
  }
  // `if (!(x = kzalloc()))`: the allocation gets a line of its own.
  FileRange Start = A.U->range(SourceRange(Test->getIfLoc()));
  if ((S.Kind != Spot::InBlock && S.Kind != Spot::Labelled) ||
      !edit(*A.U, Start, Loc)) {
    refuse(RefusalId::CallInExpression, *A.U, Loc,
           "the allocation stands inside of its own test",
           "give the allocation a statement of its own");
    return false;
  }
  std::string Before = Edits.indentAt(Start.File, Start.Begin) + X + " = ";
  Edits.insertLinesBefore(
      Start.File, Start.Begin,
      Before + allocationText(A, X, Args, columnAfter(Before)) + ";\n");
  return true;
}

/// The arguments of \p Inits, for the allocation; refused where they are not
/// written out.
std::optional<Conversion::Arguments>
Conversion::writtenArguments(const AllocSite &A,
                             const std::vector<SiteRef> &Inits) {
  std::optional<Arguments> Args = argumentsFor(A, Inits);
  if (!Args || !(Args->Device.empty() || Args->Ops.empty()))
    return Args;
  refuse(RefusalId::CallInMacro, *A.U, A.Call->getBeginLoc(),
         "the arguments of the init come from a macro",
         "write the macro out, then run vfio-migrate again");
  return std::nullopt;
}

void Conversion::convertAllocation(unsigned Index) {
  const AllocSite &A = Flow.allocs()[Index];
  bool Half = A.Api->Kind == Role::AllocDevice;
  if (!Half && !checkAllocator(A))
    return;
  std::vector<SiteRef> Inits;
  for (const SiteRef &I : D.Inits)
    if (I.From.count(Index))
      Inits.push_back(I);
  if (Inits.empty() && !(Half && D.Inits.empty()))
    return;
  ASTContext &Ctx = A.U->Model->Ctx;
  const VarDecl *Declared = nullptr;
  const Expr *Outermost = nullptr;
  const Expr *LHS = resultOf(Ctx, A.Call, Declared, Outermost);
  SourceLocation Loc = A.Call->getBeginLoc();
  const VarDecl *Named = LHS ? namedVar(LHS) : Declared;
  if (!Half && LHS && !A.Record.Path.empty() &&
      !(Named && Named->hasLocalStorage()) && keepWhenThere(A, LHS, Inits))
    return;
  if (!Half && !LHS && !Declared && convertReturned(A, Inits))
    return;
  std::string X = keptIn(A, LHS, Declared);
  if (X.empty())
    return;
  QualType Kept = LHS ? LHS->getType() : Declared->getType();
  const RecordDecl *Held = pointeeRecord(Kept);
  if (Held && Held->getCanonicalDecl() != A.Record.Record->getCanonicalDecl()) {
    refuse(RefusalId::MixedAllocation, *A.U, Loc,
           "what is allocated is a 'struct " +
               A.Record.Record->getNameAsString() +
               "', and is kept in a pointer to a 'struct " +
               Held->getNameAsString() + "'",
           "keep it in a pointer of the type that is allocated, then run "
           "again");
    return;
  }
  if (Half)
    return finishHalf(A, Inits, Outermost, spotOf(Ctx, A.Call).S, X);
  std::optional<Arguments> Args = writtenArguments(A, Inits);
  if (!Args || !replaceAllocation(A, Outermost, X, *Args))
    return;
  step(StepId::ReplaceAllocation, *A.U, Loc, {X, allocatorOf(A)});
  removeMemset(A, X);
  convertNullCheck(A, spotOf(Ctx, A.Call).S, A.Call, X);
}

} // namespace vfio::rewriter
