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
  auto IsLater = [](const ApiFunction *Api) {
    return isOldInit(Api->Kind) || Api->Kind == Role::AllocDevice ||
           Api->Kind == Role::InitDevice;
  };
  if (llvm::any_of(Model.Sites, [&](const Site &S) { return IsLater(S.Api); }))
    return nullptr;
  const Site *Whole = Model.tooOld();
  const ApiFunction *Old = Whole ? Whole->Api : nullptr;
  for (const FunctionDecl *F : Model.Damaged)
    for (const ApiFunction *Api : lifecycleIn(F)) {
      if (IsLater(Api))
        return nullptr;
      if (!Old && (Api->Kind == Role::AddGroupDev ||
                   (Api->Kind == Role::AddParent && Model.hasParentTable())))
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

/// True where \p Model shows how a device comes to be, also where what does it
/// has errors.
static bool hasDevice(const TUModel &Model) {
  auto Makes = [](const ApiFunction *Api) {
    return isOldInit(Api->Kind) || isRegister(Api->Kind) ||
           Api->Kind == Role::AllocDevice;
  };
  return llvm::any_of(Model.Sites,
                      [&](const Site &S) { return Makes(S.Api); }) ||
         llvm::any_of(Model.Damaged, [&](const FunctionDecl *F) {
           return llvm::any_of(lifecycleIn(F), Makes);
         });
}

/// Notes in \p V the functions of the life cycle that have errors.
static void noteDamagedFunctions(const TUModel &Model,
                                 const ParseErrors &Errors, Verdict &V) {
  const SourceManager &SM = Model.Ctx.getSourceManager();
  std::string Names, First;
  for (const FunctionDecl *F : Model.Damaged)
    if (!lifecycleIn(F).empty()) {
      if (Names.empty())
        First = errorIn(F, Errors, SM);
      Names += (Names.empty() ? "'" : ", '") + F->getNameAsString() + "'";
    }
  if (!Names.empty())
    V.NotFollowed = Names +
                    ", of the life cycle, has errors and was not "
                    "followed: " +
                    First + missingHeaders(Errors);
}

/// Notes in \p V the ops tables that have errors.
static void noteDamagedTables(const TUModel &Model, Verdict &V) {
  for (const NamedDecl *D : Model.DamagedDecls)
    if (const auto *Var = dyn_cast<VarDecl>(D);
        Var && isVfioDeviceOps(Var->getType()->getAsRecordDecl()) &&
        Var == Var->getMostRecentDecl())
      V.Remark += (V.Remark.empty() ? "" : "; ") +
                  ("ops table '" + Var->getName() +
                   "' has an error in it, and was not judged")
                      .str();
}

/// Notes in \p V what the kernel's build would stop at.
static void noteErrorsOfBuild(const ParseErrors &Errors, Verdict &V) {
  auto IsNews = [](const ParseError &E) { return !E.IsLifecycle; };
  size_t Count = llvm::count_if(Errors.OfBuild, IsNews);
  if (Count)
    V.Remark += (llvm::Twine(V.Remark.empty() ? "" : "; ") +
                 llvm::Twine(Count) + (Count == 1 ? " error" : " errors") +
                 " at which a kernel build stops; the first: " +
                 llvm::find_if(Errors.OfBuild, IsNews)->Text)
                    .str();
}

Verdict judge(ASTContext &Context, Preprocessor &PP, const ParseErrors &Errors,
              const LeftOut &Skipped) {
  Verdict V;
  Unseen Off = skippedLifecycle(PP, Skipped);
  if (Errors.All.empty() && Errors.OfBuild.empty() && !mayBeTooOld(Context) &&
      Off.Where.empty())
    return V;
  V.Problem = Errors.Hopeless;
  constexpr size_t Most = 20;
  for (const auto *Some : {&Errors.All, &Errors.OfBuild})
    for (const ParseError &E : *Some)
      if (V.Errors.size() < Most)
        V.Errors.push_back(E.Text);
  std::unique_ptr<TUModel> Model = buildModel(Context);
  if (!Off.Where.empty() && !hasDevice(*Model)) {
    V.Remark = Off.Where + ", and was not seen";
    V.Off = std::move(Off);
  }
  if (const ApiFunction *Old = tooOld(*Model)) {
    V.Problem = ("too-old: the driver uses '" + Old->Name +
                 "', of kernels before 5.13; convert it to "
                 "'vfio_init_group_dev' first")
                    .str();
    return V;
  }
  if (!V.Problem.empty())
    return V;
  noteErrorsOfBuild(Errors, V);
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
  noteDamagedFunctions(*Model, Errors, V);
  noteDamagedTables(*Model, V);
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
