//===- SourceDiagnostics.cpp - What is said while a source is analysed --===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-tidy/SourceDiagnostics.h"
#include "contracts/ApiTable.h"
#include "kbuild/IncludeFinder.h"
#include "tools/vfio-tidy/Compat.h"
#include "clang/Basic/DiagnosticLex.h"
#include "clang/Basic/DiagnosticParse.h"
#include "clang/Basic/DiagnosticSema.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using clang::tidy::ClangTidyError;

namespace vfio::tidy {

/// True for clang's message \p ID where it is an error unless flags say
/// otherwise.
static bool isError(unsigned ID) {
  return ID < diag::DIAG_UPPER_LIMIT &&
         compat::diagnosticIDs()->isDefaultMappingAsError(ID);
}

bool stopsBuild(unsigned ID) {
  // Of these, gcc before 14 only warns, and no kernel's Makefile makes more of
  // it (6.1: Makefile; 6.12 and 7.2: scripts/Makefile.extrawarn).
  static constexpr llvm::StringLiteral Warned[] = {"int-conversion",
                                                   "return-mismatch"};
  return isError(ID) &&
         !llvm::is_contained(
             Warned, compat::diagnosticIDs()->getWarningOptionForDiag(ID));
}

/// The file that \p Info is about.
static std::string includerOf(const Diagnostic &Info) {
  if (!Info.hasSourceManager() || Info.getLocation().isInvalid())
    return {};
  return Info.getSourceManager()
      .getFilename(Info.getSourceManager().getExpansionLoc(Info.getLocation()))
      .str();
}

/// True for a call of a life-cycle function that nothing declares.
static bool isLifecycleCall(const Diagnostic &Info) {
  return Info.getID() == diag::ext_implicit_function_decl_c99 &&
         Info.getArgKind(0) == DiagnosticsEngine::ak_identifierinfo &&
         findApi(Info.getArgIdentifier(0)->getName());
}

/// Remembers \p Info where it is an error of the language. One that is only a
/// warning made an error leaves no hole in the syntax tree; nor does an error
/// that our flags have made a warning.
void SourceDiagnostics::noteError(DiagnosticsEngine::Level Level,
                                  const Diagnostic &Info) {
  unsigned ID = Info.getID();
  bool OfBuild = Level == DiagnosticsEngine::Warning && stopsBuild(ID);
  if (!OfBuild && (Level < DiagnosticsEngine::Error || !isError(ID)))
    return;
  llvm::SmallString<128> Message;
  Info.FormatDiagnostic(Message);
  std::string Text;
  if (Info.hasSourceManager() && Info.getLocation().isValid()) {
    PresumedLoc Place = Info.getSourceManager().getPresumedLoc(
        Info.getSourceManager().getExpansionLoc(Info.getLocation()));
    if (Place.isValid())
      Text = (llvm::Twine(Place.getFilename()) + ":" +
              llvm::Twine(Place.getLine()) + ":" +
              llvm::Twine(Place.getColumn()) + ": ")
                 .str();
  }
  Text += ("error: " + Message).str();
  if (OfBuild) {
    Errors.OfBuild.push_back(
        {Info.getLocation(), std::move(Text), isLifecycleCall(Info)});
    return;
  }
  if (ID == diag::err_pp_file_not_found) {
    if (Errors.MissingHeaders.empty())
      Errors.Advice =
          kbuild::adviceOnMissing(Info.getArgStdStr(0), includerOf(Info));
    Errors.MissingHeaders.push_back(Info.getArgStdStr(0));
  }
  bool Torn = ID == diag::err_function_definition_not_allowed ||
              ID == diag::err_extraneous_closing_brace;
  if (Errors.Hopeless.empty() && (Torn || Level == DiagnosticsEngine::Fatal))
    Errors.Hopeless = Text;
  Errors.All.push_back({Info.getLocation(), std::move(Text)});
}

void SourceDiagnostics::noteRaw(DiagnosticsEngine::Level Level,
                                const Diagnostic &Info) {
  if (Level < DiagnosticsEngine::Warning ||
      Info.getID() < diag::DIAG_UPPER_LIMIT || !Info.hasSourceManager() ||
      Info.getLocation().isInvalid())
    return;
  const SourceManager &SM = Info.getSourceManager();
  SourceLocation Where = SM.getExpansionLoc(Info.getLocation());
  Raw.push_back({SM.getFilename(Where).str(), SM.getExpansionLineNumber(Where),
                 Context.getCheckName(Info.getID())});
}

void SourceDiagnostics::HandleDiagnostic(DiagnosticsEngine::Level Level,
                                         const Diagnostic &Info) {
  if (!Inside) {
    DiagnosticConsumer::HandleDiagnostic(Level, Info); // counts it
    noteError(Level, Info);
    noteRaw(Level, Info);
    Inside = true;
    Tidy.HandleDiagnostic(Level, Info);
    Inside = false;
    return;
  }
  llvm::SmallString<128> Text;
  Info.FormatDiagnostic(Text);
  std::string Name = Context.getCheckName(Info.getID());
  StringRef Message = Text;
  Message.consume_back(" [" + Name +
                       "]"); // where it is printed, it comes again
  ClangTidyError Said(Name, ClangTidyError::Error,
                      Context.getCurrentBuildDirectory(),
                      /*IsWarningAsError=*/false);
  Said.Message = Info.hasSourceManager() && Info.getLocation().isValid()
                     ? tooling::DiagnosticMessage(
                           Message, Info.getSourceManager(), Info.getLocation())
                     : tooling::DiagnosticMessage(Message);
  OfComments.push_back(std::move(Said));
}

std::vector<ClangTidyError> SourceDiagnostics::take() {
  std::vector<ClangTidyError> All = Tidy.take();
  llvm::append_range(All, std::exchange(OfComments, {}));
  return All;
}

} // namespace vfio::tidy
