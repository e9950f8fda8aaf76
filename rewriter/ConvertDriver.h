//===- ConvertDriver.h - One driver: plan, edit, prove --------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_CONVERTDRIVER_H
#define VFIO_REWRITER_CONVERTDRIVER_H

#include "rewriter/Migrate.h"
#include "rewriter/prove/Verify.h"
#include "rewriter/read/HiddenCode.h"
#include "rewriter/read/OldDriver.h"

namespace vfio::rewriter {

/// The units to parse again for \p D: its own, and the other ones of its
/// family, which may depend on what changes.
std::vector<const Unit *> unitsOf(const OldDriver &D, const Program &P);

/// Refuses the driver of \p R, of which \p V is what does not hold.
void refuseVerdict(const Verdict &V, DriverResult &R);

/// Of a driver that somebody has begun, what does not hold is not the
/// conversion but what is missing: makes the refusals in \p R say so.
void sayWhatLacks(const OldDriver &D, DriverResult &R);

/// The refusal for the error \p E of a driver's own file.
Refusal parseRefusal(const kbuild::Diagnostic &E, Place Where);

/// Something that was not found, in a file that did not parse, has its cause
/// there: makes the refusals in \p R say so.
void blameParse(const Program &P, DriverResult &R);

/// True where a plan for \p D is there, and only a proof can still refuse it.
bool wouldConvert(const Program &P, const AllocFlow &Flow, const OldDriver &D,
                  Target To);

/// Converts \p D, one of the old drivers of \p P, and proves the result.
DriverResult convertDriver(const kbuild::InputSet &Set, const Program &P,
                           const AllocFlow &Flow, const OldDriver &D, Target To,
                           const MigrateOptions &Options);

/// Drivers that change the same files are written as one, so what they become
/// together must hold, too: one that does not go with those before it is
/// refused. \p Results has what came of each of \p Drivers.
void checkTogether(const kbuild::InputSet &Set, const Program &P,
                   llvm::ArrayRef<OldDriver> Drivers, Target To,
                   const MigrateOptions &Options,
                   llvm::MutableArrayRef<DriverResult> Results);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_CONVERTDRIVER_H
