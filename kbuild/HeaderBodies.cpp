//===- HeaderBodies.cpp - Which function bodies the parser may skip -------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/HeaderBodies.h"
#include "kbuild/Paths.h"
#include "clang/AST/Decl.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Lex/HeaderSearchOptions.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using namespace llvm;

namespace vfio::kbuild {

/// Files that only a kernel's include folders have; one is enough.
static constexpr llvm::StringLiteral KernelMarks[] = {
    "linux/kernel.h",         "linux/kconfig.h",
    "asm/ptrace.h",           "asm/unistd.h",
    "generated/bounds.h",     "generated/autoconf.h",
    "generated/utsrelease.h", "linux/version.h",
    "asm/irq_regs.h",         "asm/types.h",
    "linux/types.h"};

/// True where the search folder \p Dir is one of the kernel's or clang's own,
/// not one that a driver keeps its headers in.
static bool isKernelDir(vfs::FileSystem &FS, StringRef Dir,
                        StringRef ResourceDir) {
  if (!ResourceDir.empty() && isBelow(Dir, ResourceDir))
    return true;
  for (StringRef Mark : KernelMarks)
    if (FS.exists(pathIn(Dir, Mark)))
      return true;
  return false;
}

HeaderBodies::HeaderBodies(CompilerInstance &CI) : SM(CI.getSourceManager()) {
  const HeaderSearchOptions &Search = CI.getHeaderSearchOpts();
  vfs::FileSystem &FS = CI.getVirtualFileSystem();
  if (auto Dir = FS.getCurrentWorkingDirectory())
    Cwd = *Dir;
  for (const HeaderSearchOptions::Entry &E : Search.UserEntries)
    if (isKernelDir(FS, E.Path, Search.ResourceDir))
      KernelDirs.push_back(absolute(E.Path, Cwd) + "/");
}

bool HeaderBodies::isKernelFile(FileID File) {
  auto [It, New] = Known.try_emplace(File, false);
  if (!New)
    return It->second;
  OptionalFileEntryRef Entry = SM.getFileEntryRefForID(File);
  if (!Entry)
    return false;
  // A header that says "../../drivers/x.h" to reach a driver's is no kernel's.
  std::string Name = absolute(Entry->getName(), Cwd);
  It->second = any_of(KernelDirs, [&](const std::string &Dir) {
    return StringRef(Name).starts_with(Dir);
  });
  return It->second;
}

bool HeaderBodies::shouldSkipFunctionBody(Decl *D) {
  SourceLocation Loc = SM.getExpansionLoc(D->getLocation());
  FileID File = SM.getFileID(Loc);
  return File != SM.getMainFileID() && isKernelFile(File);
}

std::unique_ptr<ASTConsumer> skipHeaderBodies(CompilerInstance &CI) {
  CI.getFrontendOpts().SkipFunctionBodies = true;
  return std::make_unique<HeaderBodies>(CI);
}

} // namespace vfio::kbuild
