//===- Unfinished.h - What a new driver still lacks -----------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A driver whose device comes from vfio_alloc_device, and that calls nothing of
// the old model, can lack a part of the new one all the same.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_READ_UNFINISHED_H
#define VFIO_REWRITER_READ_UNFINISHED_H

#include "rewriter/read/AllocFlow.h"

namespace vfio::rewriter {

/// True where a table that devices of \p A can have names no release, which
/// core of \p To calls untested.
bool lacksRelease(const Program &P, const AllocSite &A, Target To);

/// The structures of the driver's own memory in which vfio_init_device prepares
/// a device, by key.
std::set<std::string> preparedInPlace(const Program &P);

/// True where something in \p P puts a device.
bool putsAny(const Program &P);

/// The call that allocated \p A as the facts have it; null where they do not.
const Site *siteOf(const AllocSite &A);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_READ_UNFINISHED_H
