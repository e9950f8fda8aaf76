//===- Outside.cpp - What functions that were not followed may do ---------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/Outside.h"
#include "contracts/KernelTable.h"
#include "contracts/ResourceTable.h"
#include "engine/EvaluatedVisitor.h"
#include "clang/AST/Attr.h"

using namespace clang;

namespace vfio::flow {

bool OutsideKnowledge::isOfTheKernel(const FunctionDecl *F) {
  const SourceManager &SM = F->getASTContext().getSourceManager();
  return isKernelHeaderPath(
      SM.getFilename(SM.getExpansionLoc(F->getLocation())));
}

//===-- By the signature --------------------------------------------------===//

/// True where an object of type \p T, or a part of it, has a pointer to a
/// function: somebody may be called back with it.
static bool callsBack(QualType T, unsigned Depth = 0) {
  T = T.getCanonicalType();
  if (const auto *Array = dyn_cast<ArrayType>(T))
    return callsBack(Array->getElementType(), Depth);
  if (T->isFunctionPointerType())
    return true;
  const RecordDecl *R = T->getAsRecordDecl();
  if (!R || Depth > 6)
    return R != nullptr;
  R = R->getDefinition();
  return R && llvm::any_of(R->fields(), [&](const FieldDecl *F) {
           return callsBack(F->getType(), Depth + 1);
         });
}

/// True where an object of type \p T has a pointer in it by which something
/// else can find it later: a list node.
static bool canBeLinked(QualType T) {
  const RecordDecl *R = T->getAsRecordDecl();
  R = R ? R->getDefinition() : nullptr;
  return R && llvm::any_of(R->fields(), [](const FieldDecl *F) {
           return F->getType()->isPointerType() ||
                  canBeLinked(F->getType());
         });
}

/// The type of what argument \p Index of \p Call points to, as the function
/// sees it; null for what is no pointer.
static QualType pointeeSeen(const CallExpr *Call, const FunctionDecl *F,
                            unsigned Index) {
  QualType T = Index < F->getNumParams() ? F->getParamDecl(Index)->getType()
                                         : Call->getArg(Index)->getType();
  return T->isPointerType() ? T->getPointeeType() : QualType();
}

/// True where \p Call hands on a function to be called.
static bool passesFunction(const CallExpr *Call) {
  return llvm::any_of(Call->arguments(), [](const Expr *Arg) {
    return namedFunction(Arg) != nullptr;
  });
}

bool OutsideKnowledge::onlyLooks(const CallExpr *Call, unsigned Index) const {
  const FunctionDecl *F = Call->getDirectCallee();
  if (!F || !F->getIdentifier())
    return false;
  if (F->getBuiltinID())
    return true;
  if (!isOfTheKernel(F))
    return false;
  if (std::optional<KernelDeed> Known = kernelDeed(F->getName()))
    return *Known != KernelDeed::Defers && *Known != KernelDeed::Unlinks;
  if (F->isVariadic() && F->hasAttr<FormatAttr>())
    return true;
  QualType Seen = pointeeSeen(Call, F, Index);
  if (Seen.isNull() || Seen.isConstQualified())
    return true;
  if (Seen->isVoidType() || passesFunction(Call))
    return false;
  const RecordDecl *R = Seen->getAsRecordDecl();
  return !(R && (Model.isDriverFile(R->getLocation()) || isVfioDevice(R))) &&
         !callsBack(Seen);
}

//===-- By the body -------------------------------------------------------===//

static constexpr unsigned bit(Deed D) { return 1u << unsigned(D); }
/// What a call of a function with a role does, as bits.
static unsigned deedOf(const ApiFunction &Api) {
  switch (Api.Kind) {
  case Role::PutDevice:
    return bit(Deed::Put) | bit(Deed::Keep);
  case Role::Unregister:
  case Role::PciUnregister:
    return bit(Deed::Unregister);
  case Role::UnregisterPut:
    return bit(Deed::Put) | bit(Deed::Unregister) | bit(Deed::Keep);
  case Role::GetDevice:
    return bit(Deed::Keep);
  case Role::FreeDevice:
  case Role::PciReleaseDev:
  case Role::Free:
  case Role::DevmFree:
    return bit(Deed::Put) | bit(Deed::Free) | bit(Deed::Undo) | bit(Deed::Keep);
  case Role::UninitGroupDev:
  case Role::PciUninitDevice:
    return bit(Deed::Put) | bit(Deed::Free);
  case Role::SetDrvdata:
  case Role::DevmAction:
  case Role::DevmActionOrReset:
    return bit(Deed::Keep);
  default:
    return 0;
  }
}

namespace {
/// The calls of a body, and whether it keeps a pointer somewhere.
struct BodyReader : engine::EvaluatedVisitor<BodyReader> {
  llvm::SmallVector<const CallExpr *, 16> Calls;
  bool Keeps = false;
  bool VisitCallExpr(CallExpr *Call) ENGINE_OVERRIDE {
    Calls.push_back(Call);
    return true;
  }
  bool VisitBinaryOperator(BinaryOperator *BO) ENGINE_OVERRIDE {
    const Expr *To = BO->getLHS()->IgnoreParens();
    const auto *Ref = dyn_cast<DeclRefExpr>(To);
    const auto *V = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
    Keeps |= BO->getOpcode() == BO_Assign && To->getType()->isPointerType() &&
             !(V && V->hasLocalStorage());
    return true;
  }
};
} // namespace

const OutsideKnowledge::Deeds &
OutsideKnowledge::deedsOf(const FunctionDecl *F) {
  F = F->getCanonicalDecl();
  auto [It, New] = Known.try_emplace(F);
  if (!New)
    return It->second; // of a recursion: what it does beside calling itself
  Deeds Out;
  BodyReader Body;
  Body.TraverseStmt(F->getDefinition()->getBody());
  if (Body.Keeps)
    Out.Mask |= bit(Deed::Keep);
  for (const CallExpr *Call : Body.Calls) {
    const FunctionDecl *Callee = Call->getDirectCallee();
    const ApiFunction *Api = Callee && Callee->getIdentifier()
                                 ? findApi(Callee->getName())
                                 : nullptr;
    if (Api) {
      Out.Mask |= deedOf(*Api);
      continue;
    }
    if (const ResourceRow *Row = Callee && Callee->getIdentifier()
                                     ? findResource(Callee->getName())
                                     : nullptr)
      Out.Mask |= Row->Gives ? bit(Deed::Undo) : 0;
    for (Deed D : {Deed::Put, Deed::Unregister, Deed::Free, Deed::Undo,
                   Deed::Keep})
      if (std::optional<Doubt> May = mayDo(Call, D)) {
        Out.Mask |= bit(D);
        if (!Out.Open && May->Why != Doubt::InItsBody)
          Out.Open = May;
      }
  }
  return Known[F] = std::move(Out);
}

//===-- The question ------------------------------------------------------===//

/// True where \p Arg is the address of something inside a structure of the
/// driver's.
bool OutsideKnowledge::isPartOfDrivers(const Expr *Arg) const {
  const auto *Address = dyn_cast<UnaryOperator>(strip(Arg));
  if (!Address || Address->getOpcode() != UO_AddrOf)
    return false;
  const Expr *E = Address->getSubExpr()->IgnoreParens();
  for (const auto *M = dyn_cast<MemberExpr>(E); M; M = dyn_cast<MemberExpr>(E)) {
    if (Model.isDriverFile(M->getMemberDecl()->getLocation()))
      return true;
    if (M->isArrow())
      return false;
    E = M->getBase()->IgnoreParenImpCasts();
  }
  return false;
}

/// The kernel at large knows nothing of a driver's devices, but it may free
/// what it is given, keep it, or call the driver back.
std::optional<Doubt> OutsideKnowledge::kernelMayDo(const CallExpr *Call,
                                                   const FunctionDecl *F,
                                                   Deed D) const {
  std::optional<KernelDeed> Row = kernelDeed(F->getName());
  if (Row == KernelDeed::Defers)
    return Doubt{Doubt::Later, F};
  if (D == Deed::Keep && links(Call))
    return Doubt{Doubt::OfTheKernel, F};
  if (Row || (F->isVariadic() && F->hasAttr<FormatAttr>()))
    return std::nullopt;
  if (passesFunction(Call))
    return Doubt{Doubt::Later, F};
  unsigned Writable = 0;
  for (unsigned I = 0; I < Call->getNumArgs(); ++I) {
    QualType Seen = pointeeSeen(Call, F, I);
    Writable += !Seen.isNull() && !Seen.isConstQualified();
  }
  for (unsigned I = 0; I < Call->getNumArgs(); ++I) {
    QualType Seen = pointeeSeen(Call, F, I);
    if (Seen.isNull() || Seen.isConstQualified())
      continue;
    const RecordDecl *R = Seen->getAsRecordDecl();
    if (isVfioDevice(R))
      return Doubt{Doubt::OfTheKernel, F};
    if (D == Deed::Unregister)
      continue;
    if (Seen->isVoidType() || (R && Model.isDriverFile(R->getLocation())))
      return Doubt{Doubt::OfTheKernel, F};
    if (D == Deed::Undo || !isPartOfDrivers(Call->getArg(I)))
      continue;
    if (callsBack(Seen))
      return Doubt{Doubt::Later, F};
    if (D == Deed::Keep && Writable > 1 && canBeLinked(Seen))
      return Doubt{Doubt::OfTheKernel, F};
  }
  return std::nullopt;
}

/// What takes something out of a list may link it, too, where it is given
/// something to link to.
bool OutsideKnowledge::links(const CallExpr *Call) {
  const FunctionDecl *F = Call->getDirectCallee();
  return F && F->getIdentifier() && Call->getNumArgs() > 1 &&
         isOfTheKernel(F) && kernelDeed(F->getName()) == KernelDeed::Unlinks;
}

static Doubt::Reason reasonOf(const Unread *Why) {
  switch (Why ? *Why : Unread::NoSource) {
  case Unread::NoSource:
    return Doubt::NoSource;
  case Unread::Unparsed:
    return Doubt::Unparsed;
  case Unread::Several:
    return Doubt::Several;
  case Unread::NotImported:
    return Doubt::NotImported;
  case Unread::OverBudget:
    return Doubt::OverBudget;
  }
  return Doubt::NoSource;
}

std::optional<Doubt> OutsideKnowledge::mayDo(const CallExpr *Call, Deed D) {
  const FunctionDecl *F = Call->getDirectCallee();
  if (!F || !F->getIdentifier()) {
    const CallTargets::Set &May = Targets.of(Call);
    for (const FunctionDecl *Target : May.Functions)
      if (const FunctionDecl *Def = Model.definition(Target);
          !Def || (deedsOf(Def).Mask & bit(D)))
        return Doubt{Doubt::InItsBody, Target};
    if (!May.Complete)
      return Doubt{Doubt::ThroughPointer, nullptr};
    return std::nullopt;
  }
  if (F->getBuiltinID() || Beliefs.contains({F->getCanonicalDecl(), unsigned(D)}))
    return std::nullopt;
  if (const FunctionDecl *Def = Model.definition(F)) {
    const Deeds &Does = deedsOf(Def);
    if (!(Does.Mask & bit(D)))
      return std::nullopt;
    return Does.Open ? *Does.Open : Doubt{Doubt::InItsBody, F};
  }
  if (isOfTheKernel(F)) {
    // What a row says is known already.
    if (findApi(F->getName()) || findResource(F->getName()))
      return passesFunction(Call) ? std::optional(Doubt{Doubt::Later, F})
                                  : std::nullopt;
    return kernelMayDo(Call, F, D);
  }
  return Doubt{reasonOf(Model.link() ? Model.link()->reason(F) : nullptr), F};
}

} // namespace vfio::flow
