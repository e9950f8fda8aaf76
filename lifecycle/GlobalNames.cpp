//===- GlobalNames.cpp - Looking up names of file scope -------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/GlobalNames.h"
#include "contracts/ApiTable.h"
#include "contracts/Iommufd.h"
#include "contracts/Tells.h"
#include "clang/AST/Decl.h"
#include "clang/AST/ExternalASTSource.h"
#include "clang/Sema/IdentifierResolver.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;

namespace vfio {

std::vector<std::string> globalNames() {
  // The structures that only core sees, and those whose header is looked for.
  std::vector<std::string> Names = {"vfio_group", "vfio_device_file",
                                    "vfio_device", "vfio_pci_core_device"};
  auto Add = [&](llvm::ArrayRef<llvm::StringRef> Functions) {
    Names.insert(Names.end(), Functions.begin(), Functions.end());
  };
  // The functions that tell generations apart, ...
  for (Role R : {Role::AddGroupDev, Role::InitGroupDev, Role::AllocDevice,
                 Role::FreeDevice, Role::PciInitDev})
    Add(functionsOf(R));
  // ... and those that core's rules hang on.
  Add(iommufdBinders());
  Add(functionsThat(Tell::MakesGroup));
  return Names;
}

thread_local ParserNames *ParserNames::Innermost = nullptr;

ParserNames::ParserNames(ASTContext &Ctx, Preprocessor *PP)
    : Ctx(Ctx), Outer(std::exchange(Innermost, this)) {
  if (PP && Ctx.getExternalSource())
    Names = std::make_unique<IdentifierResolver>(*PP);
}

ParserNames::~ParserNames() { Innermost = Outer; }

llvm::SmallVector<NamedDecl *, 2> globals(ASTContext &Ctx,
                                          llvm::StringRef Name) {
  llvm::SmallVector<NamedDecl *, 2> Out;
  IdentifierInfo &Id = Ctx.Idents.get(Name);
  ParserNames *Known = ParserNames::Innermost;
  if (!Known || &Known->Ctx != &Ctx || !Known->Names) {
    llvm::append_range(Out, Ctx.getTranslationUnitDecl()->lookup(&Id));
    return Out;
  }
  for (auto I = Known->Names->begin(&Id), E = Known->Names->end(); I != E; ++I)
    if ((*I)->getDeclContext()->getRedeclContext()->isTranslationUnit())
      Out.push_back(*I);
  // What was brought from another source, the parser has not seen.
  for (NamedDecl *D : Ctx.getTranslationUnitDecl()->noload_lookup(&Id))
    if (!llvm::is_contained(Out, D))
      Out.push_back(D);
  return Out;
}

const RecordDecl *globalRecord(ASTContext &Ctx, llvm::StringRef Name) {
  for (const NamedDecl *D : globals(Ctx, Name))
    if (const auto *R = dyn_cast<RecordDecl>(D); R && R->getDefinition())
      return R->getDefinition();
  return nullptr;
}

} // namespace vfio
