//===- SpecialMemory.h - Memory that core does not give -------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// vfio_alloc_device() allocates by kvzalloc with GFP_KERNEL, and the last put
// frees by kvfree. A structure that asked for more than that loses it: memory
// of one zone, memory that is contiguous to the hardware, memory that is wiped.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_READ_SPECIALMEMORY_H
#define VFIO_REWRITER_READ_SPECIALMEMORY_H

#include "rewriter/read/OldDriver.h"

namespace vfio::rewriter {

/// The flags that \p Alloc can be given, also where they come from a caller.
/// Those that are not constant are not among them.
std::vector<uint64_t> gfpFlagsOf(const Program &P, const Unit &U,
                                 const clang::CallExpr *Alloc);

/// What \p D asks of its structure's memory that core's has not.
std::vector<Refusal> specialMemory(const Program &P, const AllocFlow &Flow,
                                   const OldDriver &D);

/// What is lost of it that does no harm, in words.
std::vector<std::string> memoryRemarks(const Program &P, const AllocFlow &Flow,
                                       const OldDriver &D);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_READ_SPECIALMEMORY_H
