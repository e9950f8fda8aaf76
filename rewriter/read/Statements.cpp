//===- Statements.cpp - Where a call stands in its function ---------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/read/Statements.h"
#include "lifecycle/ASTVisitor.h"
#include "lifecycle/Idioms.h"
#include "clang/AST/Decl.h"
#include "clang/AST/Expr.h"
#include "clang/AST/ParentMapContext.h"

using namespace clang;

namespace vfio::rewriter {

static const Stmt *parentOf(ASTContext &Ctx, const Stmt *S) {
  auto Parents = Ctx.getParents(*S);
  if (Parents.empty())
    return nullptr;
  if (const auto *P = Parents[0].get<Stmt>())
    return P;
  // A variable with an initialiser: the statement is its declaration.
  if (const auto *Var = Parents[0].get<VarDecl>()) {
    auto Up = Ctx.getParents(*Var);
    return Up.empty() ? nullptr : Up[0].get<Stmt>();
  }
  return nullptr;
}

/// True where \p S is all that the loop \p Loop does.
static bool isBodyOf(const Stmt *Loop, const Stmt *S) {
  if (const auto *While = dyn_cast<WhileStmt>(Loop))
    return While->getBody() == S;
  if (const auto *Do = dyn_cast<DoStmt>(Loop))
    return Do->getBody() == S;
  const auto *For = dyn_cast<ForStmt>(Loop);
  return For && For->getBody() == S;
}

Spot spotOf(ASTContext &Ctx, const Stmt *E) {
  Spot Out;
  Out.Whole = true;
  const Stmt *At = E;
  while (const Stmt *Up = parentOf(Ctx, At)) {
    Out.S = At;
    Out.Parent = Up;
    if (isa<CompoundStmt>(Up)) {
      // A statement expression of a macro is inside of an expression still.
      const Stmt *Above = parentOf(Ctx, Up);
      if (!Above || !isa<StmtExpr>(Above)) {
        Out.Kind = Spot::InBlock;
        return Out;
      }
    }
    const auto *Case = dyn_cast<SwitchCase>(Up);
    if (isa<LabelStmt>(Up) || (Case && Case->getSubStmt() == At)) {
      Out.Kind = Spot::Labelled;
      return Out;
    }
    if (const auto *If = dyn_cast<IfStmt>(Up)) {
      if (If->getThen() == At || If->getElse() == At) {
        Out.Kind = If->getThen() == At ? Spot::Then : Spot::Else;
        return Out;
      }
    }
    if (isBodyOf(Up, At)) {
      Out.Kind = Spot::Body;
      return Out;
    }
    if (!isa<CastExpr, ParenExpr, FullExpr>(Up))
      Out.Whole = false;
    At = Up;
  }
  return {};
}

std::optional<llvm::StringRef> standIn(ASTContext &Ctx, const Spot &S) {
  const Stmt *Label = S.Kind == Spot::Labelled ? S.Parent : nullptr;
  const Stmt *Up = nullptr;
  while (Label) {
    auto Parents = Ctx.getParents(*Label);
    Up = Parents.empty() ? nullptr : Parents[0].get<Stmt>();
    if (!isa_and_nonnull<LabelStmt, SwitchCase>(Up))
      break;
    Label = Up;
  }
  const auto *Block = dyn_cast_or_null<CompoundStmt>(Up);
  if (!Block || Block->body_empty() || Block->body_back() != Label)
    return std::nullopt;
  auto Around = Ctx.getParents(*Up);
  bool Switch = !Around.empty() && Around[0].get<SwitchStmt>();
  return llvm::StringRef(Switch && isa<SwitchCase>(S.Parent) ? "break" : "");
}

const Expr *resultOf(ASTContext &Ctx, const CallExpr *Call,
                     const VarDecl *&Declared, const Expr *&Outermost) {
  DynTypedNode Node = DynTypedNode::create(*static_cast<const Stmt *>(Call));
  Outermost = Call;
  while (true) {
    auto Parents = Ctx.getParents(Node);
    if (Parents.empty())
      return nullptr;
    Node = Parents[0];
    if (const auto *Var = Node.get<VarDecl>()) {
      // The macro's own temporary is not the driver's variable.
      if (!Ctx.getSourceManager().isMacroBodyExpansion(Var->getLocation())) {
        Declared = Var;
        return nullptr;
      }
      auto Up = Ctx.getParents(*Var);
      if (Up.empty())
        return nullptr;
      Node = Up[0];
      continue;
    }
    const auto *S = Node.get<Stmt>();
    if (const auto *BO = dyn_cast_or_null<BinaryOperator>(S)) {
      if (BO->getOpcode() != BO_Assign)
        return nullptr;
      if (!Ctx.getSourceManager().isMacroBodyExpansion(BO->getOperatorLoc()))
        return BO->getLHS();
    }
    if (!S || isa<ReturnStmt, IfStmt>(S))
      return nullptr;
    if (const auto *Cast = dyn_cast<CStyleCastExpr>(S))
      if (Cast->getBeginLoc().isFileID())
        Outermost = Cast;
  }
}

const VarDecl *structureOf(const Expr *E) {
  const Expr *S = strip(E);
  if (const auto *UO = dyn_cast<UnaryOperator>(S);
      UO && UO->getOpcode() == UO_AddrOf)
    S = UO->getSubExpr()->IgnoreParenImpCasts();
  while (const auto *ME = dyn_cast<MemberExpr>(S))
    S = ME->getBase()->IgnoreParenImpCasts();
  return namedVar(S);
}

std::vector<Item> itemsOf(const FunctionDecl *F) {
  std::vector<Item> Items;
  const auto *Body = dyn_cast_or_null<CompoundStmt>(F->getBody());
  if (!Body)
    return Items;
  for (const Stmt *S : Body->body()) {
    Item I{S, {}};
    while (const auto *L = dyn_cast<LabelStmt>(I.S)) {
      I.Labels.push_back(L);
      I.S = L->getSubStmt();
    }
    Items.push_back(std::move(I));
  }
  return Items;
}

std::vector<unsigned> tailOf(const std::vector<Item> &Items,
                             const LabelDecl *L) {
  std::vector<unsigned> Tail;
  bool On = false;
  for (unsigned I = 0; I < Items.size(); ++I) {
    for (const LabelStmt *LS : Items[I].Labels)
      On |= LS->getDecl() == L;
    if (!On)
      continue;
    Tail.push_back(I);
    if (isa<ReturnStmt, GotoStmt>(Items[I].S))
      break;
  }
  return Tail;
}

bool hasExit(const Stmt *S) {
  struct Finder : ASTVisitor<Finder> {
    bool Found = false;
    bool VisitReturnStmt(ReturnStmt *) ENGINE_OVERRIDE {
      return !(Found = true);
    }
    bool VisitGotoStmt(GotoStmt *) ENGINE_OVERRIDE { return !(Found = true); }
  } F;
  F.TraverseStmt(const_cast<Stmt *>(S));
  return F.Found;
}

bool holds(const Stmt *Outer, const Stmt *Inner) {
  if (Outer == Inner)
    return true;
  for (const Stmt *Child : Outer->children())
    if (Child && holds(Child, Inner))
      return true;
  return false;
}

bool mentions(const Stmt *S, const ValueDecl *V) {
  struct Finder : ASTVisitor<Finder> {
    const ValueDecl *V;
    bool Found = false;
    bool VisitDeclRefExpr(DeclRefExpr *E) ENGINE_OVERRIDE {
      Found |= E->getDecl() == V;
      return !Found;
    }
  } F;
  F.V = V;
  F.TraverseStmt(const_cast<Stmt *>(S));
  return F.Found;
}

unsigned columnAfter(llvm::StringRef Text, unsigned Start) {
  unsigned Column = Start;
  for (char C : Text)
    Column = C == '\t' ? (Column / 8 + 1) * 8 : C == '\n' ? 0 : Column + 1;
  return Column;
}

std::string indentTo(unsigned Column) {
  return std::string(Column / 8, '\t') + std::string(Column % 8, ' ');
}

std::string wrapCall(llvm::StringRef Head, llvm::ArrayRef<std::string> Args,
                     llvm::StringRef Tail, unsigned Start) {
  std::string Out = Head.str();
  unsigned Open = columnAfter(Head, Start);
  unsigned Column = Open;
  for (size_t I = 0; I < Args.size(); ++I) {
    std::string Piece = Args[I] + (I + 1 < Args.size() ? "," : Tail.str());
    bool First = I == 0;
    unsigned Need = Piece.size() + (First ? 0 : 1);
    if (!First && Column + Need > 80) {
      Out += "\n" + indentTo(Open);
      Column = Open;
      First = true;
      Need = Piece.size();
    }
    Out += (First ? "" : " ") + Piece;
    Column += Need;
  }
  return Out;
}

} // namespace vfio::rewriter
