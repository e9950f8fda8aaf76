//===- IommufdRows.cpp - What core asks of a table from 6.2 on ------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/IommufdRows.h"
#include "clang/Lex/Lexer.h"

using namespace clang;

namespace vfio::rewriter {

namespace {
/// An operation, and what core's functions for it end in.
struct Operation {
  const char *Member, *Helper;
};
} // namespace

static const Operation Operations[] = {{"bind_iommufd", "bind"},
                                       {"unbind_iommufd", "unbind"},
                                       {"attach_ioas", "attach_ioas"},
                                       {"detach_ioas", "detach_ioas"}};

/// The operations that the structure of \p T has: core's functions for them
/// came with it.
static std::vector<Operation> declaredFor(const OpsTable &T) {
  std::vector<Operation> Out;
  const RecordDecl *Ops = T.Init->getType()->getAsRecordDecl();
  for (const Operation &O : Operations)
    if (Ops && llvm::any_of(Ops->fields(), [&](const FieldDecl *F) {
          return F->getName() == O.Member;
        }))
      Out.push_back(O);
  return Out;
}

/// "emulated" or "physical"; empty where some devices are registered by the one
/// and some by the other function.
static llvm::StringRef familyOf(llvm::ArrayRef<const Site *> Registers) {
  bool Emulated = false, Physical = false;
  for (const Site *S : Registers)
    (S->Api->Name == "vfio_register_emulated_iommu_dev" ? Emulated : Physical) =
        true;
  if (Emulated == Physical)
    return {};
  return Emulated ? "emulated" : "physical";
}

/// "vfio_iommufd_emulated_bind"
static std::string helperOf(llvm::StringRef Family, const Operation &O) {
  return ("vfio_iommufd_" + Family + "_" + O.Helper).str();
}

/// The function that \p M of \p T names. Where CONFIG_IOMMUFD is off, core's
/// are macros for no function.
static llvm::StringRef namedIn(const OpsTable &T, const OpsTable::Member &M) {
  if (const FunctionDecl *F = namedFunction(M.Value))
    return F->getName();
  const ASTContext &Ctx = T.Var->getASTContext();
  SourceLocation Loc = M.Value->getBeginLoc();
  return Loc.isMacroID() ? Lexer::getImmediateMacroName(
                               Loc, Ctx.getSourceManager(), Ctx.getLangOpts())
                         : llvm::StringRef();
}

/// True where the operations that \p T has are core's for \p Family.
static bool areCores(const OpsTable &T, llvm::StringRef Family) {
  return llvm::all_of(Operations, [&](const Operation &O) {
    const OpsTable::Member *M = T.find(O.Member);
    return !M || namedIn(T, *M) == helperOf(Family, O);
  });
}

IommufdRows iommufdRows(const OpsTable &T,
                        llvm::ArrayRef<const Site *> Registers, bool Emulated) {
  IommufdRows Out;
  if (!T.Init)
    return Out;
  llvm::StringRef Family = Emulated ? "emulated" : familyOf(Registers);
  std::vector<Operation> Declared = declaredFor(T);
  bool Has = llvm::any_of(Operations,
                          [&](const Operation &O) { return T.find(O.Member); });
  // What the driver does not do by itself, core does.
  llvm::erase_if(Declared,
                 [&](const Operation &O) { return T.find(O.Member); });
  if (Has && (Declared.empty() || Family.empty() || !areCores(T, Family)))
    return Out;
  if (Declared.empty() || Family.empty()) {
    Out.Remark =
        "from 6.4 on, where CONFIG_IOMMUFD is on, core refuses a table without "
        ".bind_iommufd, .unbind_iommufd, .attach_ioas and .detach_ioas: add "
        "them to " +
        T.name().str() + ", as " +
        (Declared.empty() ? "these headers do not declare them"
                          : "its devices are registered in more than one way");
    return Out;
  }
  for (const Operation &O : Declared)
    Out.Rows.push_back({O.Member, helperOf(Family, O)});
  Out.What = ((Has ? "add the iommufd operations that lack in "
                   : "set the iommufd operations of ") +
              T.name() + (Has ? ", core's" : " to core's functions") + " for " +
              Family + " devices")
                 .str();
  return Out;
}

} // namespace vfio::rewriter
