//===- ConvertFrees.h - From a driver that frees to a core that does ------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The second migration that a driver needs. In 6.1 its @release ends in
// vfio_free_device(); from 6.2 on core frees the structure after @release, and
// a free there would be the second one. Where CONFIG_IOMMUFD is on, that core
// also refuses an ops table without the operations for it.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_CONVERTFREES_H
#define VFIO_REWRITER_CONVERTFREES_H

#include "rewriter/Migrate.h"
#include "rewriter/read/OldDriver.h"

namespace vfio::rewriter {

/// Converts \p N, a driver of the new model in \p P, to what core of 6.2 and
/// later expects, and proves the result. Nothing where all of that
/// is there.
std::optional<DriverResult> convertFrees(const kbuild::InputSet &Set,
                                         const Program &P, const NewDriver &N,
                                         const MigrateOptions &Options);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_CONVERTFREES_H
