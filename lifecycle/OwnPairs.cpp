//===- OwnPairs.cpp - Pairs of functions that only one driver knows -------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/OwnPairs.h"
#include "lifecycle/ASTVisitor.h"
#include "lifecycle/Outside.h"
#include "llvm/ADT/MapVector.h"

using namespace clang;

namespace vfio::flow {

/// Groups of the table of the kernel's functions are below this.
static constexpr unsigned FirstGroup = 1000;

static constexpr std::pair<llvm::StringLiteral, llvm::StringLiteral> Verbs[] = {
    {"create", "destroy"},
    {"create", "free"},
    {"create", "delete"},
    {"create", "release"},
    {"alloc", "free"},
    {"alloc", "destroy"},
    {"alloc", "release"},
    {"new", "free"},
    {"init", "cleanup"},
    {"init", "uninit"},
    {"init", "deinit"},
    {"init", "fini"},
    {"init", "exit"},
    {"init", "destroy"},
    {"init", "release"},
    {"init", "free"},
    {"init", "remove"},
    {"setup", "teardown"},
    {"setup", "cleanup"},
    {"setup", "destroy"},
    {"start", "stop"},
    {"open", "close"},
    {"register", "unregister"},
    {"enable", "disable"},
    {"get", "put"},
    {"attach", "detach"},
    {"add", "del"},
    {"add", "remove"},
    {"acquire", "release"},
    {"claim", "release"},
    {"reserve", "release"},
    {"request", "release"},
    {"bind", "unbind"},
    {"map", "unmap"},
    {"prepare", "unprepare"},
    {"load", "unload"},
    {"connect", "disconnect"}};

/// True where \p Give is \p Take with one word turned to its opposite.
static bool areOpposite(llvm::StringRef Take, llvm::StringRef Give) {
  llvm::SmallVector<llvm::StringRef, 8> A, B;
  Take.split(A, '_');
  Give.split(B, '_');
  if (A.size() != B.size())
    return false;
  unsigned Turned = 0;
  for (size_t I = 0; I < A.size(); ++I) {
    if (A[I] == B[I])
      continue;
    ++Turned;
    if (llvm::none_of(Verbs, [&](const auto &V) {
          return A[I] == V.first && B[I] == V.second;
        }))
      return false;
  }
  return Turned == 1;
}

static bool samePointee(QualType A, QualType B, const ASTContext &Ctx) {
  return A->isPointerType() && B->isPointerType() &&
         Ctx.hasSameUnqualifiedType(A->getPointeeType(), B->getPointeeType());
}

namespace {
/// The functions of other files that a body calls.
class CalledOutside : public EvaluatedVisitor<CalledOutside> {
public:
  explicit CalledOutside(const TUModel &Model) : Model(Model) {}
  llvm::SmallVector<const FunctionDecl *, 8> Functions;

  bool VisitCallExpr(CallExpr *Call) {
    const FunctionDecl *F = Call->getDirectCallee();
    if (F && F->getIdentifier() && !F->getBuiltinID() && !Model.definition(F) &&
        !findApi(F->getName()) && !findResource(F->getName()))
      Functions.push_back(F->getCanonicalDecl());
    return true;
  }

private:
  const TUModel &Model;
};
} // namespace

static bool isCallback(const TUModel &Model, const FunctionDecl *F,
                       llvm::StringRef Member) {
  return llvm::any_of(Model.Ops->tables(), [&](const OpsTable &Table) {
    const FunctionDecl *C = Table.callback(Member);
    return C && C->getCanonicalDecl() == F->getCanonicalDecl();
  });
}

OwnPairs::OwnPairs(const TUModel &Model) {
  if (llvm::none_of(Model.Ops->tables(), [](const OpsTable &Table) {
        return Table.callback("init") != nullptr;
      }))
    return;
  /// By function, who calls it.
  llvm::MapVector<const FunctionDecl *,
                  llvm::SmallVector<const FunctionDecl *, 4>>
      Callers;
  for (const FunctionDecl *F : Model.Functions) {
    CalledOutside Calls(Model);
    Calls.TraverseStmt(F->getBody());
    for (const FunctionDecl *Called : Calls.Functions)
      Callers[Called].push_back(F);
  }
  auto CalledIn = [&](const FunctionDecl *F, llvm::StringRef Member) {
    return llvm::any_of(Callers[F], [&](const FunctionDecl *Caller) {
      return isCallback(Model, Caller, Member);
    });
  };
  llvm::SmallVector<const FunctionDecl *, 8> Takes, Gives;
  for (const auto &[F, By] : Callers) {
    (void)By;
    bool Init = CalledIn(F, "init");
    if (Init)
      Takes.push_back(F);
    if (Init || CalledIn(F, "release"))
      Gives.push_back(F);
  }
  for (const FunctionDecl *Take : Takes)
    for (const FunctionDecl *Give : Gives)
      if (areOpposite(Take->getName(), Give->getName()))
        pair(Take, Give);
  for (const auto &[F, Row] : Rows)
    if (Row.Gives && llvm::any_of(Callers[F], [&](const FunctionDecl *Caller) {
          return !isCallback(Model, Caller, "init") &&
                 !isCallback(Model, Caller, "release");
        }))
      CalledElsewhere.insert(Row.Group);
}

/// What stands for the resource is what \p Give gets first: what \p Take
/// returns, or its own first argument.
void OwnPairs::pair(const FunctionDecl *Take, const FunctionDecl *Give) {
  if (Give->getNumParams() == 0 || Rows.count(Take) || Rows.count(Give))
    return;
  const ASTContext &Ctx = Take->getASTContext();
  QualType What = Give->getParamDecl(0)->getType();
  QualType Returned = Take->getReturnType();
  bool ByResult = samePointee(Returned, What, Ctx);
  // `mutex_init` and its like of the kernel need no undo.
  bool ByArgument = !OutsideKnowledge::isOfTheKernel(Take) &&
                    Take->getNumParams() > 0 &&
                    samePointee(Take->getParamDecl(0)->getType(), What, Ctx) &&
                    (Returned->isVoidType() ||
                     Returned->isSpecificBuiltinType(BuiltinType::Int));
  if (!ByResult && !ByArgument)
    return;
  unsigned Group = FirstGroup + Rows.size();
  Taken When = ByResult                 ? Taken::NotErrorOrNull
               : Returned->isVoidType() ? Taken::Always
                                        : Taken::ZeroResult;
  Rows[Take] = {
      Take->getName(), ResourceKind::Own, Group, ByResult ? -1 : 0, When,
      /*Takes=*/true,
      /*Gives=*/false};
  Rows[Give] = {Give->getName(), ResourceKind::Own, Group, 0, Taken::Always,
                /*Takes=*/false, /*Gives=*/true};
}

const ResourceRow *OwnPairs::find(const FunctionDecl *F) const {
  auto It = Rows.find(F->getCanonicalDecl());
  return It == Rows.end() ? nullptr : &It->second;
}

} // namespace vfio::flow
