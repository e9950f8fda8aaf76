//===- Verdict.cpp - Whether a file with errors can be judged -----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-tidy/Verdict.h"
#include "lifecycle/ASTVisitor.h"
#include "lifecycle/TUModel.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace clang;

namespace vfio::tidy {

namespace {
/// Looks for functions of the life cycle in what is left of a function.
class LifecycleFinder : public ASTVisitor<LifecycleFinder> {
public:
  std::vector<const ApiFunction *> Found;
  bool VisitDeclRefExpr(DeclRefExpr *Ref) ENGINE_OVERRIDE {
    if (const IdentifierInfo *Name = Ref->getDecl()->getIdentifier())
      if (const ApiFunction *Api = findApi(Name->getName());
          Api && Api->Kind < Role::Allocate)
        Found.push_back(Api);
    return true;
  }
};
} // namespace

static std::vector<const ApiFunction *> lifecycleIn(const FunctionDecl *F) {
  LifecycleFinder Finder;
  Finder.TraverseStmt(F->getBody());
  return std::move(Finder.Found);
}

/// The function that shows that the driver is of before 5.13, also where what
/// calls it has errors; null where it is not.
static const ApiFunction *tooOld(const TUModel &Model) {
  std::vector<const ApiFunction *> All;
  for (const Site &S : Model.Sites)
    All.push_back(S.Api);
  for (const FunctionDecl *F : Model.Damaged)
    llvm::append_range(All, lifecycleIn(F));
  const ApiFunction *Old = nullptr;
  for (const ApiFunction *Api : All) {
    if (isOldInit(Api->Kind) || Api->Kind == Role::AllocDevice ||
        Api->Kind == Role::InitDevice)
      return nullptr;
    if (!Old &&
        (Api->Kind == Role::AddGroupDev || Api->Kind == Role::AddParent))
      Old = Api;
  }
  return Old;
}

/// The first error in \p D; the first of all where none is.
static const std::string &errorIn(const Decl *D, const ParseErrors &Errors,
                                  const SourceManager &SM) {
  SourceLocation Begin = SM.getExpansionLoc(D->getBeginLoc());
  SourceLocation End = SM.getExpansionLoc(D->getEndLoc());
  for (const ParseError &E : Errors.All) {
    SourceLocation Where = SM.getExpansionLoc(E.Where);
    if (Where.isValid() && !SM.isBeforeInTranslationUnit(Where, Begin) &&
        !SM.isBeforeInTranslationUnit(End, Where))
      return E.Text;
  }
  return Errors.All.front().Text;
}

/// "; 'linux/a.h' was not found", for what may be missing because of that.
static std::string missingHeaders(const ParseErrors &Errors) {
  std::string Out;
  for (const std::string &Header : Errors.MissingHeaders)
    Out += (Out.empty() ? "; '" : ", '") + Header + "'";
  if (!Out.empty())
    Out += Errors.MissingHeaders.size() == 1 ? " was not found"
                                             : " were not found";
  Out += Errors.Advice;
  return Out;
}

/// True where the text that \p Context is made of names a function of before
/// 5.13 at all.
static bool mayBeTooOld(ASTContext &Context) {
  return llvm::any_of(
      llvm::ArrayRef<StringRef>{"vfio_add_group_dev", "mdev_register_device"},
      [&](StringRef Name) {
        return Context.Idents.find(Name) != Context.Idents.end();
      });
}

/// True where \p Model shows how a device comes to be.
static bool hasDevice(const TUModel &Model) {
  return llvm::any_of(Model.Sites, [](const Site &S) {
    return isOldInit(S.Api->Kind) || isRegister(S.Api->Kind) ||
           S.Api->Kind == Role::AllocDevice;
  });
}

Verdict judge(ASTContext &Context, const ParseErrors &Errors,
              const SkippedRanges &Skipped) {
  Verdict V;
  std::string Unseen = skippedLifecycle(Context.getSourceManager(),
                                        Context.getLangOpts(), Skipped);
  if (Errors.All.empty() && !mayBeTooOld(Context) && Unseen.empty())
    return V;
  V.Problem = Errors.Hopeless;
  constexpr size_t Most = 20;
  for (const ParseError &E : llvm::ArrayRef(Errors.All).take_front(Most))
    V.Errors.push_back(E.Text);
  std::unique_ptr<TUModel> Model = buildModel(Context);
  if (const ApiFunction *Old = tooOld(*Model)) {
    V.Problem = ("too-old: the driver uses '" + Old->Name +
                 "', of kernels before 5.13; convert it to "
                 "'vfio_init_group_dev' first")
                    .str();
    return V;
  }
  if (!V.Problem.empty())
    return V;
  if (!Unseen.empty() && !hasDevice(*Model))
    V.Remark = Unseen;
  if (Errors.All.empty())
    return V;
  const SourceManager &SM = Context.getSourceManager();
  if (Model->Gen == Generation::Unknown) {
    V.Problem = Errors.All.front().Text + Errors.Advice;
    return V;
  }
  for (const NamedDecl *D : Model->DamagedDecls)
    if (isa<RecordDecl>(D)) {
      V.Problem = "'struct " + D->getNameAsString() +
                  "' has an error: " + errorIn(D, Errors, SM) +
                  missingHeaders(Errors);
      return V;
    }
  std::string Names;
  for (const FunctionDecl *F : Model->Damaged)
    if (!lifecycleIn(F).empty()) {
      if (Names.empty())
        V.NotFollowed = errorIn(F, Errors, SM);
      Names += (Names.empty() ? "'" : ", '") + F->getNameAsString() + "'";
    }
  if (!Names.empty())
    V.NotFollowed = Names +
                    ", of the life cycle, has errors and was not "
                    "followed: " +
                    V.NotFollowed + missingHeaders(Errors);
  for (const NamedDecl *D : Model->DamagedDecls)
    if (const auto *Var = dyn_cast<VarDecl>(D);
        Var && isVfioDeviceOps(Var->getType()->getAsRecordDecl()) &&
        Var == Var->getMostRecentDecl())
      V.Remark += (V.Remark.empty() ? "" : "; ") +
                  ("ops table '" + Var->getName() +
                   "' has an error in it, and was not judged")
                      .str();
  size_t Count = Errors.All.size();
  V.Remark += (llvm::Twine(V.Remark.empty() ? "" : "; ") + llvm::Twine(Count) +
               (Count == 1 ? " error" : " errors") +
               " outside of the life cycle: findings may be incomplete; the "
               "first: " +
               Errors.All.front().Text + Errors.Advice)
                  .str();
  return V;
}

} // namespace vfio::tidy
