//===- StructureWrites.cpp - What writes over a whole device structure ----===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// In the old model the structure is the driver's alone before the init and
// after the uninit: it may be filled from a template, or poisoned. In the new
// one the vfio_device in it is core's from the allocation to the last put, so
// that the same statement would wipe a live device.
//
//===----------------------------------------------------------------------===//

#include "lifecycle/LoneStatements.h"
#include "rewriter/Conversion.h"
#include "rewriter/read/Tokens.h"

using namespace clang;

namespace vfio::rewriter {

namespace {
/// The assignments of a function.
struct AssignmentList : ASTVisitor<AssignmentList> {
  std::vector<const BinaryOperator *> All;
  bool VisitBinaryOperator(BinaryOperator *BO) ENGINE_OVERRIDE {
    if (BO->getOpcode() == BO_Assign)
      All.push_back(BO);
    return true;
  }
};

/// The expression in \p S that \p Text spells; null where there is none.
struct BySpelling : ASTVisitor<BySpelling> {
  const Unit &U;
  llvm::StringRef Text;
  const Expr *Found = nullptr;
  BySpelling(const Unit &U, llvm::StringRef Text) : U(U), Text(Text) {}
  bool VisitExpr(Expr *E) ENGINE_OVERRIDE {
    if (!Found && isa<DeclRefExpr, MemberExpr, UnaryOperator>(E) &&
        E->getType()->isPointerType()) {
      // In a macro's expansion the argument is known by its spelling.
      SourceManager &SM = U.sources();
      SourceRange R = E->getSourceRange();
      SourceRange Spelled(SM.getSpellingLoc(R.getBegin()),
                          SM.getSpellingLoc(R.getEnd()));
      if (U.text(Spelled) == Text)
        Found = E;
    }
    return !Found;
  }
};
} // namespace

/// The first argument in the text of a call, without casts in front of it.
static llvm::StringRef firstArgument(llvm::StringRef Args) {
  unsigned Depth = 0;
  size_t End = 0;
  for (; End < Args.size(); ++End) {
    if (Args[End] == '(')
      ++Depth;
    else if (!Depth && (Args[End] == ',' || Args[End] == ')'))
      break;
    else if (Args[End] == ')')
      --Depth;
  }
  llvm::StringRef Arg = Args.substr(0, End).trim();
  while (Arg.starts_with("(")) {
    size_t Close = Arg.find(')');
    if (Close == llvm::StringRef::npos || Close + 1 == Arg.size())
      break;
    Arg = Arg.substr(Close + 1).ltrim();
  }
  return Arg;
}

bool Conversion::holdsDevice(const RecordDecl *R, const Unit &U) const {
  if (!R || !R->getDefinition())
    return false;
  if (isVfioDevice(R) || isPciCoreDevice(R))
    return true;
  return Program::key(U, R->getDefinition()) == D.RecordKey;
}

/// True where \p E can be one of the structures that become a device.
bool Conversion::mayBeDevice(const Unit &U, const FunctionDecl *In,
                             const Expr *E) const {
  std::set<unsigned> From = Flow.pointsTo(U, In, E);
  return From.empty() ||
         llvm::any_of(From, [&](unsigned A) { return D.Allocs.count(A); });
}

void Conversion::checkStructureWrite(const Unit &U, const FunctionDecl *In,
                                     const Stmt *S) {
  FileRange Range = U.range(S->getSourceRange());
  std::string Own = Range ? textOf(Range, U.sources()) : std::string();
  // Each is a macro in one kernel and a function in the other: what the driver
  // wrote tells which it is.
  static constexpr llvm::StringLiteral Writers[] = {
      "memset", "memcpy", "memmove", "memzero_explicit", "memcpy_fromio"};
  static constexpr llvm::StringLiteral Frees[] = {"kfree_rcu", "kvfree_rcu"};
  Tokens Words = tokensOf(Own);
  if (Words.size() < 2 || Words[1] != "(")
    return;
  bool IsFree = llvm::is_contained(Frees, Words[0]);
  if (!IsFree && !llvm::is_contained(Writers, Words[0]))
    return;
  llvm::StringRef Name = Words[0];
  llvm::StringRef Arg = firstArgument(llvm::StringRef(Own).split('(').second);
  BySpelling Find(U, Arg);
  Find.TraverseStmt(const_cast<Stmt *>(S));
  if (!Find.Found || !holdsDevice(pointeeRecord(Find.Found->getType()), U) ||
      !mayBeDevice(U, In, Find.Found))
    return;
  if (IsFree) {
    refuse(RefusalId::UnpairedCleanup, U, S->getBeginLoc(),
           "the structure is freed by " + Name +
               "() when its readers are done, and the last put frees it at "
               "once",
           "end the readers (synchronize_rcu) before the structure is freed "
           "by kfree()");
    return;
  }
  if (isRemoved(Range))
    return;
  refuse(RefusalId::StructureOverwritten, U, S->getBeginLoc(),
         Name + "() writes over the whole structure, and the vfio_device in "
                "it is core's until the last put",
         "write the members that are the driver's own one by one");
}

/// True where the edits remove all of \p R.
bool Conversion::isRemoved(const FileRange &R) const {
  if (!Edits.knows(R.File))
    return false;
  return llvm::any_of(Edits.ranges(R.File), [&](const FileRange &E) {
    return E.Begin <= R.Begin && R.End <= E.End;
  });
}

void Conversion::checkStructureWrites() {
  for (const Unit *U : D.Units)
    for (const FunctionDecl *F : U->Model->Functions) {
      LoneStatements Lone;
      Lone.TraverseStmt(F->getBody());
      for (const Stmt *S : Lone.All)
        checkStructureWrite(*U, F, S);
      AssignmentList Assignments;
      Assignments.TraverseStmt(F->getBody());
      for (const BinaryOperator *BO : Assignments.All) {
        const auto *Deref =
            dyn_cast<UnaryOperator>(BO->getLHS()->IgnoreParenImpCasts());
        const RecordDecl *R = BO->getLHS()->getType()->getAsRecordDecl();
        if (Deref && Deref->getOpcode() == UO_Deref && holdsDevice(R, *U) &&
            mayBeDevice(*U, F, Deref->getSubExpr()))
          refuse(RefusalId::StructureOverwritten, *U, BO->getBeginLoc(),
                 "the assignment writes over the whole structure, and the "
                 "vfio_device in it is core's until the last put",
                 "write the members that are the driver's own one by one");
        else if (holdsDevice(R, *U))
          refuse(RefusalId::LayoutSensitive, *U, BO->getBeginLoc(),
                 "the vfio_device is copied here, with the references that "
                 "core counts in it",
                 "copy the members that are the driver's own one by one");
      }
    }
}

} // namespace vfio::rewriter
