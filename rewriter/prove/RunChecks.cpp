//===- RunChecks.cpp - All vfio-* checks over a parsed TU -----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/prove/RunChecks.h"
#include "checks/Compat.h"
#include "checks/DriverCheck.h"
#include "clang-tidy/ClangTidyCheck.h"
#include "clang-tidy/ClangTidyDiagnosticConsumer.h"
#include "clang-tidy/ClangTidyModule.h"
#include "clang/ASTMatchers/ASTMatchFinder.h"

using namespace clang;

namespace vfio::rewriter {

namespace {

/// clang-tidy's own chain from a check to a list of findings, for an AST that
/// is there already.
class CheckRun {
public:
  explicit CheckRun(const Unit &U)
      : U(U), Context(provider()), Sink(Context), Engine(Context, Sink) {
    Context.setSourceManager(&U.sources());
    Context.setCurrentFile(U.TU->input().File);
    Context.setASTContext(&U.Model->Ctx);
    Sink.BeginSourceFile(U.langOpts(), nullptr);
  }

  std::vector<CheckFinding> run() {
    tidy::ClangTidyCheckFactories Factories;
    for (const auto &Entry : tidy::ClangTidyModuleRegistry::entries())
      if (Entry.getName() == "vfio-module")
        Entry.instantiate()->addCheckFactories(Factories);
    // A run of no checks must not pass for a silent one.
    if (Factories.empty())
      llvm::report_fatal_error("the vfio-* checks are not linked in");
    ast_matchers::MatchFinder Finder;
    std::vector<std::unique_ptr<tidy::ClangTidyCheck>> Checks =
        Factories.createChecks(&Context);
    for (const auto &C : Checks)
      C->registerMatchers(&Finder);
    std::shared_ptr<const TUModel> Followed = U.shared();
    if (Followed)
      checks::lendModel(Followed);
    Finder.matchAST(U.Model->Ctx);
    Sink.EndSourceFile();
    std::vector<CheckFinding> Out;
    for (const tidy::ClangTidyError &E : Sink.take()) {
      if (E.DiagLevel == tidy::ClangTidyError::Remark)
        continue; // of what was not followed: the comparison of events says it
      SourceLocation Where =
          locationOf(E.Message.FilePath, E.Message.FileOffset);
      Out.push_back({E.DiagnosticName,
                     E.Message.Message,
                     placeOf(E.Message.FilePath, E.Message.FileOffset),
                     U.followed().functionAt(Where),
                     {}});
      for (const auto &[File, Replacements] : E.Message.Fix)
        for (const tooling::Replacement &R : Replacements)
          Out.back().Fix.push_back(
              {placeOf(R.getFilePath(), R.getOffset()).File, R.getOffset(),
               R.getLength(), R.getReplacementText().str()});
    }
    return Out;
  }

private:
  static std::unique_ptr<tidy::ClangTidyOptionsProvider> provider() {
    tidy::ClangTidyOptions Options = tidy::ClangTidyOptions::getDefaults();
    Options.Checks = "-*,vfio-*";
    Options.HeaderFilterRegex = ".*";
    return std::make_unique<tidy::DefaultOptionsProvider>(
        tidy::ClangTidyGlobalOptions(), Options);
  }

  /// Invalid where the TU did not read the file.
  SourceLocation locationOf(llvm::StringRef File, unsigned Offset) const {
    SourceManager &SM = U.sources();
    auto FE = SM.getFileManager().getOptionalFileRef(File);
    FileID ID = FE ? SM.translateFile(*FE) : FileID();
    return ID.isValid() ? SM.getComposedLoc(ID, Offset) : SourceLocation();
  }

  Place placeOf(llvm::StringRef File, unsigned Offset) const {
    SourceLocation Where = locationOf(File, Offset);
    return Where.isValid() ? U.place(Where) : Place{File.str(), 0, 0};
  }

  const Unit &U;
  tidy::ClangTidyContext Context;
  tidy::ClangTidyDiagnosticConsumer Sink;
  checks::compat::TidyDiagnostics Engine;
};

} // namespace

std::vector<CheckFinding> runChecks(const Unit &U) { return CheckRun(U).run(); }

bool isOfKind(const Unit &U, const CheckFinding &F, FindingKind Kind) {
  return llvm::any_of(findOnPaths(U.followed()), [&](const Finding &At) {
    Place Where = U.place(At.Where);
    return At.Kind == Kind && Where.File == F.Where.File &&
           Where.Line == F.Where.Line;
  });
}

bool isOthers(const CheckFinding &F, const OldDriver &D) {
  return F.In && D.OthersFunctions.count(F.In->getNameAsString());
}

} // namespace vfio::rewriter
