//===- Contract.cpp - Which subsystem's devices a source is read for ------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "contracts/Contract.h"
#include <vector>

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
                                 OPS,   SIZE,       Outcome::OUTCOME};
#include "contracts/OtherContracts.def"
  return All;
}

llvm::ArrayRef<Contract> otherContracts() {
  static const std::vector<Contract> All = makeContracts();
  return All;
}

static thread_local const Contract *AtHand = nullptr;

const Contract &contractAtHand() { return AtHand ? *AtHand : vfioContract(); }

ReadBy::ReadBy(const Contract &C) : Before(AtHand) { AtHand = &C; }
ReadBy::~ReadBy() { AtHand = Before; }

} // namespace vfio
