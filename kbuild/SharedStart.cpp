//===- SharedStart.cpp - A parse that starts from shared headers ----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/SharedHeaders.h"
#include "clang/AST/ASTContext.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Lex/PreprocessorOptions.h"
#include "clang/Sema/Sema.h"
#include "clang/Serialization/PCHContainerOperations.h"

using namespace llvm;

namespace vfio::kbuild {

constexpr llvm::StringLiteral PrecompiledPath = "/vfio-kbuild/shared.pch";

namespace {
/// Files of absolute names, which many parses have among theirs at a time: none
/// of these says where it works.
class SharedFiles : public vfs::ProxyFileSystem {
public:
  using ProxyFileSystem::ProxyFileSystem;
  std::error_code setCurrentWorkingDirectory(const Twine &) override {
    return {};
  }
};
} // namespace

void setBytes(PrecompiledHeaders &Headers,
              std::shared_ptr<clang::PCHBuffer> Bytes) {
  // Whoever adds a file to a file system pays for a sum over all of it.
  auto Files = makeIntrusiveRefCnt<vfs::InMemoryFileSystem>();
  Files->addFile(Headers.Path, 0,
                 MemoryBuffer::getMemBuffer(Headers.Text, Headers.Path));
  Files->addFile(PrecompiledPath, 0,
                 MemoryBuffer::getMemBuffer(
                     StringRef(Bytes->Data.data(), Bytes->Data.size()),
                     PrecompiledPath,
                     /*RequiresNullTerminator=*/false));
  Headers.Bytes = std::move(Bytes);
  Headers.Files = makeIntrusiveRefCnt<SharedFiles>(std::move(Files));
}

void startFrom(clang::CompilerInvocation &Command) {
  clang::PreprocessorOptions &Options = Command.getPreprocessorOpts();
  Options.ImplicitPCHInclude = PrecompiledPath.str();
  // We made it a moment ago, of the same files.
  Options.DisablePCHOrModuleValidation =
      clang::DisableValidationForModuleKind::PCH;
}

void makeVisible(clang::CompilerInstance &CI, ArrayRef<std::string> Names) {
  // A precompiled header of C has no table of the names of file scope.
  clang::Sema &S = CI.getSema();
  clang::TranslationUnitDecl *Top = S.Context.getTranslationUnitDecl();
  Top->setHasExternalLexicalStorage(false);
  Top->buildLookup(); // of the source's own: what is made visible is added
  for (const std::string &Name : Names) {
    clang::IdentifierInfo &Id = S.Context.Idents.get(Name);
    for (auto I = S.IdResolver.begin(&Id), E = S.IdResolver.end(); I != E; ++I)
      if ((*I)->getDeclContext()->isTranslationUnit())
        Top->makeDeclVisibleInContext(*I);
  }
}

} // namespace vfio::kbuild
