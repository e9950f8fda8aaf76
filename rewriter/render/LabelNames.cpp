//===- LabelNames.cpp - The name of a label, for what it does now ---------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/render/LabelNames.h"
#include "contracts/ApiTable.h"
#include "clang/AST/Expr.h"

using namespace clang;

namespace vfio::rewriter {

using Labels = std::vector<const LabelStmt *>;

static bool leadsToPut(const LabelStmt *L) {
  const auto *Call = dyn_cast<CallExpr>(L->getSubStmt());
  return Call && roleOf(*Call) == Role::PutDevice;
}

/// The name of a label that leads to no put and tells of an uninit: what the
/// call there does, in the driver's words.
static std::string afterCall(const LabelStmt *L, const Labels &All) {
  std::string Old = L->getName();
  const auto *Call = dyn_cast<CallExpr>(L->getSubStmt());
  const FunctionDecl *F = Call ? Call->getDirectCallee() : nullptr;
  size_t At = Old.find("uninit");
  std::string Does =
      F && F->getIdentifier() ? F->getName().rsplit('_').second.str() : "";
  if (Does.empty() || At == std::string::npos)
    return Old;
  std::string New = Old.substr(0, At) + Does + Old.substr(At + 6);
  bool Taken = llvm::any_of(
      All, [&](const LabelStmt *Other) { return New == Other->getName(); });
  return Taken ? Old : New;
}

std::string labelName(const LabelStmt *L, const Labels &All,
                      llvm::function_ref<bool(const LabelStmt *)> Changed) {
  llvm::StringRef Name(L->getName());
  // `fail:` is true of whatever it leads to, `uninit:` is not.
  bool Speaks = Name.contains('_') || Name.contains("uninit") || Name == "free";
  if (!Changed(L) || Name.contains("put") || !Speaks)
    return Name.str();
  if (!leadsToPut(L))
    return afterCall(L, All);
  std::string Prefix;
  for (llvm::StringRef P : {"err_", "out_", "fail_", "error_", "exit_"})
    if (Name.starts_with(P))
      Prefix = P.str();
  if (Prefix.empty() && Name.contains('_'))
    Prefix = "err_";
  std::string Result = Prefix + "put_vdev";
  for (const LabelStmt *Other : All)
    if (Other != L &&
        (Other->getName() == Result || (Changed(Other) && leadsToPut(Other))))
      return Name.str();
  return Result;
}

} // namespace vfio::rewriter
