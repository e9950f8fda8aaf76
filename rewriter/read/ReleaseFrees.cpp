//===- ReleaseFrees.cpp - Where a release frees the structure -------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/read/ReleaseFrees.h"
#include "lifecycle/ASTVisitor.h"
#include "rewriter/read/Names.h"
#include "rewriter/read/PrivateState.h"
#include "rewriter/read/UseAfter.h"

using namespace clang;

namespace vfio::rewriter {

/// vfio_free_device(), or a free of the structure itself.
bool ReleaseFrees::isFree(const Unit &U, const CallExpr *Call) const {
  return llvm::any_of(U.Model->Sites, [&](const Site &S) {
    const RecordDecl *Rec = S.Device.Record.Record;
    return S.Call == Call &&
           (S.Api->Kind == Role::FreeDevice ||
            (vfio::isFree(S.Api->Kind) && Rec && Rec->getName() == Record));
  });
}

bool ReleaseFrees::isAll(const Unit &U, const FunctionDecl *F) const {
  const auto *Body = cast<CompoundStmt>(F->getBody());
  bool Frees = false;
  for (const Stmt *S : Body->body()) {
    const auto *Call = dyn_cast<CallExpr>(S);
    bool Free = Call && isFree(U, Call);
    Frees |= Free;
    const auto *Decl = dyn_cast<DeclStmt>(S);
    bool Pure = Decl && llvm::all_of(Decl->decls(), [](const clang::Decl *D) {
                  const auto *V = dyn_cast<VarDecl>(D);
                  return V && (!V->hasInit() || isPure(V->getInit()));
                });
    if (!Free && !Pure)
      return false;
  }
  return Frees;
}

/// True where \p F uses the structure behind \p Call.
bool ReleaseFrees::usesAfter(const Unit &U, const FunctionDecl *F,
                             const CallExpr *Call) const {
  ASTContext &Ctx = U.Model->Ctx;
  return goesOnAfter(Ctx, F, Call) &&
         llvm::any_of(namesIn(F->getBody()).Vars, [&](const VarDecl *V) {
           bool MayBeIt = V->getType()->isVoidPointerType() ||
                          findDevicePointee(V->getType(), Ctx);
           return MayBeIt && firstUseAfter(Ctx, F, Call, V);
         });
}

Often ReleaseFrees::often(const Unit &U, const FunctionDecl *F) {
  auto [It, New] = Known.try_emplace(F, Often());
  if (!New)
    return It->second;
  std::vector<const CallExpr *> Ending;
  Often Sum = countOnWays(U.Model->Ctx, F, [&](const CallExpr *Call) {
    Often Here;
    if (isFree(U, Call))
      Here = {1, 1};
    else if (Program::Definition D = P.callee(U, Call))
      Here = often(*D.U, D.F);
    if (!Here.never() && !llvm::is_contained(Ending, Call))
      Ending.push_back(Call);
    return Here;
  });
  for (const CallExpr *Call : Ending) {
    if (isFree(U, Call))
      Frees.push_back({&U, F, Call});
    if (usesAfter(U, F, Call))
      Found.push_back({RefusalId::UnpairedCleanup, U.place(Call->getBeginLoc()),
                       "the release frees the structure and then looks at a "
                       "pointer to it",
                       "free it last, then run again"});
  }
  return Known[F] = Sum;
}

void ReleaseFrees::add(const Unit &U, const FunctionDecl *Release) {
  size_t Before = Frees.size();
  Often Sum = often(U, Release);
  if (!Sum.once() && !Sum.never())
    Found.push_back({RefusalId::UnpairedCleanup,
                     Before < Frees.size()
                         ? U.place(Frees[Before].Call->getBeginLoc())
                         : U.place(Release->getLocation()),
                     "the release frees the structure on some of its ways "
                     "only, and core will free it on all of them",
                     "free it on each way out of the release, then run again"});
}

namespace {
/// The functions that a file names without calling them.
struct Named : ASTVisitor<Named> {
  std::vector<const DeclRefExpr *> Found;
  bool VisitDeclRefExpr(DeclRefExpr *E) ENGINE_OVERRIDE {
    const auto *F = dyn_cast<FunctionDecl>(E->getDecl());
    const ApiFunction *Api =
        F && F->getIdentifier() ? findApi(F->getName()) : nullptr;
    if (Api && Api->Kind == Role::FreeDevice)
      Found.push_back(E);
    return true;
  }
};
} // namespace

namespace {
struct Calls : EvaluatedVisitor<Calls> {
  std::vector<const CallExpr *> Found;
  bool VisitCallExpr(CallExpr *Call) ENGINE_OVERRIDE {
    Found.push_back(Call);
    return true;
  }
};

/// The functions that are named, called or not.
struct NamedAtAll : ASTVisitor<NamedAtAll> {
  std::vector<const FunctionDecl *> Found;
  bool VisitDeclRefExpr(DeclRefExpr *E) ENGINE_OVERRIDE {
    if (const auto *F = dyn_cast<FunctionDecl>(E->getDecl()))
      Found.push_back(F);
    return true;
  }
};
} // namespace

/// The definitions of the callback \p Member of all tables.
static std::vector<Program::Definition> callbacksOf(const Program &P,
                                                    llvm::StringRef Member) {
  std::vector<Program::Definition> Out;
  for (const auto &U : P.Units)
    for (const OpsTable &T : U->Model->Ops->tables())
      if (const FunctionDecl *F = T.callback(Member))
        if (Program::Definition D = P.definition(Program::key(*U, F)))
          Out.push_back(D);
  return Out;
}

/// \p Work, and what \p Below gives for each, and for what that gives.
static std::set<const FunctionDecl *>
closure(std::vector<Program::Definition> Work,
        llvm::function_ref<
            std::vector<Program::Definition>(const Program::Definition &)>
            Below) {
  std::set<const FunctionDecl *> Out;
  while (!Work.empty()) {
    Program::Definition D = Work.back();
    Work.pop_back();
    if (Out.insert(D.F).second)
      llvm::append_range(Work, Below(D));
  }
  return Out;
}

/// The functions that the releases of all tables call.
static std::set<const FunctionDecl *> releasing(const Program &P) {
  return closure(callbacksOf(P, "release"), [&](const Program::Definition &D) {
    std::vector<Program::Definition> Out;
    Calls C;
    C.TraverseStmt(D.F->getBody());
    for (const CallExpr *Call : C.Found)
      if (Program::Definition Callee = P.callee(*D.U, Call))
        Out.push_back(Callee);
    return Out;
  });
}

std::set<const FunctionDecl *> runInCallbacks(const Program &P) {
  std::vector<Program::Definition> Work = callbacksOf(P, "release");
  llvm::append_range(Work, callbacksOf(P, "init"));
  return closure(std::move(Work), [&](const Program::Definition &D) {
    std::vector<Program::Definition> Out;
    NamedAtAll N;
    N.TraverseStmt(D.F->getBody());
    for (const FunctionDecl *F : N.Found)
      if (Program::Definition Named = P.definition(Program::key(*D.U, F)))
        Out.push_back(Named);
    return Out;
  });
}

/// What frees a device and is reached by no release that was looked at.
void ReleaseFrees::checkStrays(std::vector<Refusal> &Out) const {
  auto Refuse = [&](const Unit &U, SourceLocation Loc) {
    Out.push_back({RefusalId::UnpairedCleanup, U.place(Loc),
                   "vfio_free_device() is reached in another way than by a "
                   "call in the release",
                   "call it as the last statement of the release, then run "
                   "again"});
  };
  std::set<const FunctionDecl *> Releasing = releasing(P);
  for (const auto &U : P.Units) {
    for (const Site &S : U->Model->Sites)
      if (S.Api->Kind == Role::FreeDevice && !Releasing.count(S.In) &&
          !findApi(S.In->getName()))
        Refuse(*U, S.Call->getBeginLoc());
    Named N;
    for (const VarDecl *V : U->Model->Vars)
      if (V->getInit() &&
          llvm::none_of(U->Model->Ops->tables(),
                        [&](const OpsTable &T) { return T.Var == V; }))
        N.TraverseStmt(const_cast<Expr *>(V->getInit()));
    for (const DeclRefExpr *E : N.Found)
      Refuse(*U, E->getLocation());
  }
  // A helper of the release that somebody else calls, too.
  for (const Free &F : Frees)
    for (const Program::CallSite &C : P.callsOf(Program::key(*F.U, F.In)))
      if (!Releasing.count(C.In))
        Refuse(*C.U, C.Call->getBeginLoc());
}

std::vector<Refusal> ReleaseFrees::problems() const {
  std::vector<Refusal> Out = Found;
  checkStrays(Out);
  return Out;
}

} // namespace vfio::rewriter
