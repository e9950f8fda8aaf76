//===- SourceDiagnostics.cpp - What is said while a source is analysed --===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-tidy/SourceDiagnostics.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using clang::tidy::ClangTidyError;

namespace vfio::tidy {

void SourceDiagnostics::HandleDiagnostic(DiagnosticsEngine::Level Level,
                                         const Diagnostic &Info) {
  if (!Inside) {
    DiagnosticConsumer::HandleDiagnostic(Level, Info); // counts it
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
