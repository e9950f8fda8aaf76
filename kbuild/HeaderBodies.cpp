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
#include "clang/Lex/Lexer.h"
#include "clang/Lex/Preprocessor.h"
#include "llvm/ADT/STLExtras.h"
#include <optional>

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

bool isKernelDir(vfs::FileSystem &FS, StringRef Dir, StringRef ResourceDir) {
  if (!ResourceDir.empty() && isBelow(Dir, ResourceDir))
    return true;
  for (StringRef Mark : KernelMarks)
    if (FS.exists(pathIn(Dir, Mark)))
      return true;
  return false;
}

HeaderBodies::HeaderBodies(CompilerInstance &CI) : CI(CI) {
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
  OptionalFileEntryRef Entry = CI.getSourceManager().getFileEntryRefForID(File);
  if (!Entry)
    return false;
  // A header that says "../../drivers/x.h" to reach a driver's is no kernel's.
  std::string Name = absolute(Entry->getName(), Cwd);
  It->second = any_of(KernelDirs, [&](const std::string &Dir) {
    return StringRef(Name).starts_with(Dir);
  });
  return It->second;
}

/// The offset of the brace that closes the one before \p Begin; none where a
/// directive is on the way, which may leave one of two braces out.
static std::optional<unsigned> closingBrace(StringRef Text, unsigned Begin,
                                            const LangOptions &LO) {
  Lexer Raw(SourceLocation(), LO, Text.begin(), Text.begin() + Begin,
            Text.end());
  unsigned Depth = 1;
  for (Token T; !Raw.LexFromRawLexer(T);) {
    if (T.is(tok::hash) && T.isAtStartOfLine())
      return std::nullopt;
    Depth += T.is(tok::l_brace);
    Depth -= T.is(tok::r_brace);
    if (Depth == 0)
      return Raw.getCurrentBufferOffset() - T.getLength();
  }
  return std::nullopt;
}

/// Sets the lexer, which stands behind the brace that opens a body, to the one
/// that closes it. The parser would skip the body, too, but token by token,
/// with all macros expanded: a fifth of the time that a driver's parse takes.
void HeaderBodies::jumpToEnd() {
  Preprocessor &PP = CI.getPreprocessor();
  // Not where a macro makes the body, or a token is read ahead.
  PreprocessorLexer *Current = PP.getCurrentLexer();
  if (!Current || Current != PP.getCurrentFileLexer())
    return;
  Lexer &Text = *static_cast<Lexer *>(Current);
  unsigned Begin = Text.getCurrentBufferOffset();
  if (Begin == 0 || Text.getBuffer()[Begin - 1] != '{')
    return;
  if (auto End = closingBrace(Text.getBuffer(), Begin, CI.getLangOpts()))
    Text.seek(*End, /*IsAtStartOfLine=*/false);
}

bool HeaderBodies::shouldSkipFunctionBody(Decl *D) {
  const SourceManager &SM = CI.getSourceManager();
  SourceLocation Loc = SM.getExpansionLoc(D->getLocation());
  FileID File = SM.getFileID(Loc);
  if (File == SM.getMainFileID() || !isKernelFile(File))
    return false;
  jumpToEnd();
  return true;
}

std::unique_ptr<ASTConsumer> skipHeaderBodies(CompilerInstance &CI) {
  CI.getFrontendOpts().SkipFunctionBodies = true;
  return std::make_unique<HeaderBodies>(CI);
}

} // namespace vfio::kbuild
