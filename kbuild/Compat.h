//===- Compat.h - What differs between LLVM majors, for parsing -----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every #if on VFIO_LLVM_MAJOR in kbuild/ is in this file.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_KBUILD_COMPAT_H
#define VFIO_KBUILD_COMPAT_H

#include "clang/Basic/Diagnostic.h"
#include "clang/Basic/DiagnosticIDs.h"
#include "clang/Basic/DiagnosticOptions.h"
#include "clang/Frontend/CompilerInstance.h"
#if VFIO_LLVM_MAJOR >= 22
#include "clang/Driver/CreateInvocationFromArgs.h"
#include "clang/Options/Options.h"
#else
#include "clang/Driver/Options.h"
#include "clang/Frontend/Utils.h"
#endif
#include "clang/Serialization/ASTWriter.h"
#include "llvm/Option/OptTable.h"
#include "llvm/Support/VirtualFileSystem.h"

namespace vfio::kbuild::compat {

/// A diagnostics engine for the time before there is a CompilerInstance. It and
/// its options live as long as this; \p Client is not owned.
class StartDiagnostics {
public:
  explicit StartDiagnostics(clang::DiagnosticConsumer &Client)
#if VFIO_LLVM_MAJOR >= 22
      : Engine(new clang::DiagnosticsEngine(clang::DiagnosticIDs::create(),
                                            Options, &Client,
                                            /*ShouldOwnClient=*/false)) {
  }
  clang::DiagnosticOptions Options;
#elif VFIO_LLVM_MAJOR >= 21
      : Engine(new clang::DiagnosticsEngine(new clang::DiagnosticIDs, Options,
                                            &Client,
                                            /*ShouldOwnClient=*/false)) {
  }
  clang::DiagnosticOptions Options;
#else
      : Engine(new clang::DiagnosticsEngine(
            new clang::DiagnosticIDs, new clang::DiagnosticOptions, &Client,
            /*ShouldOwnClient=*/false)) {
  }
#endif
  llvm::IntrusiveRefCntPtr<clang::DiagnosticsEngine> Engine;
};

/// A compiler with diagnostics, files and sources, all read from \p FS.
inline std::unique_ptr<clang::CompilerInstance>
makeCompiler(std::shared_ptr<clang::CompilerInvocation> Invocation,
             clang::DiagnosticConsumer &Client,
             llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> FS) {
#if VFIO_LLVM_MAJOR >= 22
  auto CI = std::make_unique<clang::CompilerInstance>(std::move(Invocation));
  CI->setVirtualFileSystem(std::move(FS));
  CI->createDiagnostics(&Client, /*ShouldOwnClient=*/false);
  CI->createFileManager();
  CI->createSourceManager();
#elif VFIO_LLVM_MAJOR >= 21
  auto CI = std::make_unique<clang::CompilerInstance>(std::move(Invocation));
  CI->createDiagnostics(*FS, &Client, /*ShouldOwnClient=*/false);
  CI->createFileManager(std::move(FS));
  CI->createSourceManager(CI->getFileManager());
#else
  auto CI = std::make_unique<clang::CompilerInstance>();
  CI->setInvocation(std::move(Invocation));
  CI->createDiagnostics(&Client, /*ShouldOwnClient=*/false);
  CI->createFileManager(std::move(FS));
  CI->createSourceManager(CI->getFileManager());
#endif
  return CI;
}

/// A consumer that writes what \p CI parses into \p Bytes, as a precompiled
/// header.
inline std::unique_ptr<clang::ASTConsumer>
precompiler(clang::CompilerInstance &CI,
            std::shared_ptr<clang::PCHBuffer> Bytes) {
  return std::make_unique<clang::PCHGenerator>(
      CI.getPreprocessor(), CI.getModuleCache(), /*OutputFile=*/"",
      /*isysroot=*/"", std::move(Bytes),
#if VFIO_LLVM_MAJOR >= 22
      CI.getCodeGenOpts(),
#endif
      llvm::ArrayRef<std::shared_ptr<clang::ModuleFileExtension>>());
}

/// Every option that clang's driver knows.
inline const llvm::opt::OptTable &driverOptions() {
#if VFIO_LLVM_MAJOR >= 22
  return clang::getDriverOptTable();
#else
  return clang::driver::getDriverOptTable();
#endif
}

#if VFIO_LLVM_MAJOR >= 22
namespace options = clang::options;
#else
namespace options = clang::driver::options;
#endif

/// The spelling of gcc and clang, not that of cl or flang.
inline llvm::opt::Visibility clangVisibility() {
  return llvm::opt::Visibility(options::ClangOption);
}

/// The group of all -m options.
inline unsigned machineGroup() { return options::OPT_m_Group; }

/// The group of all -W options.
inline unsigned warningGroup() { return options::OPT_W_Group; }

} // namespace vfio::kbuild::compat

#endif // VFIO_KBUILD_COMPAT_H
