//===- OldBugs.cpp - What was wrong before the conversion -----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/prove/OldBugs.h"
#include "lifecycle/ASTVisitor.h"
#include "rewriter/Steps.h"
#include "rewriter/prove/RunChecks.h"
#include "rewriter/read/Names.h"
#include "rewriter/read/Statements.h"
#include "rewriter/read/Ways.h"
#include "rewriter/render/PutAtTail.h"
#include "clang/AST/ParentMapContext.h"

using namespace clang;

namespace vfio::rewriter {

/// What tells two findings apart, but for their lines: a conversion moves them.
static std::string essence(const CheckFinding &F) {
  return F.Check + "@" + F.Where.File + ":" +
         (F.In ? F.In->getNameAsString() : "") + ":" + F.Message;
}

bool OldBugs::wasSaid(const CheckFinding &F) const {
  return Said.count(essence(F));
}

bool OldBugs::isOthers(const CheckFinding &F, const OldDriver &D) const {
  return rewriter::isOthers(F, D) && wasSaid(F);
}

/// True where the function of \p F ends prepared structures and others, by a
/// condition of which it is not known what it says of them: it prepares none,
/// and the free of \p F has a branch of its own.
static bool mayBeUnprepared(const OldDriver &D, const CheckFinding &F) {
  auto Has = [&](const std::vector<SiteRef> &Refs) {
    return llvm::any_of(Refs,
                        [&](const SiteRef &R) { return R.S->In == F.In; });
  };
  if (!Has(D.Uninits) || Has(D.Inits))
    return false;
  return llvm::any_of(D.Frees, [&](const SiteRef &R) {
    return R.S->In == F.In &&
           R.U->place(R.S->Call->getBeginLoc()).Line == F.Where.Line &&
           llvm::any_of(itemsOf(F.In), [&](const Item &I) {
             return isa<IfStmt>(I.S) && holds(I.S, R.S->Call) &&
                    llvm::none_of(D.Uninits, [&](const SiteRef &Un) {
                      return holds(I.S, Un.S->Call);
                    });
           });
  });
}

OldBugs findOldBugs(const OldDriver &D, llvm::ArrayRef<const Unit *> Units) {
  OldBugs Out;
  // Kernels before 5.15 had no uninit, and a driver for them lacks none.
  bool Uninits = D.isPci() || !D.Uninits.empty();
  std::set<std::pair<std::string, unsigned>> Seen;
  for (const Unit *U : Units)
    for (const CheckFinding &F : runChecks(*U)) {
      Out.Said.insert(essence(F));
      // The old model itself is no bug.
      if ((F.Check != "vfio-lifecycle" && F.Check != "vfio-mismatched-free") ||
          rewriter::isOthers(F, D) ||
          ((!Uninits || mayBeUnprepared(D, F)) &&
           isOfKind(*U, F, FindingKind::OldFreeWithoutUninit)))
        continue;
      if (!Seen.insert({F.Where.File, F.Where.Line}).second)
        continue;
      Out.Bugs.push_back({"OldBug", F.Where, F.Message, {}});
      if (F.In) {
        Out.Functions.insert(F.In->getNameAsString());
        Out.First.try_emplace(F.In->getNameAsString(), F.Message);
      }
    }
  return Out;
}

std::string OldBugs::inFunction(const std::string &Function) const {
  auto It = First.find(Function);
  return It == First.end() ? std::string() : It->second;
}

/// The error code that the way out at \p L returns, where all that it does
/// before is to free members, which may be NULL, and to put the device.
static const VarDecl *codeOfUndo(const std::vector<Item> &Items,
                                 const LabelDecl *L) {
  bool Put = false, Frees = false;
  for (unsigned I : tailOf(Items, L)) {
    if (const auto *R = dyn_cast<ReturnStmt>(Items[I].S)) {
      const VarDecl *V =
          R->getRetValue() ? namedVar(R->getRetValue()) : nullptr;
      return Put && Frees && V && V->getType()->isIntegerType() ? V : nullptr;
    }
    const auto *Call = dyn_cast<CallExpr>(Items[I].S);
    const ApiFunction *Api = Call ? findApi(*Call) : nullptr;
    if (!Api || Put)
      return nullptr;
    Put = Api->Kind == Role::PutDevice;
    bool Member = Api->Kind == Role::Free &&
                  isa<MemberExpr>(strip(Call->getArg(Api->Subject)));
    if (!Put && !Member)
      return nullptr;
    Frees |= Member;
  }
  return nullptr;
}

namespace {
struct Calls : ASTVisitor<Calls> {
  std::vector<const CallExpr *> Found;
  bool VisitCallExpr(CallExpr *Call) ENGINE_OVERRIDE {
    Found.push_back(Call);
    return true;
  }
};
} // namespace

/// True where \p Call gives memory back, or is to a function of the driver that
/// does, or of which that is not known.
static bool mayGiveBack(const Unit &U, const CallExpr *Call,
                        unsigned Depth = 0) {
  if (const ApiFunction *Api = findApi(*Call))
    return isFree(Api->Kind);
  const FunctionDecl *F = Call->getDirectCallee();
  if (!F)
    return true;
  const FunctionDecl *Body = U.Model->definition(F);
  if (!Body)
    return U.Model->isDriverFile(F->getCanonicalDecl()->getLocation());
  Calls Inner;
  Inner.TraverseStmt(Body->getBody());
  return Depth > 3 || llvm::any_of(Inner.Found, [&](const CallExpr *C) {
           return mayGiveBack(U, C, Depth + 1);
         });
}

/// True where a way to \p Ret may have given back by itself: one that is led to
/// from there would do so again. What shares its block with \p Ret is done for
/// that alone.
static bool undoesItself(const Unit &U, const FunctionDecl *F,
                         const ReturnStmt *Ret) {
  ASTContext &Ctx = U.Model->Ctx;
  Calls All, Beside;
  All.TraverseStmt(F->getBody());
  auto Parents = Ctx.getParents(*static_cast<const Stmt *>(Ret));
  const auto *Block =
      Parents.empty() ? nullptr : Parents[0].get<CompoundStmt>();
  if (Block && Block != F->getBody())
    Beside.TraverseStmt(const_cast<CompoundStmt *>(Block));
  return !Beside.Found.empty() ||
         llvm::any_of(All.Found, [&](const CallExpr *Call) {
           return mayGiveBack(U, Call) && leadsTo(Ctx, F, Call, Ret);
         });
}

/// `return E;` that lacks a put, where the next way out frees what the driver
/// may have by then: it goes there. \p Text is the fix, which adds the put.
static void leaveByUndo(const Unit &U, const CheckFinding &F,
                        const CheckFinding::Replacement &R, EditSet &Edits,
                        std::string &Text) {
  size_t Put = Text.find("vfio_put_device(");
  size_t Semicolon = Text.find(';', Put);
  std::vector<Item> Items = itemsOf(F.In);
  Names Out = namesIn(F.In->getBody());
  for (const ReturnStmt *Ret : Out.Returns) {
    FileRange At = U.range(Ret->getSourceRange());
    const Expr *V = Ret->getRetValue();
    Expr::EvalResult Code;
    if (!At || At.File != R.File || At.Begin < R.Offset)
      continue;
    if (!V || !V->EvaluateAsInt(Code, U.Model->Ctx) ||
        !Code.Val.getInt().isNegative() || Semicolon == std::string::npos ||
        undoesItself(U, F.In, Ret))
      return;
    for (const GotoStmt *G : Out.Gotos) {
      FileRange Jump = U.range(G->getSourceRange());
      if (!Jump || Jump.Begin < At.Begin)
        continue;
      const VarDecl *Var = codeOfUndo(Items, G->getLabel());
      if (!Var)
        return;
      Text.replace(Put, Semicolon + 1 - Put,
                   Var->getNameAsString() + " = " +
                       U.text(V->getSourceRange()) + ";");
      Edits.replace(At, "goto " + G->getLabel()->getNameAsString());
      return;
    }
    return;
  }
}

std::optional<EditSet> mend(const OldDriver &D, const Program &After,
                            const OldBugs &Old, std::vector<Step> &Plan) {
  EditSet Edits;
  std::set<std::string> Seen;
  for (const auto &U : After.Units)
    for (const CheckFinding &F : runChecks(*U)) {
      // What it says of other lives is for the proof to judge.
      if (Old.isOthers(F, D) || F.Check != "vfio-lifecycle")
        continue;
      // What files do together is said of each of them.
      if (!Seen.insert(essence(F) + ":" + std::to_string(F.Where.Line)).second)
        continue;
      if (F.In && F.Fix.empty() &&
          Old.Functions.count(F.In->getNameAsString()) &&
          isOfKind(*U, F, FindingKind::Leak)) {
        if (!putAtTail(*U, F.In, F.Where.Line, Edits)) {
          if (!putBeforeReturn(*U, F.In, F.Where.Line, Edits))
            return std::nullopt;
          continue;
        }
        Plan.push_back(
            makeStep(StepId::PutAtTail, F.Where, {F.In->getNameAsString()}));
        continue;
      }
      // A put that was missing can be added. Whatever else is wrong asks for
      // more thought than a fix-it has.
      bool Adds = !F.Fix.empty() &&
                  llvm::all_of(F.Fix, [](const CheckFinding::Replacement &R) {
                    return R.Length == 0;
                  });
      if (!Adds || !F.In || !Old.Functions.count(F.In->getNameAsString()))
        return std::nullopt;
      for (const CheckFinding::Replacement &R : F.Fix) {
        FileRange At{R.File, R.Offset, R.Offset + R.Length};
        if (!Edits.addFile(At, U->sources()))
          return std::nullopt;
        std::string Text = R.Text;
        leaveByUndo(*U, F, R, Edits, Text);
        Edits.replace(At, Text);
      }
    }
  if (Edits.empty() || Edits.conflict())
    return std::nullopt;
  return Edits;
}

} // namespace vfio::rewriter
