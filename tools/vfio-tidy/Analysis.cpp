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
#include "lifecycle/TopLevel.h"
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
#include "llvm/ADT/StringExtras.h"
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

/// What a parse starts from: nothing, or some of the headers that are shared.
struct SharedStart {
  kbuild::SharedHeaders *All = nullptr;
  std::shared_ptr<const kbuild::PrecompiledHeaders> Headers;
};

/// Runs before clang-tidy's consumer: notes where the driver's functions are,
/// and limits the matching to the driver's own declarations where nobody needs
/// the others.
class OwnDeclarations : public ASTConsumer {
public:
  OwnDeclarations(CompilerInstance &CI, SharedStart Start,
                  std::vector<FunctionExtent> &Functions, Verdict &Judged,
                  const ParseErrors &Errors, bool Limit)
      : CI(CI), Start(Start), Functions(Functions), Judged(Judged),
        Errors(Errors), Limit(Limit) {}

  /// Has the parse that is to come note what it leaves out.
  void watch() { noteSkipped(CI.getPreprocessor(), Skipped); }
  /// The parse is over, and has passed by what is \p Left.
  void watched(const LeftOut &Left) { Skipped = Left; }

  void HandleTranslationUnit(ASTContext &Context) override {
    if (Start.Headers) {
      kbuild::makeVisible(CI, Start.All->lookedUpNames());
      Skipped.Before = Start.Headers.get();
    }
    std::vector<SourceLocation> Places;
    for (const ParseError &E : Errors.All)
      Places.push_back(E.Where);
    noteParseErrors(Context, std::move(Places));
    Judged = judge(Context, CI.getPreprocessor(), Errors, Skipped);
    const SourceManager &SM = Context.getSourceManager();
    std::vector<Decl *> Own = ownDecls(Context).vec();
    for (Decl *D : Own) {
      auto *F = dyn_cast<FunctionDecl>(D);
      if (F ? F->isThisDeclarationADefinition() : isa<VarDecl>(D))
        note(*cast<NamedDecl>(D), Context);
    }
    Judged.Headers = ownHeaders(SM);
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
  SharedStart Start;
  std::vector<FunctionExtent> &Functions;
  Verdict &Judged;
  const ParseErrors &Errors;
  LeftOut Skipped;
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
             SharedStart Start, std::vector<FunctionExtent> &Functions,
             Verdict &Judged, const ParseErrors &Errors)
      : Factory(Factory), Start(std::move(Start)), Functions(Functions),
        Judged(Judged), Errors(Errors) {}

  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &CI,
                                                 StringRef File) override {
    std::unique_ptr<ASTConsumer> Tidy = Factory.createASTConsumer(CI, File);
    bool OnlyOurs = areOurs(Factory);
    std::vector<std::unique_ptr<ASTConsumer>> All;
    if (OnlyOurs)
      All.push_back(kbuild::skipHeaderBodies(CI));
    auto Own = std::make_unique<OwnDeclarations>(CI, Start, Functions, Judged,
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
  SharedStart Start;
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
    Start = {All, All->find(*In, checkedParse())};
    if (Start.Headers)
      FS->pushOverlay(Start.Headers->Files);
  }

  std::unique_ptr<FrontendAction> create() override {
    return std::make_unique<TidyAction>(Consumers, Start, Functions, Judged,
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
    if (Start.Headers)
      kbuild::startFrom(*Invocation);
    return FrontendActionFactory::runInvocation(
        std::move(Invocation), Files, std::move(PCHContainerOps), DiagConsumer);
  }

private:
  clang::tidy::ClangTidyContext &Context;
  IntrusiveRefCntPtr<vfs::OverlayFileSystem> FS;
  clang::tidy::ClangTidyASTConsumerFactory Consumers;
  SharedStart Start;
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

/// Puts \p Judged into \p Result.
static void take(Verdict Judged, Analysis &Result) {
  Result.Problem = std::move(Judged.Problem);
  Result.NotFollowed = std::move(Judged.NotFollowed);
  Result.Remark = std::move(Judged.Remark);
  Result.Off = std::move(Judged.Off);
  Result.ParseErrors = std::move(Judged.Errors);
  Result.Headers = std::move(Judged.Headers);
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
  OwnDeclarations Own(TU.compiler(), {}, Result.Functions, Judged,
                      Consumer.errors(), /*Limit=*/true);
  Own.watched(Options.Trees->skippedIn(Result.File));
  Own.HandleTranslationUnit(TU.context());
  Tidy->HandleTranslationUnit(TU.context());
  Consumer.EndSourceFile();
  Result.Errors = Consumer.take();
  Result.Raw = Consumer.takeRaw();
  Result.Directory = TU.input().Directory;
  take(std::move(Judged), Result);
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

/// Parses \p File as its command says, with \p Defines besides, and runs the
/// checks on it.
static void checkSource(clang::tidy::ClangTidyContext &Context,
                        const AnalysisOptions &Options, bool Linked,
                        const std::vector<std::string> &Defines,
                        Analysis &Result) {
  tooling::ClangTool Tool(*Options.Commands, Result.File,
                          std::make_shared<PCHContainerOperations>(),
                          Options.FileSystem);
  Tool.appendArgumentsAdjuster(withoutArguments(Options.RemovedArgs));
  Tool.appendArgumentsAdjuster(configuredArguments(Context));
  Tool.appendArgumentsAdjuster(tooling::getInsertArgumentAdjuster(
      Defines, tooling::ArgumentInsertPosition::END));
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
  if (!Linked && Defines.empty())
    Factory.share(Options, Result.File);
  int Status = Tool.run(&Factory);

  Result.Errors = Consumer.take();
  Result.Raw = Consumer.takeRaw();
  Result.Directory =
      Options.Commands->getCompileCommands(Result.File).front().Directory;
  take(std::move(Judged), Result);
  // Errors in front of the first declaration come to nobody's judgement.
  const ParseErrors &Errors = Consumer.errors();
  if (Status && Result.Problem.empty() && Result.Remark.empty())
    Result.Problem = Errors.All.empty()
                         ? "clang could not parse it"
                         : Errors.All.front().Text + Errors.Advice;
}

/// Looks at a source with no device in it, \p First, once more, with what its
/// conditions ask for: the driver's own build may say so, and findings behind a
/// condition are findings. \p First is all there is where that shows none,
/// either.
static Analysis lookBehind(clang::tidy::ClangTidyContext &Context,
                           const AnalysisOptions &Options, bool Linked,
                           Analysis First) {
  // The trees that are kept were parsed without.
  auto Kept = std::exchange(checks::readingPolicy().Tree, nullptr);
  std::vector<std::string> Defines;
  Unseen Off = First.Off;
  std::optional<Analysis> Seen;
  // A condition may stand in the code of another.
  constexpr unsigned Most = 4;
  for (unsigned I = 0; I != Most && !Off.Names.empty() && !Seen; ++I) {
    for (const std::string &Name : Off.Names)
      Defines.push_back("-D" + Name + "=1");
    auto Texts = makeIntrusiveRefCnt<vfs::InMemoryFileSystem>();
    for (const auto &[Path, Text] : Off.Texts)
      Texts->addFile(Path, 0, MemoryBuffer::getMemBufferCopy(Text, Path));
    Options.FileSystem->pushOverlay(std::move(Texts));
    Analysis Next;
    Next.File = First.File;
    listen(Next, Options);
    checkSource(Context, Options, Linked, Defines, Next);
    Off = Next.Off;
    if (Off.Where.empty())
      Seen = std::move(Next);
  }
  checks::readingPolicy().Tree = std::move(Kept);
  if (!Seen)
    return First;
  // Errors are not its fault: nobody has said that it is compiled like this.
  std::string Said = First.Off.Where + ": looked at with " + join(Defines, " ");
  for (const auto &[Path, Text] : First.Off.Texts)
    Said += ", which " + Path + " takes back";
  for (std::string *More : {&Seen->Problem, &Seen->NotFollowed, &Seen->Remark})
    if (!More->empty())
      Said += "; " + *More;
  Analysis &Best = Seen->Problem.empty() ? *Seen : First;
  Best.NotFollowed.clear();
  (Best.Problem.empty() ? Best.Remark : Best.Problem) = std::move(Said);
  return std::move(Best);
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
  kbuild::ParsedTU *TU = nullptr;
  if (Linked && needsOnlyTrees(Context, Options, File))
    TU = Options.Trees->of(File, Problem);
  auto IsOfBuild = [](const kbuild::Diagnostic &D) {
    return D.Level == kbuild::Diagnostic::Warning && stopsBuild(D.Id);
  };
  // What there is to say of its errors, only a parse of clang-tidy's tells.
  if (TU && llvm::none_of(TU->diagnostics(), IsOfBuild))
    checkTree(Context, Options, *TU, Result);
  else
    checkSource(Context, Options, Linked, {}, Result);
  return Result.Off.Names.empty()
             ? std::move(Result)
             : lookBehind(Context, Options, Linked, std::move(Result));
}

} // namespace vfio::tidy
