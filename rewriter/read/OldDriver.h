//===- OldDriver.h - A driver of the old model, over all its TUs ----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_OLDDRIVER_H
#define VFIO_REWRITER_OLDDRIVER_H

#include "rewriter/read/AllocFlow.h"
#include "rewriter/read/Program.h"

namespace vfio::rewriter {

/// A site together with where it is and the allocations that reach it.
struct SiteRef {
  const Unit *U = nullptr;
  const Site *S = nullptr;
  std::set<unsigned> From;
  /// What is freed, where the call asks for it anew:
  /// `kfree(dev_get_drvdata(d))` behind `x = dev_get_drvdata(d)`.
  const clang::VarDecl *By = nullptr;
};

/// Everything that shares one device structure and speaks the old model.
struct OldDriver {
  std::string RecordKey;
  std::string RecordName;
  /// The allocations of the structure that become a vfio device (indices into
  /// AllocFlow::allocs()).
  std::set<unsigned> Allocs;
  /// Allocations of the same structure that never become one.
  std::set<unsigned> OtherAllocs;
  std::vector<SiteRef> Inits, Uninits, Frees, Registers, Unregisters;
  /// Where no call is of the old model: the one that shows that a part of the
  /// new one is missing. No unit where there is none.
  SiteRef Lacking;
  std::vector<const Unit *> Units; ///< in the order of the program
  /// Functions of these units that handle other devices and not this one's:
  /// what is wrong in them is not this driver's business.
  std::set<std::string> OthersFunctions;
  /// Functions with a call of the old model for another old driver's device:
  /// it stays where that driver is left as it is.
  std::set<std::string> OthersOldFunctions;

  /// The names of the structure and of those on the way to its vfio_device: a
  /// function that is given such a part speaks of the structure.
  std::set<std::string> PartNames;
  /// All of the allocations are given back by devm.
  bool Devm = false;

  bool isPci() const;
  /// A call that shows that there is something to convert: an init; an uninit
  /// where somebody has converted the allocation already.
  const SiteRef &first() const {
    return !Inits.empty()     ? Inits.front()
           : !Uninits.empty() ? Uninits.front()
                              : Lacking;
  }
};

/// The drivers of the old model in \p P: one for each structure that an
/// old-model init prepares, or that the new model prepares and something else
/// than its last put ends, or that lacks what core of \p To calls.
std::vector<OldDriver> findOldDrivers(const Program &P, const AllocFlow &Flow,
                                      Target To);

/// A driver that is in the new model already: its structure's name and file.
struct NewDriver {
  std::string RecordName;
  std::string File;
};

/// The drivers that allocate by `vfio_alloc_device`, or prepare by
/// `vfio_init_device`, and have no old-model call.
std::vector<NewDriver> findNewDrivers(const Program &P,
                                      const std::vector<OldDriver> &Old);

/// True where an object of \p D's structure is no allocation: a variable.
bool hasOwnObjects(const Program &P, const OldDriver &D);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_OLDDRIVER_H
