//===- PutAtTail.cpp - A return that lacks a put --------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/render/PutAtTail.h"
#include "rewriter/read/Names.h"

using namespace clang;

namespace vfio::rewriter {

/// The name of a plain local `int` of \p F: "ret", and \p Declare where it has
/// none. Empty where the name is taken.
static std::string codeOf(const FunctionDecl *F, bool &Declare) {
  Declare = false;
  bool Taken = false;
  for (const Item &I : itemsOf(F))
    if (const auto *DS = dyn_cast<DeclStmt>(I.S))
      for (const Decl *D : DS->decls())
        if (const auto *V = dyn_cast<VarDecl>(D)) {
          if (V->getType() == F->getASTContext().IntTy && !V->hasInit())
            return V->getNameAsString();
          Taken |= V->getName() == "ret";
        }
  for (const ParmVarDecl *P : F->parameters())
    Taken |= P->getName() == "ret";
  Declare = true;
  return Taken ? std::string() : "ret";
}

/// The vfio_device of the argument \p Arg of a registration.
static std::string vdevOf(const Unit &U, const Expr *Arg, bool Core) {
  std::string Text = U.text(Arg->getSourceRange());
  if (Text.empty() || !Core)
    return Text;
  return llvm::StringRef(Text).starts_with("&") ? Text + ".vdev"
                                                : "&" + Text + "->vdev";
}

bool putAtTail(const Unit &U, const FunctionDecl *F, unsigned Line,
               EditSet &Edits) {
  std::vector<Item> Items = itemsOf(F);
  const auto *Ret =
      Items.empty() ? nullptr : dyn_cast<ReturnStmt>(Items.back().S);
  const auto *Call = Ret && Ret->getRetValue()
                         ? dyn_cast<CallExpr>(strip(Ret->getRetValue()))
                         : nullptr;
  if (!Call || !isRegister(roleOf(*Call)) ||
      U.place(Ret->getBeginLoc()).Line != Line)
    return false;
  FileRange R = U.range(Ret->getSourceRange());
  std::string Put =
      vdevOf(U, Call->getArg(0), roleOf(*Call) == Role::PciRegister);
  std::string Text = U.text(Call->getSourceRange());
  bool Declare = false;
  std::string Code = codeOf(F, Declare);
  const Stmt *Last = nullptr;
  for (const Item &I : Items)
    if (isa<DeclStmt>(I.S))
      Last = I.S;
    else
      break;
  FileRange Decl = Last ? U.range(Last->getSourceRange()) : FileRange();
  if (Put.empty() || Text.empty() || Code.empty() || (Declare && !Decl) ||
      !Edits.addFile(R, U.sources()))
    return false;
  std::string In = Edits.indentAt(R.File, R.Begin);
  if (Declare)
    Edits.insertLinesAfter(Decl.File, Decl.End, In + "int " + Code + ";\n");
  Edits.replace(R, Code + " = " + Text + ";\n" + In + "if (" + Code + ")\n" +
                       In + "\tvfio_put_device(" + Put + ");\n" + In +
                       "return " + Code);
  return true;
}

/// The vfio_device of the structure that \p F allocates, as text, and the
/// variable that holds it; empty where there is not just one.
static std::string allocatedIn(const Unit &U, const FunctionDecl *F,
                               const VarDecl *&X) {
  std::string Out;
  for (const Item &I : itemsOf(F)) {
    const auto *BO = dyn_cast<BinaryOperator>(I.S);
    std::optional<AllocDevice> A =
        BO && BO->getOpcode() == BO_Assign
            ? matchAllocDevice(BO->getRHS(), U.Model->Ctx)
            : std::nullopt;
    if (!A)
      continue;
    X = namedVar(BO->getLHS());
    if (!X || !Out.empty() || A->Path.empty())
      return {};
    Out = "&" + X->getNameAsString() + "->" + spell(A->Path);
  }
  return Out;
}

bool putBeforeReturn(const Unit &U, const FunctionDecl *F, unsigned Line,
                     EditSet &Edits) {
  const VarDecl *X = nullptr;
  std::string Put = allocatedIn(U, F, X);
  const ReturnStmt *Ret = nullptr;
  for (const ReturnStmt *R : namesIn(F->getBody()).Returns)
    if (U.place(R->getBeginLoc()).Line == Line)
      Ret = R;
  bool Declare = false;
  std::string Code = codeOf(F, Declare);
  FileRange R = Ret ? U.range(Ret->getSourceRange()) : FileRange();
  // What says by itself that it failed; anything else may succeed.
  const auto *Error = Ret && Ret->getRetValue()
                          ? dyn_cast<CallExpr>(strip(Ret->getRetValue()))
                          : nullptr;
  if (Put.empty() || !Error || roleOf(*Error) != Role::PtrErr || Code.empty() ||
      Declare || !mentions(Ret, X) || !Edits.addFile(R, U.sources()))
    return false;
  std::string In = Edits.indentAt(R.File, R.Begin);
  std::string Lines =
      Code + " = " + U.text(Ret->getRetValue()->getSourceRange()) + ";\n" + In +
      "vfio_put_device(" + Put + ");\n" + In + "return " + Code;
  Spot S = spotOf(U.Model->Ctx, Ret);
  const auto *If = dyn_cast_or_null<IfStmt>(S.Parent);
  if (S.Kind == Spot::Then && If) {
    FileRange Cond =
        U.range(SourceRange(If->getLParenLoc(), If->getRParenLoc()));
    if (!Cond || If->getElse())
      return false;
    Edits.replace({Cond.File, Cond.End, Cond.End}, " {");
    Edits.insertLinesAfter(R.File, R.End,
                           Edits.indentAt(Cond.File, Cond.Begin) + "}\n");
  } else if (S.Kind != Spot::InBlock) {
    return false;
  }
  Edits.replace(R, Lines);
  return true;
}

} // namespace vfio::rewriter
