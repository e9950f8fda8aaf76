//===- Compat.h - What differs between LLVM majors, for vfio-tidy -------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every #if on VFIO_LLVM_MAJOR in tools/ is in this file, and the mangled names
// that differ are in tools/CMakeLists.txt.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_TOOLS_VFIOTIDY_COMPAT_H
#define VFIO_TOOLS_VFIOTIDY_COMPAT_H

#include "clang-tidy/ClangTidy.h"
#include "clang-tidy/ClangTidyDiagnosticConsumer.h"
#include "clang/Basic/DiagnosticIDs.h"
#include "clang/Basic/DiagnosticOptions.h"

#if VFIO_LLVM_MAJOR >= 22
/// clang::tidy::runClangTidy's last parameter, which LLVM 19 has not.
#define VFIO_QUIET_PARAMETER , bool Quiet
#else
#define VFIO_QUIET_PARAMETER
#endif

namespace vfio::tidy::compat {

/// The names of all checks, and of their options ("check.Option").
struct AllChecks {
  llvm::StringSet<> Names, Options;

  AllChecks() {
#if VFIO_LLVM_MAJOR >= 22
    auto All = clang::tidy::getAllChecksAndOptions(
        /*AllowEnablingAnalyzerAlphaCheckers=*/true,
        /*ExperimentalCustomChecks=*/false);
    Names = std::move(All.Checks);
#else
    auto All = clang::tidy::getAllChecksAndOptions();
    Names = std::move(All.Names);
#endif
    Options = std::move(All.Options);
  }
};

/// The engine that gives clang-tidy's diagnostics to \p Client. Must live as
/// long as \p Context is used.
class TidyDiagnostics {
public:
  TidyDiagnostics(clang::tidy::ClangTidyContext &Context,
                  clang::DiagnosticConsumer &Client) {
#if VFIO_LLVM_MAJOR >= 22
    auto Options = std::make_unique<clang::DiagnosticOptions>();
    Engine = llvm::makeIntrusiveRefCnt<clang::DiagnosticsEngine>(
        clang::DiagnosticIDs::create(), *Options, &Client,
        /*ShouldOwnClient=*/false);
    Context.setDiagnosticsEngine(std::move(Options), Engine.get());
#else
    Engine = llvm::makeIntrusiveRefCnt<clang::DiagnosticsEngine>(
        llvm::makeIntrusiveRefCnt<clang::DiagnosticIDs>(),
        llvm::makeIntrusiveRefCnt<clang::DiagnosticOptions>(), &Client,
        /*ShouldOwnClient=*/false);
    Context.setDiagnosticsEngine(Engine.get());
#endif
  }

private:
  llvm::IntrusiveRefCntPtr<clang::DiagnosticsEngine> Engine;
};

} // namespace vfio::tidy::compat

#endif // VFIO_TOOLS_VFIOTIDY_COMPAT_H
