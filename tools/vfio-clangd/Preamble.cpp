//===- Preamble.cpp - The driver's own headers are read whole -----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// clangd precompiles what a file includes, without the bodies of functions. A
// driver's own header may put its device in one; so, as everywhere, only those
// of the kernel's headers are left out. What it precompiled lies in the folder
// for temporary files, and is read back through our file system.
//
//===----------------------------------------------------------------------===//

#include "kbuild/HeaderBodies.h"
#include "tools/vfio-clangd/ClangdInternals.h"
#include "tools/vfio-clangd/Flags.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/CompilerInvocation.h"
#include "clang/Frontend/PrecompiledPreamble.h"
#include "clang/Lex/PPCallbacks.h"

using namespace clang;
using namespace llvm;
using clang::clangd::PreambleDiagnostics;

ErrorOr<PrecompiledPreamble>
realBuildPreamble(const CompilerInvocation &, const MemoryBuffer *,
                  PreambleBounds, PreambleDiagnostics,
                  IntrusiveRefCntPtr<vfs::FileSystem>,
                  std::shared_ptr<PCHContainerOperations>, bool, StringRef,
                  PreambleCallbacks &) asm(VFIO_REAL_BUILD_PREAMBLE);
ErrorOr<PrecompiledPreamble>
wrapBuildPreamble(const CompilerInvocation &, const MemoryBuffer *,
                  PreambleBounds, PreambleDiagnostics,
                  IntrusiveRefCntPtr<vfs::FileSystem>,
                  std::shared_ptr<PCHContainerOperations>, bool, StringRef,
                  PreambleCallbacks &) asm(VFIO_WRAP_BUILD_PREAMBLE);

namespace {

/// clangd's callbacks, but for which bodies are skipped.
class OurCallbacks : public PreambleCallbacks {
public:
  explicit OurCallbacks(PreambleCallbacks &Clangd) : Clangd(Clangd) {}

  void BeforeExecute(CompilerInstance &CI) override {
    Clangd.BeforeExecute(CI);
    Bodies = std::make_unique<vfio::kbuild::HeaderBodies>(CI);
  }
  void AfterExecute(CompilerInstance &CI) override {
    Clangd.AfterExecute(CI);
    vfio::clangd::allowPreamble(CI.getFrontendOpts().OutputFile);
  }
  void AfterPCHEmitted(ASTWriter &Writer) override {
    Clangd.AfterPCHEmitted(Writer);
  }
  void HandleTopLevelDecl(DeclGroupRef Group) override {
    Clangd.HandleTopLevelDecl(Group);
  }
  std::unique_ptr<PPCallbacks> createPPCallbacks() override {
    return Clangd.createPPCallbacks();
  }
  CommentHandler *getCommentHandler() override {
    return Clangd.getCommentHandler();
  }
  bool shouldSkipFunctionBody(Decl *D) override {
    return Clangd.shouldSkipFunctionBody(D) &&
           Bodies->shouldSkipFunctionBody(D);
  }

private:
  PreambleCallbacks &Clangd;
  std::unique_ptr<vfio::kbuild::HeaderBodies> Bodies;
};

} // namespace

ErrorOr<PrecompiledPreamble> wrapBuildPreamble(
    const CompilerInvocation &Invocation, const MemoryBuffer *MainFile,
    PreambleBounds Bounds, PreambleDiagnostics Diagnostics,
    IntrusiveRefCntPtr<vfs::FileSystem> Files,
    std::shared_ptr<PCHContainerOperations> Containers, bool StoreInMemory,
    StringRef StoragePath, PreambleCallbacks &Callbacks) {
  OurCallbacks Ours(Callbacks);
  return realBuildPreamble(Invocation, MainFile, Bounds,
                           std::forward<PreambleDiagnostics>(Diagnostics),
                           std::move(Files), std::move(Containers),
                           StoreInMemory, StoragePath, Ours);
}
