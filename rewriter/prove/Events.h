//===- Events.h - The life of a device before and after ------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A conversion replaces calls by calls; on no path may the life of a device
// become another. What the path engine saw on each way out of each function is
// laid side by side: once for people (`--explain`, the report), and once as a
// proof: a life that the new code has and the old one had not is no conversion.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_EVENTS_H
#define VFIO_REWRITER_EVENTS_H

#include "rewriter/prove/Proof.h"
#include "rewriter/read/OldDriver.h"

namespace vfio::rewriter {

/// The events of the structure of \p D on each path, before and after.
struct EventTable {
  std::vector<PathEvents> Paths;
  /// The path whose life the old code did not have, in one clause; empty where
  /// events are conserved.
  std::string Problem;
  Place Where;
};

/// Compares the lives of \p D's structure in \p After, the parse of the
/// converted driver, with those of the old code in \p Before: none may come,
/// and none may go; each function that handles the device is on a way that was
/// followed. The functions in \p Mended had bugs that the conversion did not
/// carry over: there a life may have an end that it lacked. With \p Moved
/// set-up is in @init now, and its failures are failures of the allocation.
/// What was compared is noted in \p P.
EventTable compareEvents(const OldDriver &D, const Program &Before,
                         const Program &After,
                         const std::set<std::string> &Mended, bool Moved,
                         Proof &P);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_EVENTS_H
