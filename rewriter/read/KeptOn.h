//===- KeptOn.h - A structure that stays when its device has ended --------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// In the old model the device ends at the uninit, and the structure may lie
// about until the module goes. In the new one both end at the last put: a
// device that ended in remove would live until the module goes, without its
// parent.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_READ_KEPTON_H
#define VFIO_REWRITER_READ_KEPTON_H

#include "rewriter/read/OldDriver.h"

namespace vfio::rewriter {

/// The uninits of \p D after which nothing frees the structure: neither the
/// function, nor one that calls it, nor a callback that is given away.
std::vector<const SiteRef *> keptOn(const Program &P, const OldDriver &D);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_READ_KEPTON_H
