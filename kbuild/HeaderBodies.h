//===- HeaderBodies.h - Parse no function that the kernel defines ---------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// More than half of a driver's parse is the bodies of inline functions in the
// kernel's headers, which no fact of ours comes from. This consumer, together
// with FrontendOptions::SkipFunctionBodies, skips just those.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_KBUILD_HEADERBODIES_H
#define VFIO_KBUILD_HEADERBODIES_H

#include "clang/AST/ASTConsumer.h"
#include "clang/Basic/SourceLocation.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/VirtualFileSystem.h"
#include <memory>
#include <string>
#include <vector>

namespace clang {
class CompilerInstance;
} // namespace clang

namespace vfio::kbuild {

/// True where the search folder \p Dir is one of the kernel's, or clang's own
/// in \p ResourceDir, not one that a driver keeps its headers in.
bool isKernelDir(llvm::vfs::FileSystem &FS, llvm::StringRef Dir,
                 llvm::StringRef ResourceDir);

/// Says of each function with a body whether the parser may skip it: only where
/// a kernel header (found under a search folder that holds linux/, asm/ or
/// generated/ headers) or clang's own header defines it. The main file's and
/// the driver's private headers' bodies stay.
///
/// To be multiplexed with the consumers that do the work (a MultiplexConsumer
/// skips a body only where all of its consumers agree, and a plain ASTConsumer
/// agrees always; none of the others may disagree, for the text of the body is
/// jumped over here).
class HeaderBodies : public clang::ASTConsumer {
public:
  explicit HeaderBodies(clang::CompilerInstance &CI);
  bool shouldSkipFunctionBody(clang::Decl *D) override;

private:
  bool isKernelFile(clang::FileID File);
  void jumpToEnd();

  clang::CompilerInstance &CI;
  std::string Cwd;
  std::vector<std::string> KernelDirs; ///< each ends in a slash
  llvm::DenseMap<clang::FileID, bool> Known;
};

/// Turns body skipping on in \p CI (before the action executes) and returns
/// the consumer that limits it to the kernel's headers.
std::unique_ptr<clang::ASTConsumer>
skipHeaderBodies(clang::CompilerInstance &CI);

} // namespace vfio::kbuild

#endif // VFIO_KBUILD_HEADERBODIES_H
