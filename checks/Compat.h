//===- Compat.h - What differs between LLVM majors, for checks ------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every #if on VFIO_LLVM_MAJOR in checks/ is in this file, and those of what
// clang-tidy is to whoever runs checks.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CHECKS_COMPAT_H
#define VFIO_CHECKS_COMPAT_H

#include "clang-tidy/ClangTidyCheck.h"
#include "clang-tidy/ClangTidyModule.h"
#if VFIO_LLVM_MAJOR < 22 // part of ClangTidyModule.h from then on
#include "clang-tidy/ClangTidyModuleRegistry.h"
#endif
#include "clang-tidy/ClangTidyDiagnosticConsumer.h"
#include "clang/Basic/Diagnostic.h"
#include "clang/Basic/DiagnosticIDs.h"
#include "clang/Basic/DiagnosticOptions.h"

namespace vfio::checks::compat {

/// The numbers of diagnostics. There is one set of them for all sources: a
/// ClangTidyContext remembers which check a number belongs to.
inline llvm::IntrusiveRefCntPtr<clang::DiagnosticIDs> diagnosticIDs() {
#if VFIO_LLVM_MAJOR >= 22
  static auto IDs = clang::DiagnosticIDs::create();
#else
  static auto IDs = llvm::makeIntrusiveRefCnt<clang::DiagnosticIDs>();
#endif
  return IDs;
}

/// The engine that gives clang-tidy's diagnostics to \p Client. Must live as
/// long as \p Context is used.
class TidyDiagnostics {
public:
  TidyDiagnostics(clang::tidy::ClangTidyContext &Context,
                  clang::DiagnosticConsumer &Client) {
#if VFIO_LLVM_MAJOR >= 21
    auto Options = std::make_unique<clang::DiagnosticOptions>();
    Engine = llvm::makeIntrusiveRefCnt<clang::DiagnosticsEngine>(
        diagnosticIDs(), *Options, &Client,
        /*ShouldOwnClient=*/false);
    Context.setDiagnosticsEngine(std::move(Options), Engine.get());
#else
    Engine = llvm::makeIntrusiveRefCnt<clang::DiagnosticsEngine>(
        diagnosticIDs(), llvm::makeIntrusiveRefCnt<clang::DiagnosticOptions>(),
        &Client,
        /*ShouldOwnClient=*/false);
    Context.setDiagnosticsEngine(Engine.get());
#endif
  }

private:
  llvm::IntrusiveRefCntPtr<clang::DiagnosticsEngine> Engine;
};

} // namespace vfio::checks::compat

#endif // VFIO_CHECKS_COMPAT_H
