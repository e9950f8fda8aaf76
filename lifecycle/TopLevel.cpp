//===- TopLevel.cpp - What stands at the top of a syntax tree -------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/TopLevel.h"
#include "lifecycle/DriverFiles.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExternalASTSource.h"

using namespace clang;

namespace vfio {

/// Calls \p Each with the files of the driver's that were precompiled. A
/// kernel's header is passed with all that it includes.
static void forEachLoadedFile(const SourceManager &SM, DriverFiles &Files,
                              llvm::function_ref<void(FileID, unsigned)> Each) {
  for (unsigned Left = SM.loaded_sloc_entry_size(); Left > 0;) {
    const SrcMgr::SLocEntry &Entry = SM.getLoadedSLocEntry(Left - 1);
    unsigned Passed = 1;
    if (Entry.isFile()) {
      SourceLocation Begin =
          SourceLocation::getFromRawEncoding(Entry.getOffset());
      FileID File = SM.getFileID(Begin);
      if (Files.contains(Begin))
        Each(File, SM.getFileIDSize(File));
      else if (SM.getFileEntryForID(File)) // of none: what clang made up
        Passed = std::max(1u, SM.getNumCreatedFIDsForFileID(File));
    }
    Left -= std::min(Left, Passed);
  }
}

void forEachOwnDecl(ASTContext &Ctx, DriverFiles &Files,
                    llvm::function_ref<void(Decl *)> Each) {
  const SourceManager &SM = Ctx.getSourceManager();
  TranslationUnitDecl *Top = Ctx.getTranslationUnitDecl();
  ExternalASTSource *Precompiled = Ctx.getExternalSource();
  if (Precompiled)
    forEachLoadedFile(SM, Files, [&](FileID File, unsigned Size) {
      llvm::SmallVector<Decl *, 32> There;
      Precompiled->FindFileRegionDecls(File, 0, Size, There);
      for (Decl *D : There)
        if (D->getLexicalDeclContext() == Top)
          Each(D);
    });
  for (Decl *D : Top->noload_decls())
    if (!(Precompiled && D->isFromASTFile()) &&
        Files.contains(D->getLocation()))
      Each(D);
}

} // namespace vfio
