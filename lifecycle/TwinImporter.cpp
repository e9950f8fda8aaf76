//===- TwinImporter.cpp - Declarations of another tree, in this one -------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/TwinImporter.h"
#include "lifecycle/GlobalNames.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/Basic/SourceManager.h"

using namespace clang;

namespace vfio {

TwinImporter::TwinImporter(ASTContext &To, ASTContext &From)
    : ASTImporter(To, To.getSourceManager().getFileManager(), From,
                  From.getSourceManager().getFileManager(),
                  /*MinimalImport=*/false) {}

NamedDecl *TwinImporter::bring(NamedDecl *D) {
  // The comparison of its type with the one declared here is cheap when that
  // was brought over before.
  if (const auto *V = dyn_cast<ValueDecl>(D)) {
    llvm::Expected<QualType> Type = Import(V->getType());
    if (!Type) {
      llvm::consumeError(Type.takeError());
      return nullptr;
    }
  }
  llvm::Expected<Decl *> Here = Import(static_cast<Decl *>(D));
  if (!Here) {
    llvm::consumeError(Here.takeError());
    return nullptr;
  }
  return dyn_cast_or_null<NamedDecl>(*Here);
}

/// True where both stand at the same place of the same file.
bool TwinImporter::samePlace(const Decl *From, const Decl *To) const {
  const SourceManager &A = getFromContext().getSourceManager();
  const SourceManager &B = getToContext().getSourceManager();
  std::pair<FileID, unsigned> L =
      A.getDecomposedExpansionLoc(From->getLocation());
  std::pair<FileID, unsigned> R =
      B.getDecomposedExpansionLoc(To->getLocation());
  if (L.second != R.second)
    return false;
  OptionalFileEntryRef X = A.getFileEntryRefForID(L.first);
  OptionalFileEntryRef Y = B.getFileEntryRefForID(R.first);
  return X && Y && X->getUniqueID() == Y->getUniqueID();
}

/// The declarations of file scope here that have the name of \p From.
llvm::SmallVector<NamedDecl *, 2> TwinImporter::inTo(const NamedDecl *From) {
  if (!From->getIdentifier())
    return {};
  return globals(getToContext(), From->getName());
}

/// What stands in \p Tag, its fields first: so a precompiled structure has them
/// already where somebody has asked for its fields before.
static llvm::SmallVector<Decl *, 32> membersOf(const TagDecl *Tag) {
  llvm::SmallVector<Decl *, 32> Out, Others;
  for (Decl *D : Tag->decls())
    (isa<FieldDecl, IndirectFieldDecl>(D) ? Out : Others).push_back(D);
  Out.append(Others);
  return Out;
}

/// Matches the members of two definitions, one by one; false, and nothing is
/// matched, where they are not the same.
bool TwinImporter::pair(TagDecl *From, TagDecl *To) {
  auto [It, New] = Paired.try_emplace(From, false);
  if (!New)
    return It->second;
  llvm::SmallVector<Decl *, 32> Mine = membersOf(From), Theirs = membersOf(To);
  if (Mine.size() != Theirs.size())
    return false;
  for (const auto &[Member, Other] : llvm::zip_equal(Mine, Theirs)) {
    if (Other->getKind() != Member->getKind())
      return false;
    const auto *L = dyn_cast<NamedDecl>(Member);
    const auto *R = dyn_cast<NamedDecl>(Other);
    if (L && (L->getIdentifier() != nullptr) != (R->getIdentifier() != nullptr))
      return false;
    if (L && L->getIdentifier() && L->getName() != R->getName())
      return false;
  }
  Paired[From] = true;
  for (const auto &[L, R] : llvm::zip_equal(Mine, Theirs))
    if (!GetAlreadyImportedOrNull(L))
      MapImported(L, R);
  return true;
}

Decl *TwinImporter::twinOfMember(Decl *From, TagDecl *In) {
  Decl *Here = GetAlreadyImportedOrNull(In);
  if (!Here)
    Here = twinOf(In);
  if (!Here)
    return nullptr;
  // One without a name was matched as a member of what it stands in, and its
  // own members were not.
  if (auto *Tag = dyn_cast<TagDecl>(Here); Tag && samePlace(In, Tag))
    pair(In, Tag);
  return GetAlreadyImportedOrNull(From);
}

Decl *TwinImporter::twinOfTag(TagDecl *From) {
  TagDecl *FromDef = From->getDefinition();
  llvm::SmallVector<NamedDecl *, 4> Candidates;
  if (From->getIdentifier()) {
    auto Found = inTo(From);
    Candidates.append(Found.begin(), Found.end());
  } else if (TypedefNameDecl *Name = From->getTypedefNameForAnonDecl()) {
    for (NamedDecl *D : inTo(Name))
      if (auto *T = dyn_cast<TypedefNameDecl>(D))
        if (TagDecl *Tag = T->getAnonDeclWithTypedefName(true))
          Candidates.push_back(Tag);
  } else if (auto *E = dyn_cast<EnumDecl>(From);
             E && E->enumerator_begin() != E->enumerator_end()) {
    for (NamedDecl *D : inTo(*E->enumerator_begin()))
      if (isa<EnumConstantDecl>(D))
        Candidates.push_back(cast<EnumDecl>(D->getDeclContext()));
  }
  for (NamedDecl *D : Candidates) {
    auto *Tag = dyn_cast<TagDecl>(D);
    if (!Tag || Tag->getTagKind() != From->getTagKind())
      continue;
    TagDecl *ToDef = Tag->getDefinition();
    if (!FromDef)
      return ToDef ? ToDef : Tag;
    if (ToDef && samePlace(FromDef, ToDef) && pair(FromDef, ToDef))
      return ToDef;
  }
  return nullptr;
}

/// One that only declares an external function means the one here; one in a
/// header that both read is the one here, too.
Decl *TwinImporter::twinOfFunction(FunctionDecl *From) {
  bool External = From->hasExternalFormalLinkage();
  for (NamedDecl *D : inTo(From)) {
    auto *F = dyn_cast<FunctionDecl>(D);
    if (!F || F->hasExternalFormalLinkage() != External)
      continue;
    if (External && !From->isThisDeclarationADefinition() &&
        !From->getDefinition())
      return F;
    for (FunctionDecl *One : F->redecls())
      if (samePlace(From, One))
        return One;
  }
  return nullptr;
}

Decl *TwinImporter::twinOfVariable(VarDecl *From) {
  bool External = From->hasExternalFormalLinkage();
  for (NamedDecl *D : inTo(From)) {
    auto *V = dyn_cast<VarDecl>(D);
    if (!V || V->hasExternalFormalLinkage() != External)
      continue;
    if (External && !From->getDefinition())
      return V;
    for (VarDecl *One : V->redecls())
      if (samePlace(From, One))
        return One;
  }
  return nullptr;
}

Decl *TwinImporter::twinOfNamed(NamedDecl *From) {
  for (NamedDecl *D : inTo(From))
    for (Decl *One : D->redecls())
      if (One->getKind() == From->getKind() && samePlace(From, One))
        return One;
  return nullptr;
}

/// What \p From is in this tree already; null where it is not there.
Decl *TwinImporter::twinOf(Decl *From) {
  const DeclContext *In = From->getDeclContext();
  if (!In || !From->getLocation().isValid())
    return nullptr;
  if (const auto *Tag = dyn_cast<TagDecl>(In)) {
    // A structure that is first named inside of another is of file scope in C.
    if (Decl *Twin = twinOfMember(From, const_cast<TagDecl *>(Tag)))
      return Twin;
    auto *Inner = dyn_cast<TagDecl>(From);
    return Inner && Inner->getIdentifier() ? twinOfTag(Inner) : nullptr;
  }
  if (!In->isTranslationUnit())
    return nullptr;
  if (auto *Tag = dyn_cast<TagDecl>(From))
    return twinOfTag(Tag);
  if (auto *F = dyn_cast<FunctionDecl>(From))
    return twinOfFunction(F);
  if (auto *V = dyn_cast<VarDecl>(From))
    return twinOfVariable(V);
  if (auto *T = dyn_cast<TypedefNameDecl>(From))
    return twinOfNamed(T);
  return nullptr;
}

/// True of a structure that a function's parameter list is the first to name:
/// the importer would want the function for it, and it for the function.
bool TwinImporter::inParameters(const Decl *From) {
  const auto *F = dyn_cast<FunctionDecl>(From->getDeclContext());
  return isa<TagDecl>(From) && F &&
         !GetAlreadyImportedOrNull(const_cast<FunctionDecl *>(F));
}

llvm::Expected<Decl *> TwinImporter::ImportImpl(Decl *From) {
  if (inParameters(From))
    return llvm::make_error<ASTImportError>(
        ASTImportError::UnsupportedConstruct);
  if (Decl *Twin = twinOf(From))
    return MapImported(From, Twin);
  return ASTImporter::ImportImpl(From);
}

/// Makes \p New a redeclaration of what has its name in \p Ctx. The importer
/// does that for what the parser itself has read; what stands in a precompiled
/// preamble it does not find.
template <typename DeclT> static void joinChain(DeclT *New, ASTContext &Ctx) {
  if (!New->getIdentifier() || !New->hasExternalFormalLinkage() ||
      !New->isFirstDecl() || New->getMostRecentDecl() != New)
    return;
  for (NamedDecl *D : globals(Ctx, New->getName()))
    if (auto *Known = dyn_cast<DeclT>(D); Known &&
                                          Known->hasExternalFormalLinkage() &&
                                          Known->getCanonicalDecl() != New) {
      New->setPreviousDecl(Known->getMostRecentDecl());
      return;
    }
}

/// An attribute is copied as it is; the function that a cleanup attribute names
/// has to come along.
void TwinImporter::Imported(Decl *, Decl *To) {
  if (auto *F = dyn_cast<FunctionDecl>(To))
    joinChain(F, getToContext());
  else if (auto *V = dyn_cast<VarDecl>(To))
    joinChain(V, getToContext());
  auto *Attribute = To->getAttr<CleanupAttr>();
  if (!Attribute ||
      &Attribute->getFunctionDecl()->getASTContext() == &getToContext())
    return;
  FunctionDecl *Named = Attribute->getFunctionDecl();
  llvm::Expected<Decl *> Here = Import(static_cast<Decl *>(Named));
  To->dropAttr<CleanupAttr>();
  if (!Here) {
    llvm::consumeError(Here.takeError());
    return;
  }
  To->addAttr(CleanupAttr::Create(getToContext(), cast<FunctionDecl>(*Here),
                                  Attribute->getRange()));
}

} // namespace vfio
