//===- Program.cpp - The parsed TUs of a run, linked ----------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/read/Program.h"
#include "lifecycle/ASTVisitor.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Lex/PPCallbacks.h"
#include "clang/Lex/Preprocessor.h"

using namespace clang;

namespace vfio::rewriter {

const LangOptions &Unit::langOpts() const { return Model->Ctx.getLangOpts(); }

FileRange Unit::range(SourceRange R) const {
  return fileRange(R, sources(), langOpts());
}

FileRange Unit::range(CharSourceRange R) const {
  return fileRange(R, sources(), langOpts());
}

std::string Unit::text(SourceRange R) const {
  return textOf(range(R), sources());
}

Place Unit::place(SourceLocation Loc) const {
  SourceManager &SM = sources();
  SourceLocation File = SM.getFileLoc(Loc);
  return {realPath(SM.getFileID(File), SM), SM.getExpansionLineNumber(File),
          SM.getExpansionColumnNumber(File)};
}

std::string Program::key(const Unit &U, const FunctionDecl *F) {
  std::string Name = F->getNameAsString();
  if (!F->isExternallyVisible())
    Name += "@" + std::to_string(U.Index);
  return Name;
}

std::string Program::key(const Unit &U, const RecordDecl *R) {
  const RecordDecl *Def = R->getDefinition() ? R->getDefinition() : R;
  Place P = U.place(Def->getLocation());
  return R->getNameAsString() + "@" + P.File + ":" + std::to_string(P.Line);
}

std::string Program::key(const Unit &U, const VarDecl *V) {
  std::string Name = V->getNameAsString();
  if (!V->isExternallyVisible())
    Name += "@" + std::to_string(U.Index);
  return Name;
}

Program::Definition Program::definition(llvm::StringRef Key) const {
  auto It = Definitions.find(Key);
  return It == Definitions.end() ? Definition() : It->second;
}

Program::Definition Program::callee(const Unit &U, const CallExpr *Call) const {
  const FunctionDecl *F = Call->getDirectCallee();
  return F ? definition(key(U, F)) : Definition();
}

std::vector<Program::CallSite> Program::callsOf(llvm::StringRef Key) const {
  auto It = Calls.find(Key);
  return It == Calls.end() ? std::vector<CallSite>() : It->second;
}

namespace {
class CallCollector : public EvaluatedVisitor<CallCollector> {
public:
  CallCollector(const Unit &U, const FunctionDecl *In,
                llvm::StringMap<std::vector<Program::CallSite>> &Calls)
      : U(U), In(In), Calls(Calls) {}
  bool VisitCallExpr(CallExpr *Call) ENGINE_OVERRIDE {
    if (const FunctionDecl *F = Call->getDirectCallee())
      Calls[Program::key(U, F)].push_back({&U, In, Call});
    return true;
  }

private:
  const Unit &U;
  const FunctionDecl *In;
  llvm::StringMap<std::vector<Program::CallSite>> &Calls;
};

/// Notes every conditional of the files of a driver.
class ConditionalFinder : public PPCallbacks {
public:
  ConditionalFinder(const SourceManager &SM, std::vector<ConditionalRange> &Out,
                    std::vector<FileRange> &Skipped)
      : SM(SM), Out(Out), Skipped(Skipped) {}

  void SourceRangeSkipped(SourceRange R, SourceLocation) override {
    FileID F = SM.getFileID(R.getBegin());
    OptionalFileEntryRef E = SM.getFileEntryRefForID(F);
    if (E && !isKernelHeaderPath(E->getName()))
      Skipped.push_back({realPath(F, SM), SM.getFileOffset(R.getBegin()),
                         SM.getFileOffset(R.getEnd())});
  }

  void If(SourceLocation Loc, SourceRange, ConditionValueKind) override {
    open(Loc);
  }
  void Ifdef(SourceLocation Loc, const Token &,
             const MacroDefinition &) override {
    open(Loc);
  }
  void Ifndef(SourceLocation Loc, const Token &,
              const MacroDefinition &) override {
    open(Loc);
  }
  void Elif(SourceLocation Loc, SourceRange, ConditionValueKind,
            SourceLocation) override {
    directive(Loc);
  }
  void Else(SourceLocation Loc, SourceLocation) override { directive(Loc); }
  void Endif(SourceLocation Loc, SourceLocation) override {
    if (Stack.empty())
      return;
    directive(Loc);
    ConditionalRange R = std::move(Stack.back());
    Stack.pop_back();
    R.End = SM.getFileOffset(Loc) + 6;
    if (!isKernelHeaderPath(R.File))
      Out.push_back(std::move(R));
  }

private:
  void open(SourceLocation Loc) {
    ConditionalRange R;
    FileID F = SM.getFileID(Loc);
    OptionalFileEntryRef E = SM.getFileEntryRefForID(F);
    // The real path costs a system call: only for files that can matter.
    if (E && !isKernelHeaderPath(E->getName()))
      R.File = realPath(F, SM);
    else
      R.File = "/include/linux/";
    R.Begin = SM.getFileOffset(Loc);
    R.End = R.Begin;
    R.Directives.push_back(R.Begin);
    Stack.push_back(std::move(R));
  }
  void directive(SourceLocation Loc) {
    if (!Stack.empty())
      Stack.back().Directives.push_back(SM.getFileOffset(Loc));
  }

  const SourceManager &SM;
  std::vector<ConditionalRange> &Out;
  std::vector<FileRange> &Skipped;
  std::vector<ConditionalRange> Stack;
};
} // namespace

bool Program::isUnusedCopy(const Unit &U, const FunctionDecl *F) const {
  const SourceManager &SM = U.sources();
  return F->getStorageClass() == SC_Static &&
         !SM.isInMainFile(SM.getExpansionLoc(F->getLocation())) &&
         callsOf(key(U, F)).empty();
}

bool Program::isUsedElsewhere(const Unit &U, const FunctionDecl *F) const {
  Place Here = U.place(F->getLocation());
  return llvm::any_of(Units, [&](const std::unique_ptr<Unit> &Other) {
    return Other.get() != &U &&
           llvm::any_of(Other->Model->Functions, [&](const FunctionDecl *G) {
             return G->getName() == F->getName() &&
                    Other->place(G->getLocation()).File == Here.File &&
                    !callsOf(key(*Other, G)).empty();
           });
  });
}

void Program::link() {
  unsigned Index = 0;
  for (const auto &U : Units)
    U->Index = Index++;
  for (const auto &U : Units)
    for (const FunctionDecl *F : U->Model->Functions) {
      Definitions.try_emplace(key(*U, F), Definition{U.get(), F});
      CallCollector(*U, F, Calls)
          .TraverseStmt(const_cast<Stmt *>(F->getBody()));
    }
}

kbuild::ParseOptions UnitMaker::watch(kbuild::ParseOptions Options) {
  Options.OnStart = [this](CompilerInstance &CI) {
    auto U = std::make_unique<Unit>();
    CI.getPreprocessor().addPPCallbacks(std::make_unique<ConditionalFinder>(
        CI.getSourceManager(), U->Conditionals, U->Skipped));
    std::lock_guard<std::mutex> Guard(Lock);
    Started[&CI] = std::move(U);
  };
  return Options;
}

std::unique_ptr<Unit> UnitMaker::take(std::unique_ptr<kbuild::ParsedTU> TU) {
  std::unique_ptr<Unit> U;
  {
    std::lock_guard<std::mutex> Guard(Lock);
    auto It = Started.find(&TU->compiler());
    U = std::move(It->second);
    Started.erase(It);
  }
  U->TU = std::move(TU);
  U->Model = buildModel(U->TU->context());
  // Parents are asked for in the driver's own functions only: without this
  // scope the map would span all of the kernel's headers.
  std::vector<Decl *> Scope;
  for (const FunctionDecl *F : U->Model->Functions)
    Scope.push_back(const_cast<FunctionDecl *>(F));
  for (const VarDecl *V : U->Model->Vars)
    if (V->isFileVarDecl())
      Scope.push_back(const_cast<VarDecl *>(V));
  U->TU->context().setTraversalScope(Scope);
  return U;
}

std::unique_ptr<Unit> makeUnit(const kbuild::InputSet &Set,
                               const kbuild::Input &In,
                               kbuild::ParseOptions Options,
                               std::string &Problem) {
  UnitMaker Maker;
  std::unique_ptr<kbuild::ParsedTU> TU =
      kbuild::parse(Set, In, Maker.watch(std::move(Options)), Problem);
  return TU ? Maker.take(std::move(TU)) : nullptr;
}

std::vector<OpsWrite> opsWrites(const Unit &U) {
  struct Finder : ASTVisitor<Finder> {
    std::vector<const Expr *> Found;
    bool VisitBinaryOperator(BinaryOperator *BO) ENGINE_OVERRIDE {
      const auto *ME =
          dyn_cast<MemberExpr>(BO->getLHS()->IgnoreParenImpCasts());
      const auto *Field =
          ME ? dyn_cast<FieldDecl>(ME->getMemberDecl()) : nullptr;
      if (BO->isAssignmentOp() && Field && Field->getName() == "ops" &&
          isVfioDevice(Field->getParent()))
        Found.push_back(BO->getRHS());
      return true;
    }
  };
  std::vector<OpsWrite> Out;
  for (const FunctionDecl *F : U.Model->Functions) {
    Finder Writes;
    Writes.TraverseStmt(F->getBody());
    for (const Expr *E : Writes.Found)
      Out.push_back({F, E});
  }
  return Out;
}

} // namespace vfio::rewriter
