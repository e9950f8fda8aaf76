//===- DriverCheck.cpp - One report a translation unit --------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/DriverCheck.h"
#include "checks/ModuleReader.h"
#include "engine/Stop.h"
#include "lifecycle/GlobalNames.h"
#include "clang/ASTMatchers/ASTMatchers.h"
#include "clang/Lex/Preprocessor.h"
#include <map>
#include <mutex>

using namespace clang;
using namespace clang::ast_matchers;

namespace vfio::checks {

namespace {
/// A model, and the trees that parts of it came from.
struct LinkedModel {
  std::unique_ptr<ModuleReader> Sources;
  std::unique_ptr<TUModel> Model;
};
} // namespace

/// Reads the source that \p PP has read, and what belongs to it elsewhere.
static std::shared_ptr<const TUModel> makeModel(ASTContext &Context,
                                                Preprocessor *PP) {
  auto Linked = std::make_shared<LinkedModel>();
  const SourceManager &SM = Context.getSourceManager();
  OptionalFileEntryRef Main = SM.getFileEntryRefForID(SM.getMainFileID());
  if (PP && Main && readingPolicy().Wanted)
    Linked->Sources = std::make_unique<ModuleReader>(
        *PP, Main->getFileEntry().tryGetRealPathName().str());
  Linked->Model = buildModel(Context, Linked->Sources.get());
  return {Linked, Linked->Model.get()};
}

namespace {
/// The models that somebody holds. An address that is used again for another
/// translation unit finds an expired entry.
struct Models {
  std::mutex Lock;
  std::map<std::pair<const ASTContext *, const Contract *>,
           std::weak_ptr<const TUModel>>
      Known; ///< by what they were read by, too
};
} // namespace

static Models &models() {
  static Models All;
  return All;
}

void lendModel(const std::shared_ptr<const TUModel> &Model) {
  auto &[Lock, Known] = models();
  std::lock_guard<std::mutex> Guard(Lock);
  for (auto It = Known.begin(); It != Known.end();)
    It = It->second.expired() ? Known.erase(It) : std::next(It);
  Known[{&Model->Ctx, &contractAtHand()}] = Model;
}

/// The model of \p Context, computed by the first check that asks. The checks
/// hold it until the translation unit ends.
static std::shared_ptr<const TUModel> modelOf(ASTContext &Context,
                                              Preprocessor *PP) {
  {
    auto &[Lock, Known] = models();
    std::lock_guard<std::mutex> Guard(Lock);
    auto It = Known.find({&Context, &contractAtHand()});
    if (It != Known.end())
      if (std::shared_ptr<const TUModel> Model = It->second.lock())
        return Model;
  }
  // Outside the lock: another thread's translation unit need not wait, and
  // this one's checks all run in this thread.
  std::shared_ptr<const TUModel> Model = makeModel(Context, PP);
  lendModel(Model);
  return Model;
}

/// True for a declaration until the check has run. clangd never visits the
/// translation unit's own declaration, so that functions must do as well.
AST_MATCHER_P(Decl, notYet, const ASTContext *const *, Done) {
  return *Done != &Finder->getASTContext();
}

DriverCheck::DriverCheck(StringRef Name, tidy::ClangTidyContext *Context)
    : ClangTidyCheck(Name, Context) {}

DriverCheck::~DriverCheck() = default;

bool DriverCheck::isLanguageVersionSupported(
    const LangOptions &LangOpts) const {
  return !LangOpts.CPlusPlus && !LangOpts.ObjC;
}

void DriverCheck::registerMatchers(MatchFinder *Finder) {
  Finder->addMatcher(translationUnitDecl(notYet(&Done)), this);
  Finder->addMatcher(functionDecl(notYet(&Done)), this);
}

void DriverCheck::registerPPCallbacks(const SourceManager &, Preprocessor *Read,
                                      Preprocessor *) {
  PP = Read;
}

bool DriverCheck::concerns(const FunctionDecl *Root) const {
  // Where all sources are looked at, what is said twice is dropped later.
  if (!readingPolicy().Users || !Root || !Model->isBrought(Root))
    return true;
  auto Here = [&](const VarDecl *Table) { return !Model->isBrought(Table); };
  auto IsRoot = [&](const FunctionDecl *F) {
    return F && F->getCanonicalDecl() == Root->getCanonicalDecl();
  };
  return llvm::any_of(Model->Ops->tables(),
                      [&](const OpsTable &T) {
                        return Here(T.Var) &&
                               llvm::any_of(T.Members, [&](const auto &M) {
                                 return IsRoot(M.Callback);
                               });
                      }) ||
         llvm::any_of(Model->BusDrivers, [&](const BusDriver &B) {
           return Here(B.Var) && (IsRoot(B.Probe) || IsRoot(B.Remove) ||
                                  IsRoot(B.Shutdown));
         });
}

void DriverCheck::check(const MatchFinder::MatchResult &Result) {
  Done = Result.Context;
  engine::StopWhen Outdated(readingPolicy().Outdated);
  ReadBy Reading(contract());
  ParserNames Names(*Result.Context, PP);
  Model = modelOf(*Result.Context, PP);
  RootIsHere = !readingPolicy().Users;
  if (!Model->IsCore)
    report(*Model, *Result.Context);
  tellNotFollowed();
}

/// The first check that made the engine walk tells where it did not come to the
/// end.
void DriverCheck::tellNotFollowed() {
  for (const NotFollowed &N : Model->takeNotFollowed()) {
    if (!isToldHere(N.F->getLocation(), N.F))
      continue;
    Unsaid Out = unsaidAt(Unsaid::NotFollowed, N.F->getLocation());
    Out.Subject = N.F->getNameAsString();
    Out.Why = describe(N);
    if (unsaidListener().NotFollowed)
      unsaidListener().NotFollowed(std::move(Out));
    else
      diag(N.F->getLocation(), "%0", DiagnosticIDs::Remark) << messageOf(Out);
  }
}

bool DriverCheck::isToldHere(SourceLocation Loc,
                             const FunctionDecl *Root) const {
  return !readingPolicy().Users || concerns(Root) ||
         !isBroughtHere(Loc, Model->Ctx.getSourceManager());
}

Unsaid DriverCheck::unsaidAt(Unsaid::Sort What, SourceLocation Loc) const {
  const SourceManager &SM = Model->Ctx.getSourceManager();
  PresumedLoc Where =
      SM.getPresumedLoc(written(Loc), /*UseLineDirectives=*/false);
  Unsaid Out;
  Out.What = What;
  if (Where.isInvalid())
    return Out;
  Out.File = Where.getFilename();
  Out.Line = Where.getLine();
  Out.Column = Where.getColumn();
  return Out;
}

SourceLocation DriverCheck::written(SourceLocation Loc) const {
  const SourceManager &SM = Model->Ctx.getSourceManager();
  while (Loc.isMacroID()) {
    // The body of a macro of the driver's own stays: it is in its words.
    SourceLocation Spelled = SM.getSpellingLoc(Loc);
    if (!SM.isMacroArgExpansion(Loc) && Spelled.isFileID() &&
        Model->isDriverFile(Spelled))
      return Loc;
    Loc = SM.getImmediateMacroCallerLoc(Loc);
  }
  return Loc;
}

bool DriverCheck::isSilenced(SourceLocation Loc) {
  if (Loc.isInvalid())
    return false;
  const SourceManager &SM = Model->Ctx.getSourceManager();
  auto [File, Offset] = SM.getDecomposedExpansionLoc(Loc);
  auto [It, New] = Directives.try_emplace(File);
  if (New)
    It->second = nolintDirectives(SM.getBufferData(File));
  if (It->second.empty())
    return false;
  unsigned Line = SM.getLineNumber(File, Offset);
  std::string Check = getID().str();
  return llvm::any_of(It->second, [&](const NolintDirective &D) {
    return D.Hidden && D.ForLine == Line && D.names(Check);
  });
}

DiagnosticBuilder DriverCheck::diag(SourceLocation Loc, StringRef Description,
                                    DiagnosticIDs::Level Level) {
  Loc = written(Loc);
  if (Level != DiagnosticIDs::Note)
    Silenced = isSilenced(Loc) ||
               (!RootIsHere &&
                isBroughtHere(Loc, Model->Ctx.getSourceManager()));
  return ClangTidyCheck::diag(Loc, Description,
                              Silenced ? DiagnosticIDs::Ignored : Level);
}

void DriverCheck::onEndOfTranslationUnit() {
  Done = nullptr;
  Directives.clear();
  Model.reset();
  PP = nullptr;
}

} // namespace vfio::checks
