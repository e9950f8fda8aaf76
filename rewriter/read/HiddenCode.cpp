//===- HiddenCode.cpp - What the errors of a parse may hide ---------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/read/HiddenCode.h"
#include "kbuild/IncludeFinder.h"
#include "lifecycle/ASTVisitor.h"
#include "clang/Basic/DiagnosticSema.h"
#include "clang/Lex/LexDiagnostic.h"
#include "clang/Lex/Lexer.h"
#include "llvm/Support/FileSystem.h"

using namespace clang;

namespace vfio::rewriter {

/// A call that says something of a device's life, or of its memory's.
static bool isLifeCall(const ApiFunction &Api) {
  Role R = Api.Kind;
  return isOldInit(R) || isOldUninit(R) || isFree(R) || isRegister(R) ||
         isUnregister(R) || R == Role::Allocate || R == Role::DevmAllocate;
}

namespace {

/// What is counted of a stretch of code.
struct Tally {
  unsigned LifeCalls = 0, Exits = 0;
};

/// The tally of what the AST has of a function. What a macro's body brings is
/// not in the function's text and not counted.
struct TreeTally : ASTVisitor<TreeTally> {
  const SourceManager &SM;
  Tally T;
  explicit TreeTally(const SourceManager &SM) : SM(SM) {}

  bool written(SourceLocation Loc) const {
    return !Loc.isMacroID() || SM.isMacroArgExpansion(Loc);
  }
  bool VisitCallExpr(CallExpr *Call) ENGINE_OVERRIDE {
    const ApiFunction *Api = findApi(*Call);
    if (Api && isLifeCall(*Api))
      // An allocator may be a macro whose body has the call.
      ++T.LifeCalls;
    return true;
  }
  bool VisitReturnStmt(ReturnStmt *S) ENGINE_OVERRIDE {
    T.Exits += written(S->getBeginLoc());
    return true;
  }
  bool VisitGotoStmt(GotoStmt *S) ENGINE_OVERRIDE {
    T.Exits += written(S->getBeginLoc());
    return true;
  }
};

/// One file of the driver, by its real path.
class File {
public:
  File(const Unit &U, std::string Path) : U(U), Path(std::move(Path)) {
    auto FE = U.sources().getFileManager().getOptionalFileRef(this->Path);
    if (FE)
      ID = U.sources().translateFile(*FE);
  }

  const kbuild::Diagnostic *firstHiding(llvm::ArrayRef<unsigned> ErrorLines) {
    if (ID.isInvalid())
      return nullptr;
    for (const FunctionDecl *F : U.Model->Functions)
      if (U.place(F->getLocation()).File == Path)
        Ranges.push_back({F, U.range(F->getSourceRange())});
    count();
    for (const Range &R : Ranges) {
      unsigned First = lineOf(R.At.Begin), Last = lineOf(R.At.End);
      auto In = [&](unsigned L) { return First <= L && L <= Last; };
      auto Error = llvm::find_if(ErrorLines, In);
      if (Error == ErrorLines.end() || !R.Written.LifeCalls)
        continue;
      TreeTally Seen(U.sources());
      Seen.TraverseStmt(R.F->getBody());
      if (Seen.T.LifeCalls < R.Written.LifeCalls ||
          Seen.T.Exits < R.Written.Exits)
        return at(*Error);
    }
    // Code of no function that the AST has: the error is before it, or in it.
    if (Outside)
      return at(*std::max_element(
          ErrorLines.begin(), ErrorLines.end(), [&](unsigned A, unsigned B) {
            return (A <= Outside ? A : 0) < (B <= Outside ? B : 0);
          }));
    return nullptr;
  }

private:
  struct Range {
    const FunctionDecl *F;
    FileRange At;
    Tally Written = {};
  };

  unsigned lineOf(unsigned Offset) const {
    return U.sources().getLineNumber(ID, Offset);
  }

  const kbuild::Diagnostic *at(unsigned Line) const {
    for (const kbuild::Diagnostic &D : U.TU->diagnostics())
      if (D.Level == kbuild::Diagnostic::Error && D.Line == Line)
        return &D;
    return nullptr;
  }

  /// Counts what the text has, function by function.
  void count() {
    SourceManager &SM = U.sources();
    llvm::StringRef Text = SM.getBufferData(ID);
    Lexer Lex(SM.getLocForStartOfFile(ID), U.langOpts(), Text.begin(),
              Text.begin(), Text.end());
    Token Tok, Before;
    unsigned Depth = 0;
    bool Directive = false;
    Before.startToken();
    for (Lex.LexFromRawLexer(Tok); Tok.isNot(tok::eof);
         Before = Tok, Lex.LexFromRawLexer(Tok)) {
      if (Tok.isAtStartOfLine())
        Directive = Tok.is(tok::hash);
      if (Directive)
        continue;
      Depth += Tok.is(tok::l_brace);
      Depth -= Depth && Tok.is(tok::r_brace);
      unsigned Offset = SM.getFileOffset(Tok.getLocation());
      if (Tok.is(tok::raw_identifier))
        word(Tok.getRawIdentifier(), Offset);
      else if (Tok.is(tok::l_paren) && Before.is(tok::raw_identifier))
        call(Before.getRawIdentifier(), Offset, Depth);
    }
  }

  Range *rangeAt(unsigned Offset) {
    for (Range &R : Ranges)
      if (R.At.Begin <= Offset && Offset < R.At.End)
        return &R;
    return nullptr;
  }

  void word(llvm::StringRef Name, unsigned Offset) {
    if (Name == "return" || Name == "goto")
      if (Range *R = rangeAt(Offset))
        ++R->Written.Exits;
  }

  void call(llvm::StringRef Name, unsigned Offset, unsigned Depth) {
    const ApiFunction *Api = findApi(Name);
    if (!Api || !isLifeCall(*Api) || !Depth)
      return;
    if (Range *R = rangeAt(Offset))
      ++R->Written.LifeCalls;
    else if (!Outside && !skipped(Offset))
      Outside = lineOf(Offset);
  }

  bool skipped(unsigned Offset) const {
    return llvm::any_of(U.Skipped, [&](const FileRange &R) {
      return R.File == Path && R.Begin <= Offset && Offset < R.End;
    });
  }

  const Unit &U;
  std::string Path;
  FileID ID;
  std::vector<Range> Ranges;
  /// The line of a call that is in no function which the AST has; 0 for none.
  unsigned Outside = 0;
};

} // namespace

bool isUndeclaredCall(const kbuild::Diagnostic &D) {
  return D.Id == diag::ext_implicit_function_decl_c99 ||
         D.Id == diag::warn_implicit_function_decl;
}

const kbuild::Diagnostic *hidingError(const Unit &U) {
  std::map<std::string, std::vector<unsigned>> Lines;
  for (const kbuild::Diagnostic &D : U.TU->diagnostics()) {
    // Such a call has its place in the AST all the same.
    if (D.Level != kbuild::Diagnostic::Error || isKernelHeaderPath(D.File) ||
        isUndeclaredCall(D))
      continue;
    llvm::SmallString<128> Real;
    if (!llvm::sys::fs::real_path(D.File, Real))
      Lines[std::string(Real)].push_back(D.Line);
  }
  for (const auto &[Path, ErrorLines] : Lines)
    if (const kbuild::Diagnostic *D = File(U, Path).firstHiding(ErrorLines))
      return D;
  return nullptr;
}

const kbuild::Diagnostic *missingHeader(const Unit &U) {
  for (const kbuild::Diagnostic &E : U.TU->diagnostics())
    if (E.Level == kbuild::Diagnostic::Error &&
        E.Id == diag::err_pp_file_not_found)
      return &E;
  return nullptr;
}

std::string adviceOn(const kbuild::Diagnostic &E) {
  if (E.Id != diag::err_pp_file_not_found)
    return E.str();
  return E.str() + kbuild::adviceOnMissing(E.Names.empty() ? "the header"
                                                           : E.Names.front(),
                                           E.File);
}

} // namespace vfio::rewriter
