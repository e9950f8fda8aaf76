//===- ContractCheck.cpp - The life of another subsystem's devices --------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/ContractCheck.h"
#include "checks/SourceText.h"

using namespace clang;

namespace vfio::checks {

/// What is wrong, behind the name of the device; empty for what is not this
/// contract's business.
static std::string messageFor(FindingKind Kind, const std::string &Put) {
  switch (Kind) {
  case FindingKind::Leak:
    return " is not put on this path, so it is leaked; only " + Put +
           " ends it from here on";
  case FindingKind::LeakRegistered:
    return " stays registered on this failing path";
  case FindingKind::LeakAfterUnregister:
    return " is unregistered but never ended by " + Put + ", so it is leaked";
  case FindingKind::DoublePut:
    return " is put a second time: the count underflows on a freed structure";
  case FindingKind::UseAfterPut:
    return " is used after its last reference was put, which may have freed "
           "it";
  case FindingKind::PutWhileRegistered:
    return " is put while it is registered; unregister it first";
  case FindingKind::FreeAfterPut:
    return " is freed after its last reference was put, which has freed it "
           "already";
  case FindingKind::PutAfterFree:
    return " is put after it was freed";
  case FindingKind::MismatchedFree:
    return " is freed by an allocator's function, but others may hold "
           "references by now; drop this one by " +
           Put;
  case FindingKind::RegisterTwice:
    return " is registered a second time";
  case FindingKind::UnregisterUnregistered:
    return " is unregistered, but on this path it is not registered";
  default:
    return "";
  }
}

std::optional<Wording> ContractCheck::wordFinding(const Finding &F,
                                                  const TUModel &Model) {
  std::string Message = messageFor(F.Kind, "'" + Of.Put.str() + "'");
  if (Message.empty())
    return std::nullopt;
  return Wording{deviceOf(F, Model) + Message, {}};
}

} // namespace vfio::checks
