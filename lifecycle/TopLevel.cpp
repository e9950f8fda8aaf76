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
#include "llvm/ADT/DenseMap.h"
#include <memory>
#include <mutex>
#include <vector>

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

namespace {
/// What is known of one tree.
class OwnDecls {
public:
  explicit OwnDecls(ASTContext &Ctx)
      : Ctx(Ctx), Files(Ctx.getSourceManager()) {}

  llvm::ArrayRef<Decl *> all() {
    if (Ctx.getExternalSource() && !Loaded)
      addLoaded();
    TranslationUnitDecl *Top = Ctx.getTranslationUnitDecl();
    for (Decl *D = Last ? Last->getNextDeclInContext()
                        : *Top->noload_decls_begin();
         D; D = D->getNextDeclInContext()) {
      if (Ctx.getExternalSource() && D->isFromASTFile())
        continue;
      Last = D;
      if (Files.contains(D->getLocation()))
        Found.push_back(D);
    }
    return Found;
  }

private:
  void addLoaded() {
    Loaded = true;
    TranslationUnitDecl *Top = Ctx.getTranslationUnitDecl();
    forEachLoadedFile(
        Ctx.getSourceManager(), Files, [&](FileID File, unsigned Size) {
          llvm::SmallVector<Decl *, 32> There;
          Ctx.getExternalSource()->FindFileRegionDecls(File, 0, Size, There);
          for (Decl *D : There)
            if (D->getLexicalDeclContext() == Top)
              Found.push_back(D);
        });
  }

  ASTContext &Ctx;
  DriverFiles Files;
  std::vector<Decl *> Found;
  bool Loaded = false;  ///< those of files are among them
  Decl *Last = nullptr; ///< of those that no file was loaded with
};

/// By tree; each goes with it.
struct AllOwnDecls {
  std::mutex Lock;
  llvm::DenseMap<ASTContext *, std::unique_ptr<OwnDecls>> Of;
};
} // namespace

static AllOwnDecls &known() {
  static AllOwnDecls All;
  return All;
}

llvm::ArrayRef<Decl *> ownDecls(ASTContext &Ctx) {
  OwnDecls *Its;
  {
    std::lock_guard<std::mutex> Guard(known().Lock);
    std::unique_ptr<OwnDecls> &Of = known().Of[&Ctx];
    if (!Of) {
      Of = std::make_unique<OwnDecls>(Ctx);
      Ctx.AddDeallocation(
          [](void *Gone) {
            std::lock_guard<std::mutex> Guard(known().Lock);
            known().Of.erase(static_cast<ASTContext *>(Gone));
          },
          &Ctx);
    }
    Its = Of.get();
  }
  return Its->all();
}

} // namespace vfio
