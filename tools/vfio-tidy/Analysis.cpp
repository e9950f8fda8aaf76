//===- Analysis.cpp - Running the checks on one source ------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-tidy/Analysis.h"
#include "checks/ModuleReader.h"
#include "clang-tidy/ClangTidy.h"
#include "clang-tidy/ClangTidyModule.h"
#include "kbuild/CleanCommand.h"
#include "kbuild/HeaderBodies.h"
#include "kbuild/KernelFlags.h"
#include "kbuild/Parse.h"
#include "kbuild/Paths.h"
#include "kbuild/SharedHeaders.h"
#include "lifecycle/Damage.h"
#include "lifecycle/DriverFiles.h"
#include "tools/vfio-tidy/Compat.h"
#include "tools/vfio-tidy/SourceDiagnostics.h"
#include "tools/vfio-tidy/Verdict.h"
#include "clang/AST/ASTContext.h"
#include "clang/Basic/DiagnosticLex.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendAction.h"
#include "clang/Frontend/MultiplexConsumer.h"
#include "clang/Lex/Lexer.h"
#include "clang/Lex/PreprocessorOptions.h"
#include "clang/Tooling/ArgumentsAdjusters.h"
#include "clang/Tooling/Tooling.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace clang;
using namespace llvm;

namespace vfio::tidy {

namespace {

/// The headers of \p SM that are no kernel's; real paths.
static std::vector<std::string> ownHeaders(const SourceManager &SM) {
  std::vector<std::string> Out;
  OptionalFileEntryRef Main = SM.getFileEntryRefForID(SM.getMainFileID());
  for (auto It = SM.fileinfo_begin(); It != SM.fileinfo_end(); ++It) {
    if ((Main && It->first == *Main) || isKernelHeaderPath(It->first.getName()))
      continue;
    std::string Real = kbuild::realPath(It->first.getName());
    if (!Real.empty())
      Out.push_back(std::move(Real));
  }
  return Out;
}

/// Runs before clang-tidy's consumer: notes where the driver's functions are,
/// and limits the matching to the driver's own declarations where nobody needs
/// the others.
class OwnDeclarations : public ASTConsumer {
public:
  OwnDeclarations(CompilerInstance &CI, const kbuild::SharedHeaders *Shared,
                  std::vector<FunctionExtent> &Functions, Verdict &Judged,
                  const ParseErrors &Errors, bool Limit)
      : CI(CI), Shared(Shared), Functions(Functions), Judged(Judged),
        Errors(Errors), Limit(Limit) {}

  /// Has the parse that is to come note what it leaves out.
  void watch() { noteSkipped(CI.getPreprocessor(), Skipped); }

  void HandleTranslationUnit(ASTContext &Context) override {
    if (Shared)
      kbuild::makeVisible(CI, Shared->lookedUpNames());
    std::vector<SourceLocation> Places;
    for (const ParseError &E : Errors.All)
      Places.push_back(E.Where);
    noteParseErrors(Context, std::move(Places));
    Judged = judge(Context, Errors, Skipped);
    const SourceManager &SM = Context.getSourceManager();
    Judged.Headers = ownHeaders(SM);
    DriverFiles Files(SM);
    std::vector<Decl *> Own;
    for (Decl *D : Context.getTranslationUnitDecl()->decls()) {
      if (!Files.contains(D->getLocation()))
        continue;
      Own.push_back(D);
      auto *F = dyn_cast<FunctionDecl>(D);
      if (F ? F->isThisDeclarationADefinition() : isa<VarDecl>(D))
        note(*cast<NamedDecl>(D), Context);
    }
    // Our checks start at a function; without one, let them see everything.
    if (Limit &&
        llvm::any_of(Own, [](Decl *D) { return isa<FunctionDecl>(D); }))
      Context.setTraversalScope(Own);
  }

private:
  void note(const NamedDecl &F, ASTContext &Context) {
    const SourceManager &SM = Context.getSourceManager();
    SourceLocation Begin = SM.getExpansionLoc(F.getBeginLoc());
    SourceLocation End = Lexer::getLocForEndOfToken(
        SM.getExpansionLoc(F.getEndLoc()), 0, SM, Context.getLangOpts());
    if (End.isInvalid() || SM.getFileID(Begin) != SM.getFileID(End))
      return;
    Functions.push_back({SM.getFilename(Begin).str(), SM.getFileOffset(Begin),
                         SM.getFileOffset(End), F.getNameAsString()});
  }

  CompilerInstance &CI;
  const kbuild::SharedHeaders *Shared; ///< null: the parse starts by itself
  std::vector<FunctionExtent> &Functions;
  Verdict &Judged;
  const ParseErrors &Errors;
  SkippedRanges Skipped;
  bool Limit;
};

/// Runs after clang-tidy's consumer.
class Forgetter : public ASTConsumer {
public:
  void HandleTranslationUnit(ASTContext &Context) override {
    forgetParseErrors(Context);
  }
};

/// clang-tidy's consumer, with ours around it.
class TidyAction : public ASTFrontendAction {
public:
  TidyAction(clang::tidy::ClangTidyASTConsumerFactory &Factory,
             const kbuild::SharedHeaders *Shared,
             std::vector<FunctionExtent> &Functions, Verdict &Judged,
             const ParseErrors &Errors)
      : Factory(Factory), Shared(Shared), Functions(Functions), Judged(Judged),
        Errors(Errors) {}

  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &CI,
                                                 StringRef File) override {
    std::unique_ptr<ASTConsumer> Tidy = Factory.createASTConsumer(CI, File);
    bool OnlyOurs = areOurs(Factory);
    std::vector<std::unique_ptr<ASTConsumer>> All;
    if (OnlyOurs)
      All.push_back(kbuild::skipHeaderBodies(CI));
    auto Own = std::make_unique<OwnDeclarations>(CI, Shared, Functions, Judged,
                                                 Errors, OnlyOurs);
    Own->watch();
    All.push_back(std::move(Own));
    All.push_back(std::move(Tidy));
    All.push_back(std::make_unique<Forgetter>());
    // A header that is gone from this kernel ends no parse, and many errors do
    // not, either; but there is an end to what is worth reading on.
    CI.getDiagnostics().setSeverity(diag::err_pp_file_not_found,
                                    diag::Severity::Error, SourceLocation());
    CI.getDiagnostics().setErrorLimit(1000);
    // A driver's own header may call itself a system's, or a line marker may.
    CI.getDiagnostics().setSuppressSystemWarnings(false);
    return std::make_unique<MultiplexConsumer>(std::move(All));
  }

  /// True where only our checks are on in the file that the context is at: it
  /// depends on its .clang-tidy.
  static bool areOurs(clang::tidy::ClangTidyASTConsumerFactory &Factory) {
    return llvm::all_of(Factory.getCheckNames(), [](StringRef Name) {
      return Name.starts_with("vfio-");
    });
  }

private:
  clang::tidy::ClangTidyASTConsumerFactory &Factory;
  const kbuild::SharedHeaders *Shared;
  std::vector<FunctionExtent> &Functions;
  Verdict &Judged;
  const ParseErrors &Errors;
};

class TidyActionFactory : public tooling::FrontendActionFactory {
public:
  TidyActionFactory(clang::tidy::ClangTidyContext &Context,
                    IntrusiveRefCntPtr<vfs::OverlayFileSystem> FS,
                    std::vector<FunctionExtent> &Functions, Verdict &Judged,
                    const ParseErrors &Errors)
      : Context(Context), FS(FS), Consumers(Context, std::move(FS)),
        Functions(Functions), Judged(Judged), Errors(Errors) {}

  /// Has the parse of \p File start from the headers that the inputs of
  /// \p Options share, where these fit and no check looks at headers.
  void share(const AnalysisOptions &Options, StringRef File) {
    kbuild::SharedHeaders *All =
        Options.Inputs ? Options.Inputs->sharedHeaders() : nullptr;
    const kbuild::Input *In = All ? Options.Inputs->find(File) : nullptr;
    if (!In || !Options.RemovedArgs.empty())
      return;
    Context.setCurrentFile(In->File);
    clang::tidy::ClangTidyOptions Own = Context.getOptionsForFile(In->File);
    if ((Own.ExtraArgs && !Own.ExtraArgs->empty()) ||
        (Own.ExtraArgsBefore && !Own.ExtraArgsBefore->empty()) ||
        !TidyAction::areOurs(Consumers))
      return;
    Headers = All->find(*In, kbuild::ParseOptions());
    if (!Headers)
      return;
    Shared = All;
    auto Files = makeIntrusiveRefCnt<vfs::InMemoryFileSystem>();
    kbuild::addFiles(*Headers, *Files);
    FS->pushOverlay(std::move(Files));
  }

  std::unique_ptr<FrontendAction> create() override {
    return std::make_unique<TidyAction>(Consumers, Shared, Functions, Judged,
                                        Errors);
  }

  bool runInvocation(std::shared_ptr<CompilerInvocation> Invocation,
                     FileManager *Files,
                     std::shared_ptr<PCHContainerOperations> PCHContainerOps,
                     DiagnosticConsumer *DiagConsumer) override {
    // As in clang-tidy: code may look different to an analyser.
    Invocation->getPreprocessorOpts().SetUpStaticAnalyzer = true;
    // "1 warning generated" says nothing that the ledger does not.
    Invocation->getDiagnosticOpts().ShowCarets = false;
    if (Headers)
      kbuild::startFrom(*Headers, *Invocation);
    return FrontendActionFactory::runInvocation(
        std::move(Invocation), Files, std::move(PCHContainerOps), DiagConsumer);
  }

private:
  clang::tidy::ClangTidyContext &Context;
  IntrusiveRefCntPtr<vfs::OverlayFileSystem> FS;
  clang::tidy::ClangTidyASTConsumerFactory Consumers;
  kbuild::SharedHeaders *Shared = nullptr;
  std::shared_ptr<const kbuild::PrecompiledHeaders> Headers;
  std::vector<FunctionExtent> &Functions;
  Verdict &Judged;
  const ParseErrors &Errors;
};

/// Adds what the file's .clang-tidy asks for, and clang's own headers where the
/// command line does not say where they are.
tooling::ArgumentsAdjuster
configuredArguments(clang::tidy::ClangTidyContext &Context) {
  return [&Context](const tooling::CommandLineArguments &Args, StringRef File) {
    clang::tidy::ClangTidyOptions Options = Context.getOptionsForFile(File);
    tooling::CommandLineArguments Result = Args;
    auto Insert = [&Result](const std::optional<std::vector<std::string>> &More,
                            tooling::CommandLineArguments::iterator At) {
      if (More)
        Result.insert(At, More->begin(), More->end());
    };
    // Of a file in the tree, maybe.
    if (Options.ExtraArgsBefore)
      Options.ExtraArgsBefore = kbuild::cleanFlags(*Options.ExtraArgsBefore);
    if (Options.ExtraArgs)
      Options.ExtraArgs = kbuild::cleanFlags(*Options.ExtraArgs);
    Insert(Options.ExtraArgsBefore, Result.begin() + (Result.empty() ? 0 : 1));
    Insert(Options.ExtraArgs, Result.end());
    if (llvm::none_of(Result, [](StringRef Arg) {
          return Arg.starts_with("-resource-dir");
        }))
      Result.push_back("-resource-dir=" + kbuild::clangResourceDir());
    return Result;
  };
}

tooling::ArgumentsAdjuster
withoutArguments(const std::vector<std::string> &Unwanted) {
  return [&Unwanted](const tooling::CommandLineArguments &Args, StringRef) {
    tooling::CommandLineArguments Result;
    for (const std::string &Arg : Args)
      if (!llvm::is_contained(Unwanted, Arg))
        Result.push_back(Arg);
    return Result;
  };
}

} // namespace

/// True where nothing but our checks is asked for, and \p Options and the
/// .clang-tidy files leave the command line alone: the kept trees will do.
static bool needsOnlyTrees(clang::tidy::ClangTidyContext &Context,
                           const AnalysisOptions &Options, StringRef File) {
  if (!Options.Trees || Options.Profile || !Options.RemovedArgs.empty())
    return false;
  clang::tidy::ClangTidyOptions Configured = Context.getOptionsForFile(File);
  for (const auto &More : {Configured.ExtraArgs, Configured.ExtraArgsBefore})
    if (More && !More->empty())
      return false;
  Context.setCurrentFile(File);
  clang::tidy::ClangTidyASTConsumerFactory Factory(Context, Options.FileSystem);
  std::vector<std::string> Names = Factory.getCheckNames();
  return !Names.empty() && llvm::all_of(Names, [](StringRef Name) {
    return Name.starts_with("vfio-");
  });
}

/// Runs the checks on a tree that is there already.
static void checkTree(clang::tidy::ClangTidyContext &Context,
                      const AnalysisOptions &Options, kbuild::ParsedTU &TU,
                      Analysis &Result) {
  SourceDiagnostics Consumer(Context, Options.FixesFromNotes);
  compat::TidyDiagnostics Diagnostics(Context, Consumer);
  clang::tidy::ClangTidyASTConsumerFactory Factory(Context, Options.FileSystem);
  std::unique_ptr<ASTConsumer> Tidy =
      Factory.createASTConsumer(TU.compiler(), Result.File);
  Consumer.BeginSourceFile(TU.context().getLangOpts(), &TU.preprocessor());
  Verdict Judged;
  OwnDeclarations(TU.compiler(), nullptr, Result.Functions, Judged,
                  Consumer.errors(), /*Limit=*/true)
      .HandleTranslationUnit(TU.context());
  Tidy->HandleTranslationUnit(TU.context());
  Consumer.EndSourceFile();
  Result.Errors = Consumer.take();
  Result.Raw = Consumer.takeRaw();
  Result.Directory = TU.input().Directory;
  Result.Problem = Judged.Problem;
  Result.NotFollowed = Judged.NotFollowed;
  Result.Remark = Judged.Remark;
  Result.ParseErrors = std::move(Judged.Errors);
  Result.Headers = std::move(Judged.Headers);
}

/// Has the checks tell \p Result what they do not say.
static void listen(Analysis &Result, const AnalysisOptions &Options) {
  auto Note = [&Result](checks::Unsaid U) {
    Result.Unsaid.push_back(std::move(U));
  };
  checks::unsaidListener().NotFollowed = Note;
  checks::unsaidListener().NotReported = nullptr;
  if (Options.ExplainSilence)
    checks::unsaidListener().NotReported = Note;
}

Analysis analyse(clang::tidy::ClangTidyContext &Context,
                 const AnalysisOptions &Options, StringRef File) {
  Analysis Result;
  Result.File = File.str();
  listen(Result, Options);
  if (Options.Commands->getCompileCommands(File).empty()) {
    Result.Problem = "no flags for it in the database";
    return Result;
  }
  bool Linked = Options.Trees && Options.Trees->isLinked(File);
  // A source that stands alone has nothing to ask for.
  checks::readingPolicy().Wanted = Linked || !Options.Inputs;
  std::string Problem; // which clang-tidy will find again, and judge
  if (Linked && needsOnlyTrees(Context, Options, File))
    if (kbuild::ParsedTU *TU = Options.Trees->of(File, Problem)) {
      checkTree(Context, Options, *TU, Result);
      return Result;
    }
  tooling::ClangTool Tool(*Options.Commands, File.str(),
                          std::make_shared<PCHContainerOperations>(),
                          Options.FileSystem);
  Tool.appendArgumentsAdjuster(withoutArguments(Options.RemovedArgs));
  Tool.appendArgumentsAdjuster(configuredArguments(Context));
  Tool.appendArgumentsAdjuster(tooling::getStripPluginsAdjuster());
  Tool.setPrintErrorMessage(false);

  Context.setEnableProfiling(Options.Profile);
  Context.setProfileStoragePrefix(Options.ProfilePrefix);
  SourceDiagnostics Consumer(Context, Options.FixesFromNotes);
  compat::TidyDiagnostics Diagnostics(Context, Consumer);
  Tool.setDiagnosticConsumer(&Consumer);
  Verdict Judged;
  TidyActionFactory Factory(Context, Options.FileSystem, Result.Functions,
                            Judged, Consumer.errors());
  // What is looked up to link it must be there.
  if (!Linked)
    Factory.share(Options, File);
  int Status = Tool.run(&Factory);

  Result.Errors = Consumer.take();
  Result.Raw = Consumer.takeRaw();
  Result.Directory =
      Options.Commands->getCompileCommands(File).front().Directory;
  Result.Problem = Judged.Problem;
  Result.NotFollowed = Judged.NotFollowed;
  Result.Remark = Judged.Remark;
  Result.ParseErrors = Judged.Errors;
  Result.Headers = std::move(Judged.Headers);
  // Errors in front of the first declaration come to nobody's judgement.
  const ParseErrors &Errors = Consumer.errors();
  if (Status && Result.Problem.empty() && Result.Remark.empty())
    Result.Problem = Errors.All.empty()
                         ? "clang could not parse it"
                         : Errors.All.front().Text + Errors.Advice;
  return Result;
}

} // namespace vfio::tidy
