//===- Facts.h - The facts of a TU as plain values ------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What outlives a parse: merged over TUs to find drivers, and printed as JSON
// by `vfio-migrate --dump-facts`.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_FACTS_H
#define VFIO_LIFECYCLE_FACTS_H

#include "lifecycle/TUModel.h"
#include "llvm/Support/JSON.h"
#include <string>
#include <vector>

namespace vfio {

/// A place in a source file; lines and columns count from 1.
struct FactPlace {
  std::string File;
  unsigned Line = 0, Column = 0;
};

struct RecordFact {
  std::string Name;
  FactPlace Where;
  std::string Member; ///< way to the vfio_device: "core_device.vdev"
  int64_t Offset = 0; ///< bytes
  bool Several = false;
};

struct OpsFact {
  std::string Name;
  FactPlace Where;
  /// Member and what it is set to: a function's name, or the source text.
  std::vector<std::pair<std::string, std::string>> Members;
};

struct BusDriverFact {
  std::string Name, Probe, Remove;
};

struct SiteFact {
  std::string Call;     ///< the function that is called
  std::string Kind;     ///< its role: "init", "register", ...
  std::string Function; ///< where
  FactPlace Where;
  std::string Device;           ///< the expression that names the device
  std::string Record;           ///< the structure that it is embedded in
  std::string Member;           ///< the way from there to the vfio_device
  std::string Variable;         ///< the variable that the way starts from
  std::vector<std::string> Ops; ///< names of the tables it can be used with
  bool OpsComplete = true;
};

struct ContainerFact {
  std::string Function;
  FactPlace Where;
  std::string Record, Member;
  int64_t Offset = 0;
};

/// The facts of one TU.
struct TUFacts {
  std::string File;
  Generation Gen = Generation::Unknown;
  std::vector<RecordFact> Records;
  std::vector<OpsFact> Ops;
  std::vector<BusDriverFact> BusDrivers;
  std::vector<SiteFact> Sites;
  std::vector<ContainerFact> Containers;
};

/// The word for \p R in facts and reports: "alloc", "init", "register", ...
llvm::StringRef nameOf(Role R);

/// Takes the plain values out of \p M.
TUFacts extractFacts(const TUModel &M);

/// The facts as a JSON object.
llvm::json::Value toJSON(const TUFacts &F);

} // namespace vfio

#endif // VFIO_LIFECYCLE_FACTS_H
