//===- Contract.cpp - Which subsystem's devices a source is read for ------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "contracts/Contract.h"

namespace vfio {

const Contract &vfioContract() {
  static const Contract Vfio = {"vfio", "vfio_device",     "vfio_device_ops",
                                "",     "vfio_put_device", ""};
  return Vfio;
}

static std::vector<Contract> makeContracts() {
  std::vector<Contract> All;
#define CONTRACT(NAME, STRUCTURE, MARKER, PUT, SUMMARY)                        \
  All.push_back({#NAME, #STRUCTURE, "", #MARKER, #PUT, SUMMARY});
#define API(NAME, ROLE, SUBJECT, DEVICE, OPS, SIZE, OUTCOME)                   \
  All.back().Functions[#NAME] = {#NAME, Role::ROLE, SUBJECT,         DEVICE,   \
                                 OPS,   SIZE,       Outcome::OUTCOME};         \
  All.back().Counted |= Role::ROLE == Role::GetDevice;
#define ENDS(STRUCTURE, MEMBER) All.back().DriverEnds = true;
#define HELD(STRUCTURE, MEMBER, PARAMETER)                                     \
  All.back().Held.push_back({{#STRUCTURE, #MEMBER}, PARAMETER});
#include "contracts/OtherContracts.def"
  return All;
}

llvm::ArrayRef<Contract> otherContracts() {
  static const std::vector<Contract> All = makeContracts();
  return All;
}

llvm::ArrayRef<CallbackMember> lastPutMembers() {
  static constexpr CallbackMember Members[] = {
#define CONTRACT(NAME, STRUCTURE, MARKER, PUT, SUMMARY)
#define API(NAME, ROLE, SUBJECT, DEVICE, OPS, SIZE, OUTCOME)
#define HELD(STRUCTURE, MEMBER, PARAMETER)
#define ENDS(STRUCTURE, MEMBER) {#STRUCTURE, #MEMBER},
#include "contracts/OtherContracts.def"
  };
  return Members;
}

std::vector<std::string> namesOf(const Contract &C) {
  std::vector<std::string> Names;
  for (const auto &Item : C.Functions)
    // Much else is counted, or asked.
    if (Item.second.Kind != Role::GetDevice &&
        Item.second.Kind != Role::IsRegistered &&
        Item.second.Kind != Role::PutDevice)
      Names.push_back(Item.first().str());
  return Names;
}

static thread_local const Contract *AtHand = nullptr;

const Contract &contractAtHand() { return AtHand ? *AtHand : vfioContract(); }

ReadBy::ReadBy(const Contract &C) : Before(AtHand) { AtHand = &C; }
ReadBy::~ReadBy() { AtHand = Before; }

} // namespace vfio
