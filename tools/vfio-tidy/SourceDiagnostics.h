//===- SourceDiagnostics.h - What is said while a source is analysed ----===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Stands in front of clang-tidy's consumer. What clang-tidy says of a NOLINT
// comment comes in the middle of the finding that the comment was asked about:
// here it is set apart, so that the finding keeps its notes.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_TOOLS_VFIOTIDY_SOURCEDIAGNOSTICS_H
#define VFIO_TOOLS_VFIOTIDY_SOURCEDIAGNOSTICS_H

#include "clang-tidy/ClangTidyDiagnosticConsumer.h"
#include <vector>

namespace vfio::tidy {

/// An error of clang's.
struct ParseError {
  clang::SourceLocation Where;
  std::string Text; ///< "file:line:column: error: message"
  /// True for a call of a life-cycle function that these headers do not have: a
  /// check has more to say of it.
  bool IsLifecycle = false;
};

/// The errors of one parse.
struct ParseErrors {
  std::vector<ParseError> All;
  /// What clang only warns of here, and a kernel's build stops at: a call of an
  /// undeclared function, say. It leaves no hole in the syntax tree.
  std::vector<ParseError> OfBuild;
  std::vector<std::string> MissingHeaders;
  std::string Advice; ///< what to do about the first of them
  /// An error after which the syntax tree is no image of the file: clang
  /// stopped there, or took one function's end for another's. Empty without
  /// one.
  std::string Hopeless;
};

/// True for clang's message \p ID where a kernel's own build takes it for an
/// error, whatever our flags say.
bool stopsBuild(unsigned ID);

/// A finding before any comment silenced it.
struct RawFinding {
  std::string File;
  unsigned Line = 0;
  std::string Check;
};

class SourceDiagnostics : public clang::DiagnosticConsumer {
public:
  SourceDiagnostics(clang::tidy::ClangTidyContext &Context, bool FixesFromNotes)
      : Context(Context),
        Tidy(Context, nullptr,
             /*RemoveIncompatibleErrors=*/true, FixesFromNotes) {}

  void BeginSourceFile(const clang::LangOptions &LangOpts,
                       const clang::Preprocessor *PP) override {
    Tidy.BeginSourceFile(LangOpts, PP);
  }
  void EndSourceFile() override { Tidy.EndSourceFile(); }
  void HandleDiagnostic(clang::DiagnosticsEngine::Level Level,
                        const clang::Diagnostic &Info) override;

  const ParseErrors &errors() const { return Errors; }
  std::vector<RawFinding> takeRaw() { return std::move(Raw); }

  /// All that was said, and forgets it.
  std::vector<clang::tidy::ClangTidyError> take();

private:
  void noteRaw(clang::DiagnosticsEngine::Level Level,
               const clang::Diagnostic &Info);
  void noteError(clang::DiagnosticsEngine::Level Level,
                 const clang::Diagnostic &Info);

  clang::tidy::ClangTidyContext &Context;
  clang::tidy::ClangTidyDiagnosticConsumer Tidy;
  bool Inside = false; ///< clang-tidy's consumer is at work
  std::vector<clang::tidy::ClangTidyError> OfComments;
  ParseErrors Errors;
  std::vector<RawFinding> Raw;
};

} // namespace vfio::tidy

#endif // VFIO_TOOLS_VFIOTIDY_SOURCEDIAGNOSTICS_H
