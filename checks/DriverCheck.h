//===- DriverCheck.h - What every check of ours is built on ---------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A check asks the facts of a whole translation unit, not one syntax node: so
// the match that starts it comes once, and the facts are computed once however
// many checks ask.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CHECKS_DRIVERCHECK_H
#define VFIO_CHECKS_DRIVERCHECK_H

#include "checks/Compat.h"
#include "checks/NolintDirectives.h"
#include "checks/Unsaid.h"
#include "contracts/Contract.h"
#include "lifecycle/TUModel.h"
#include <map>
#include <memory>

namespace vfio::checks {

/// Has the checks of its translation unit work with \p Model, for as long as
/// somebody keeps it, and not make one of their own.
void lendModel(const std::shared_ptr<const TUModel> &Model);

/// Base of all checks: calls \c report once for each translation unit, in
/// clang-tidy, in its plugin and in clangd.
class DriverCheck : public clang::tidy::ClangTidyCheck {
public:
  DriverCheck(llvm::StringRef Name, clang::tidy::ClangTidyContext *Context);
  ~DriverCheck() override;

  bool
  isLanguageVersionSupported(const clang::LangOptions &LangOpts) const override;
  void registerMatchers(clang::ast_matchers::MatchFinder *Finder) final;
  void check(const clang::ast_matchers::MatchFinder::MatchResult &Result) final;
  void onEndOfTranslationUnit() final;
  void registerPPCallbacks(const clang::SourceManager &SM,
                           clang::Preprocessor *PP,
                           clang::Preprocessor *ModuleExpanderPP) final;

protected:
  /// What the check reads the source by.
  virtual const Contract &contract() const { return vfioContract(); }
  /// What follows is about a function of this source, wherever it happens; else
  /// what happens in another source is that one's business.
  bool RootIsHere = false;
  /// True where a story that begins in \p Root is this source's as well.
  bool concerns(const clang::FunctionDecl *Root) const;
  /// Like ClangTidyCheck's, but points at what the driver wrote, not into the
  /// macros of the kernel that it used there; and is silent where a comment of
  /// several lines holds the NOLINTNEXTLINE for the line after it.
  clang::DiagnosticBuilder
  diag(clang::SourceLocation Loc, llvm::StringRef Description,
       clang::DiagnosticIDs::Level Level = clang::DiagnosticIDs::Warning);

  /// True where this source is the one to tell of what is at \p Loc, in a story
  /// that begins in \p Root.
  bool isToldHere(clang::SourceLocation Loc,
                  const clang::FunctionDecl *Root) const;
  /// Something of that sort at \p Loc.
  Unsaid unsaidAt(Unsaid::Sort What, clang::SourceLocation Loc) const;

  /// Words the diagnostics that \p Model gives rise to.
  virtual void report(const TUModel &Model, clang::ASTContext &Context) = 0;

private:
  clang::SourceLocation written(clang::SourceLocation Loc) const;
  bool isSilenced(clang::SourceLocation Loc);
  void tellNotFollowed();

  bool Silenced = false; ///< the last warning was, and its notes are
  /// What each file's comments silence.
  std::map<clang::FileID, std::vector<NolintDirective>> Directives;
  /// The translation unit that \c report was called for, until its end.
  const clang::ASTContext *Done = nullptr;
  std::shared_ptr<const TUModel> Model;
  /// Has read the translation unit; null where there is none.
  clang::Preprocessor *PP = nullptr;
};

} // namespace vfio::checks

#endif // VFIO_CHECKS_DRIVERCHECK_H
