//===- ApiTable.cpp - Looking names up in the API table -------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "contracts/ApiTable.h"
#include "contracts/Contract.h"
#include "clang/AST/Decl.h"
#include "clang/AST/Expr.h"
#include "llvm/ADT/StringMap.h"
#include <algorithm>

using namespace clang;

namespace vfio {

static llvm::StringMap<ApiFunction> makeTable() {
  llvm::StringMap<ApiFunction> Table;
#define API(NAME, ROLE, SUBJECT, DEVICE, OPS, SIZE, OUTCOME)                   \
  Table[#NAME] = {#NAME, Role::ROLE, SUBJECT,         DEVICE,                  \
                  OPS,   SIZE,       Outcome::OUTCOME};
#include "contracts/ApiTable.def"
  return Table;
}

/// The row of \p Name in the table that all contracts share.
static const ApiFunction *findCommon(llvm::StringRef Name) {
  static const llvm::StringMap<ApiFunction> Table = makeTable();
  auto It = Table.find(Name);
  return It == Table.end() ? nullptr : &It->second;
}

const ApiFunction *findApi(llvm::StringRef Name) {
  const ApiFunction *Common = findCommon(Name);
  if (readsVfio())
    return Common;
  const auto &Own = contractAtHand().Functions;
  auto It = Own.find(Name);
  if (It != Own.end())
    return &It->second;
  return Common && Common->Kind >= Role::Allocate ? Common : nullptr;
}

bool hasArguments(const CallExpr &Call, const ApiFunction &Row) {
  return std::max({Row.Subject, Row.Device, Row.Ops, Row.Size}) <
         int(Call.getNumArgs());
}

const ApiFunction *findApi(const CallExpr &Call) {
  const FunctionDecl *Callee = Call.getDirectCallee();
  if (!Callee || !Callee->getIdentifier())
    return nullptr;
  const ApiFunction *Api = findApi(Callee->getName());
  return Api && hasArguments(Call, *Api) ? Api : nullptr;
}

Role roleOf(const CallExpr &Call) {
  const ApiFunction *Api = findApi(Call);
  return Api ? Api->Kind : Role::None;
}

std::vector<llvm::StringRef> functionsOf(Role R) {
  std::vector<llvm::StringRef> Names;
#define API(NAME, ROLE, SUBJECT, DEVICE, OPS, SIZE, OUTCOME)                   \
  if (Role::ROLE == R)                                                         \
    Names.push_back(#NAME);
#include "contracts/ApiTable.def"
  return Names;
}

std::vector<std::string> driverApiNames() {
  std::vector<std::string> Names = {
      "vfio_device",       "vfio_device_ops", "vfio_pci_core_device",
      "vfio_alloc_device", "mdev_parent_ops", "mdev_register_device"};
#define API(NAME, ROLE, SUBJECT, DEVICE, OPS, SIZE, OUTCOME)                   \
  if (Role::ROLE != Role::None && Role::ROLE < Role::UnregisterPut)            \
    Names.push_back(#NAME);
#include "contracts/ApiTable.def"
  return Names;
}

std::vector<std::string> oldModelNames() {
  std::vector<std::string> Names;
#define API(NAME, ROLE, SUBJECT, DEVICE, OPS, SIZE, OUTCOME)                   \
  if (isOldInit(Role::ROLE) || isOldUninit(Role::ROLE))                        \
    Names.push_back(#NAME);
#include "contracts/ApiTable.def"
  return Names;
}

std::vector<std::string> preparationNames() {
  std::vector<std::string> Names = {"vfio_alloc_device"};
#define API(NAME, ROLE, SUBJECT, DEVICE, OPS, SIZE, OUTCOME)                   \
  if (isOldInit(Role::ROLE) || Role::ROLE == Role::AllocDevice ||              \
      Role::ROLE == Role::InitDevice || Role::ROLE == Role::AddGroupDev ||     \
      Role::ROLE == Role::AddParent)                                           \
    Names.push_back(#NAME);
#include "contracts/ApiTable.def"
  return Names;
}

} // namespace vfio
