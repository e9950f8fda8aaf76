//===- Contract.h - Which subsystem's devices a source is read for --------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The engine and the rules follow "the device" and the functions with a role in
// its life. What these are is said by a contract: VFIO's, or one of
// OtherContracts.def.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CONTRACTS_CONTRACT_H
#define VFIO_CONTRACTS_CONTRACT_H

#include "contracts/ApiTable.h"
#include "contracts/Callbacks.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include <string>
#include <vector>

namespace vfio {

/// What is promised of the life of one kind of device.
struct Contract {
  llvm::StringRef Name;      ///< of its check: lifecycle-NAME
  llvm::StringRef Structure; ///< what drivers embed
  llvm::StringRef Ops;       ///< its table of callbacks; empty for none
  llvm::StringRef Marker;    ///< headers that offer it declare this function
  llvm::StringRef Put;       ///< what drops a reference
  llvm::StringRef Summary;   ///< what its check finds
  llvm::StringMap<ApiFunction> Functions = {}; ///< of VFIO's, in ApiTable.def
  /// The last put frees the structure only where the driver's function for it
  /// does (lastPutMembers); else core does.
  bool DriverEnds = false;
  bool Counted = false; ///< drivers may hold more references than one
  /// A parameter to whose device the caller has a reference of its own.
  struct Parameter {
    CallbackMember Of;
    unsigned Index;
  };
  std::vector<Parameter> Held = {};
};

const Contract &vfioContract();
/// Those that stand in OtherContracts.def.
llvm::ArrayRef<Contract> otherContracts();

/// The names by which a source that \p C is about can be told without parsing
/// it.
std::vector<std::string> namesOf(const Contract &C);

/// The contract by which this thread reads sources: VFIO's, if nobody asked for
/// another.
const Contract &contractAtHand();
inline bool readsVfio() { return &contractAtHand() == &vfioContract(); }

/// Has this thread read by another contract while it lives.
class ReadBy {
public:
  explicit ReadBy(const Contract &C);
  ~ReadBy();
  ReadBy(const ReadBy &) = delete;
  ReadBy &operator=(const ReadBy &) = delete;

private:
  const Contract *Before;
};

} // namespace vfio

#endif // VFIO_CONTRACTS_CONTRACT_H
