//===- Parse.cpp - Parsing an input ---------------------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/Parse.h"
#include "kbuild/Compat.h"
#include "kbuild/HeaderBodies.h"
#include "kbuild/OwnHeaders.h"
#include "kbuild/Paths.h"
#include "kbuild/PlainText.h"
#include "kbuild/ProcessorTime.h"
#include "kbuild/SharedHeaders.h"
#include "clang/AST/ASTContext.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Basic/Stack.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/CompilerInvocation.h"
#include "clang/Frontend/FrontendAction.h"
#include "clang/Frontend/MultiplexConsumer.h"
#include "clang/Lex/Preprocessor.h"
#include "clang/Lex/PreprocessorOptions.h"
#include "clang/Sema/Sema.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Support/xxhash.h"
#include <chrono>

using namespace clang;
using namespace llvm;

namespace vfio::kbuild {

std::string Diagnostic::str() const {
  static const char *const Words[] = {"note", "warning", "error"};
  std::string Out;
  raw_string_ostream OS(Out);
  if (!File.empty())
    OS << plainText(File) << ':' << Line << ':' << Column << ": ";
  OS << Words[Level] << ": " << plainText(Message);
  return Out;
}

namespace {

/// Keeps clang's messages as plain values.
class Collector : public DiagnosticConsumer {
public:
  explicit Collector(std::vector<Diagnostic> &Out) : Out(Out) {}

  void HandleDiagnostic(DiagnosticsEngine::Level Level,
                        const clang::Diagnostic &Info) override {
    DiagnosticConsumer::HandleDiagnostic(Level, Info);
    kbuild::Diagnostic D;
    D.Level = Level >= DiagnosticsEngine::Error     ? Diagnostic::Error
              : Level == DiagnosticsEngine::Warning ? Diagnostic::Warning
                                                    : Diagnostic::Note;
    SmallString<128> Text;
    Info.FormatDiagnostic(Text);
    D.Message = std::string(Text);
    D.Id = Info.getID();
    for (unsigned I = 0; I < Info.getNumArgs(); ++I)
      if (std::string Name = nameIn(Info, I); !Name.empty())
        D.Names.push_back(std::move(Name));
    if (Info.hasSourceManager() && Info.getLocation().isValid())
      place(D, Info.getSourceManager(), Info.getLocation());
    Out.push_back(std::move(D));
  }

private:
  using Diagnostic = kbuild::Diagnostic;

  /// Argument \p I as a name; empty for a number.
  static std::string nameIn(const clang::Diagnostic &Info, unsigned I) {
    switch (Info.getArgKind(I)) {
    case DiagnosticsEngine::ak_std_string:
      return Info.getArgStdStr(I);
    case DiagnosticsEngine::ak_identifierinfo:
      return Info.getArgIdentifier(I)->getName().str();
    case DiagnosticsEngine::ak_declarationname:
      return DeclarationName::getFromOpaqueInteger(Info.getRawArg(I))
          .getAsString();
    case DiagnosticsEngine::ak_qualtype:
      return QualType::getFromOpaquePtr(
                 reinterpret_cast<void *>(Info.getRawArg(I)))
          .getAsString();
    default:
      return {};
    }
  }

  static void place(Diagnostic &D, const SourceManager &SM,
                    SourceLocation Loc) {
    PresumedLoc At = SM.getPresumedLoc(SM.getExpansionLoc(Loc));
    if (At.isInvalid())
      return;
    D.File = At.getFilename();
    D.Line = At.getLine();
    D.Column = At.getColumn();
  }

  std::vector<Diagnostic> &Out;
};

/// Ends the parse at the first declaration after the deadline.
class Deadline : public ASTConsumer {
public:
  Deadline(unsigned Seconds, bool &Expired)
      : End(processorTime() + std::chrono::seconds(Seconds)), Expired(Expired) {
  }

  bool HandleTopLevelDecl(DeclGroupRef) override {
    Expired = processorTime() > End;
    return !Expired;
  }

private:
  std::chrono::nanoseconds End;
  bool &Expired;
};

/// The action of every parse: body skipping, the time limit, and the caller's
/// consumer, if any.
class ParseAction : public ASTFrontendAction {
public:
  /// \p Precompiled: where the parse shall be written to, or null.
  ParseAction(const ParseOptions &Options, bool &Expired,
              std::shared_ptr<PCHBuffer> Precompiled)
      : Options(Options), Expired(Expired),
        Precompiled(std::move(Precompiled)) {}

  TranslationUnitKind getTranslationUnitKind() override {
    return Precompiled ? TU_Prefix : TU_Complete;
  }

protected:
  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &CI,
                                                 StringRef) override {
    if (Options.OnStart)
      Options.OnStart(CI);
    std::vector<std::unique_ptr<ASTConsumer>> All;
    if (Options.SkipHeaderBodies)
      All.push_back(skipHeaderBodies(CI));
    if (Options.TimeLimit)
      All.push_back(std::make_unique<Deadline>(Options.TimeLimit, Expired));
    if (Options.MakeConsumer)
      if (std::unique_ptr<ASTConsumer> Extra = Options.MakeConsumer(CI))
        All.push_back(std::move(Extra));
    if (Precompiled)
      All.push_back(compat::precompiler(CI, Precompiled));
    return std::make_unique<MultiplexConsumer>(std::move(All));
  }

private:
  const ParseOptions &Options;
  bool &Expired;
  std::shared_ptr<PCHBuffer> Precompiled;
};

/// Where a prelude's text appears to live.
constexpr llvm::StringLiteral PreludePath = "/vfio-kbuild/prelude.h";

} // namespace

//===- ParsedTU -----------------------------------------------------------===//

struct ParsedTU::Impl {
  Input In;
  ParseOptions Options; // the action refers to it
  std::vector<Diagnostic> Diagnostics;
  bool TimedOut = false;
  /// What the parse starts from, if anything; the AST is read from it as it is
  /// asked for.
  std::shared_ptr<const PrecompiledHeaders> Shared;
  Collector Client{Diagnostics}; // before CI, which refers to it
  std::unique_ptr<CompilerInstance> CI;
  std::unique_ptr<ParseAction> Action;

  ~Impl() {
    if (Action)
      Action->EndSourceFile();
  }
};

ParsedTU::ParsedTU(std::unique_ptr<Impl> I) : I(std::move(I)) {}
ParsedTU::~ParsedTU() = default;

const Input &ParsedTU::input() const { return I->In; }
CompilerInstance &ParsedTU::compiler() { return *I->CI; }
ASTContext &ParsedTU::context() { return I->CI->getASTContext(); }
Preprocessor &ParsedTU::preprocessor() { return I->CI->getPreprocessor(); }
SourceManager &ParsedTU::sources() { return I->CI->getSourceManager(); }
const PrecompiledHeaders *ParsedTU::sharedHeaders() const {
  return I->Shared.get();
}
bool ParsedTU::timedOut() const { return I->TimedOut; }
bool ParsedTU::hasErrors() const { return firstError() != nullptr; }

const std::vector<Diagnostic> &ParsedTU::diagnostics() const {
  return I->Diagnostics;
}

const Diagnostic *ParsedTU::firstError() const {
  for (const Diagnostic &D : I->Diagnostics)
    if (D.Level == Diagnostic::Error)
      return &D;
  return nullptr;
}

//===- Parsing ------------------------------------------------------------===//

/// Builds a ParsedTU in steps; each says in Problem why it could not.
class TUParser {
public:
  TUParser(const InputSet &Set, const Input &In, const ParseOptions &Options)
      : TUParser(&Set, In, Options) {}
  TUParser(const InputSet *Set, const Input &In, const ParseOptions &Options)
      : Set(Set), TU(new ParsedTU::Impl) {
    TU->In = In;
    TU->Options = Options;
  }

  /// Has the parse start from \p Headers.
  void startFrom(std::shared_ptr<const PrecompiledHeaders> Headers) {
    TU->Shared = std::move(Headers);
  }
  /// Has the parse written to \p Bytes.
  void writeTo(std::shared_ptr<PCHBuffer> Bytes) {
    Precompiled = std::move(Bytes);
  }

  std::unique_ptr<ParsedTU> run(std::string &Problem);
  /// Parses what \p Invocation says.
  std::unique_ptr<ParsedTU> run(std::shared_ptr<CompilerInvocation> Invocation,
                                IntrusiveRefCntPtr<vfs::FileSystem> FS,
                                std::string &Problem);

private:
  IntrusiveRefCntPtr<vfs::FileSystem> makeFileSystem() const;
  std::vector<std::string> arguments() const;
  std::shared_ptr<CompilerInvocation>
  makeInvocation(IntrusiveRefCntPtr<vfs::FileSystem> FS);
  std::string problem(const Twine &Otherwise) const;
  const InputSet *Set; ///< null where the invocation is given
  std::unique_ptr<ParsedTU::Impl> TU;
  std::shared_ptr<PCHBuffer> Precompiled;
};

IntrusiveRefCntPtr<vfs::FileSystem> TUParser::makeFileSystem() const {
  IntrusiveRefCntPtr<vfs::OverlayFileSystem> FS = Set->fileSystem();
  IntrusiveRefCntPtr<vfs::InMemoryFileSystem> Edits(
      new vfs::InMemoryFileSystem);
  for (const auto &[Path, Text] : TU->Options.Overlay)
    Edits->addFile(Path, 0, MemoryBuffer::getMemBufferCopy(Text, Path));
  if (!TU->Options.Prelude.empty())
    Edits->addFile(PreludePath, 0,
                   MemoryBuffer::getMemBufferCopy(TU->Options.Prelude));
  FS->pushOverlay(Edits);
  if (TU->Shared)
    FS->pushOverlay(TU->Shared->Files);
  FS->setCurrentWorkingDirectory(TU->In.Directory);
  return FS;
}

std::vector<std::string> TUParser::arguments() const {
  std::vector<std::string> Args = TU->In.CommandLine;
  std::vector<std::string> More = TU->Options.ExtraArgs;
  if (!TU->Options.Prelude.empty())
    More.insert(More.end(), {"-include", PreludePath.str()});
  Args.insert(Args.end() - 1, More.begin(), More.end());
  return Args;
}

/// Takes away what no parse of ours needs and what a hostile command line
/// could use, whatever cleaned it before.
static void disarm(CompilerInvocation &CI) {
  FrontendOptions &Front = CI.getFrontendOpts();
  Front.ProgramAction = frontend::ParseSyntaxOnly;
  Front.OutputFile.clear();
  Front.Plugins.clear();
  Front.AddPluginActions.clear();
  Front.LLVMArgs.clear();
  Front.StatsFile.clear();
  Front.TimeTracePath.clear();
  Front.DisableFree = false;
  CI.getDiagnosticOpts().DiagnosticLogFile.clear();
  CI.getDiagnosticOpts().DiagnosticSerializationFile.clear();
  CI.getDependencyOutputOpts() = DependencyOutputOptions();
  CI.getPreprocessorOpts().ImplicitPCHInclude.clear();
}

std::shared_ptr<CompilerInvocation>
TUParser::makeInvocation(IntrusiveRefCntPtr<vfs::FileSystem> FS) {
  std::vector<std::string> Args = arguments();
  std::vector<const char *> Pointers;
  for (const std::string &Arg : Args)
    Pointers.push_back(Arg.c_str());
  Collector Client(TU->Diagnostics);
  compat::StartDiagnostics Start(Client);
  CreateInvocationOptions How;
  How.Diags = Start.Engine;
  How.VFS = FS;
  How.RecoverOnError = true;
  std::shared_ptr<CompilerInvocation> CI = createInvocation(Pointers, How);
  if (CI)
    disarm(*CI);
  if (CI && TU->Shared)
    kbuild::startFrom(*CI);
  return CI;
}

std::string TUParser::problem(const Twine &Otherwise) const {
  for (const Diagnostic &D : TU->Diagnostics)
    if (D.Level == Diagnostic::Error)
      return D.str();
  return Otherwise.str();
}

std::unique_ptr<ParsedTU> TUParser::run(std::string &Problem) {
  noteBottomOfStack(); // where clang counts from, to stop before it overflows
  IntrusiveRefCntPtr<vfs::FileSystem> FS = makeFileSystem();
  return run(makeInvocation(FS), FS, Problem);
}

std::unique_ptr<ParsedTU>
TUParser::run(std::shared_ptr<CompilerInvocation> Invocation,
              IntrusiveRefCntPtr<vfs::FileSystem> FS, std::string &Problem) {
  if (!Invocation || Invocation->getFrontendOpts().Inputs.size() != 1) {
    Problem = problem(TU->In.File + ": its command line is not understood");
    return nullptr;
  }
  TU->CI = compat::makeCompiler(std::move(Invocation), TU->Client, FS);
  CompilerInstance &CI = *TU->CI;
  // After a fatal error (a header that is not found) clang reads no further
  // header; what comes after it can be understood all the same.
  CI.getDiagnostics().setFatalsAsError(true);
  if (!CI.createTarget()) {
    Problem = problem(TU->In.File + ": clang cannot compile for its target");
    return nullptr;
  }
  TU->Action =
      std::make_unique<ParseAction>(TU->Options, TU->TimedOut, Precompiled);
  if (!TU->Action->BeginSourceFile(CI, CI.getFrontendOpts().Inputs[0])) {
    TU->Action.reset();
    Problem = problem(TU->In.File + ": cannot be read");
    return nullptr;
  }
  if (Error E = TU->Action->Execute()) {
    Problem = TU->In.File + ": " + toString(std::move(E));
    return nullptr;
  }
  if (TU->Shared)
    makeVisible(*TU->CI, Set->sharedHeaders()->lookedUpNames());
  return std::unique_ptr<ParsedTU>(new ParsedTU(std::move(TU)));
}

std::unique_ptr<ParsedTU> parse(const InputSet &Set, const Input &In,
                                const ParseOptions &Options,
                                std::string &Problem) {
  if (SharedHeaders *Shared = Set.sharedHeaders())
    if (auto Headers = Shared->find(In, Options)) {
      TUParser Parser(Set, In, Options);
      Parser.startFrom(std::move(Headers));
      if (std::unique_ptr<ParsedTU> TU = Parser.run(Problem))
        return TU;
      Problem.clear();
    }
  return TUParser(Set, In, Options).run(Problem);
}

/// The command that \p PP reads its source by, for \p File.
static std::shared_ptr<CompilerInvocation> commandFor(Preprocessor &PP,
                                                      StringRef File) {
  auto CI = std::make_shared<CompilerInvocation>();
  CI->getLangOpts() = PP.getLangOpts();
  CI->getTargetOpts() = PP.getTargetInfo().getTargetOpts();
  CI->getHeaderSearchOpts() = PP.getHeaderSearchInfo().getHeaderSearchOpts();
  PreprocessorOptions &Own = CI->getPreprocessorOpts();
  Own.Macros = PP.getPreprocessorOpts().Macros;
  // Text that a program has for this one source, as clangd for what changed
  // since its preamble, is not the module's.
  for (const std::string &File : PP.getPreprocessorOpts().Includes)
    if (!sys::path::is_absolute(File) ||
        PP.getFileManager().getVirtualFileSystem().exists(File))
      Own.Includes.push_back(File);
  Own.MacroIncludes = PP.getPreprocessorOpts().MacroIncludes;
  // A source that starts from a precompiled preamble has the compiler's own
  // macros from there, and says that it wants none. The module's have no such.
  Own.SetUpStaticAnalyzer = PP.getPreprocessorOpts().SetUpStaticAnalyzer;
  CI->getFrontendOpts().Inputs.emplace_back(File, InputKind(Language::C));
  // Nobody reads its messages, and to guess what was meant takes long.
  CI->getLangOpts().SpellChecking = false;
  disarm(*CI);
  return CI;
}

std::unique_ptr<ParsedTU> parseLike(Preprocessor &Like, StringRef File,
                                    const ParseOptions &Options,
                                    std::string &Problem) {
  IntrusiveRefCntPtr<vfs::FileSystem> FS =
      Like.getFileManager().getVirtualFileSystemPtr();
  Input In;
  In.File = File.str();
  return TUParser(nullptr, In, Options)
      .run(commandFor(Like, File), FS, Problem);
}

std::shared_ptr<const PrecompiledHeaders>
precompile(const InputSet &Set, const Input &In, std::string Text,
           ParseOptions Options, ArrayRef<std::string> Own) {
  auto Out = std::make_shared<PrecompiledHeaders>();
  Out->Path =
      ("/vfio-kbuild/shared-" + Twine::utohexstr(xxh3_64bits(Text)) + ".c")
          .str();
  Input File = In;
  File.File = Out->Path;
  File.CommandLine.push_back(File.File);
  Options.Overlay[File.File] = Text;
  for (const std::string &Header : Own)
    Out->Own.insert(Header);
  if (!Own.empty())
    Options.OnStart = [&](CompilerInstance &CI) {
      watchOwnHeaders(CI.getPreprocessor(), Own.front(), *Out);
    };
  auto Bytes = std::make_shared<PCHBuffer>();
  TUParser Parser(Set, File, Options);
  Parser.writeTo(Bytes);
  std::string Problem;
  std::unique_ptr<ParsedTU> TU = Parser.run(Problem);
  if (!TU || !Bytes->IsComplete || (!Own.empty() && !TU->diagnostics().empty()))
    return nullptr;
  Out->Text = std::move(Text);
  setBytes(*Out, std::move(Bytes));
  if (Own.empty())
    noteNames(TU->preprocessor(), *Out);
  return Out;
}

} // namespace vfio::kbuild
