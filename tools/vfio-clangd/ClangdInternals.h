//===- ClangdInternals.h - What we must know of clangd's inside ---------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// clangd's headers are not packaged. These are the few of its types that cross
// the calls which the linker sends to us (--wrap, see CMakeLists.txt), as far
// as their layout matters. Every #if on VFIO_LLVM_MAJOR in this folder is here.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_TOOLS_VFIOCLANGD_CLANGDINTERNALS_H
#define VFIO_TOOLS_VFIOCLANGD_CLANGDINTERNALS_H

#include "clang-tidy/ClangTidyOptions.h"
#include "clang/Basic/Diagnostic.h"
#include "clang/Tooling/CompilationDatabase.h"
#include "llvm/ADT/FunctionExtras.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdio>
#include <memory>

namespace clang::clangd {

/// Where messages to and from the editor pass.
class Transport {
public:
  /// Takes what comes from the editor; false ends the session.
  class MessageHandler {
  public:
    virtual ~MessageHandler() = default;
    virtual bool onNotify(llvm::StringRef Method, llvm::json::Value Params) = 0;
    virtual bool onCall(llvm::StringRef Method, llvm::json::Value Params,
                        llvm::json::Value ID) = 0;
    virtual bool onReply(llvm::json::Value ID,
                         llvm::Expected<llvm::json::Value> Result) = 0;
  };

  virtual ~Transport() = default;
  virtual void notify(llvm::StringRef Method, llvm::json::Value Params) = 0;
  virtual void call(llvm::StringRef Method, llvm::json::Value Params,
                    llvm::json::Value ID) = 0;
  virtual void reply(llvm::json::Value ID,
                     llvm::Expected<llvm::json::Value> Result) = 0;
  virtual llvm::Error loop(MessageHandler &Handler) = 0;
};

enum JSONStreamStyle : int;

/// Makes a compile command fit for clangd's parses. Only ever passed on.
class CommandMangler;

#if VFIO_LLVM_MAJOR >= 22
using DefaultChecksProvider = llvm::unique_function<void(
    tidy::ClangTidyOptions &, llvm::StringRef) const>;
#else
using DefaultChecksProvider =
    llvm::function_ref<void(tidy::ClangTidyOptions &, llvm::StringRef)>;
#endif

/// How PrecompiledPreamble::Build takes the engine. The function that is linked
/// to has its name in CMakeLists.txt.
#if VFIO_LLVM_MAJOR >= 22
using PreambleDiagnostics = llvm::IntrusiveRefCntPtr<DiagnosticsEngine>;
#else
using PreambleDiagnostics = DiagnosticsEngine &;
#endif

int clangdMain(int Argc, char *Argv[]);

} // namespace clang::clangd

#endif // VFIO_TOOLS_VFIOCLANGD_CLANGDINTERNALS_H
