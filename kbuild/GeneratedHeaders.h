//===- GeneratedHeaders.h - What a build would have generated -------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A kernel tree that was never configured lacks the headers that its build
// writes: the configuration, the asm/ wrappers, constants, the version. For a
// parse, plain stand-ins do; they exist only in memory.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_KBUILD_GENERATEDHEADERS_H
#define VFIO_KBUILD_GENERATEDHEADERS_H

#include "kbuild/KernelHeaders.h"
#include <map>
#include <string>

namespace vfio::kbuild {

/// Gives the unconfigured kernel \p K a configuration and an object tree that
/// exists only in \p Files (path to text), to which this adds.
void generateHeaders(KernelHeaders &K,
                     std::map<std::string, std::string> &Files);

/// Adds the header of \p K to \p Files that counts allocations (6.10 and
/// later), such that it does not: its macro stands around each of them, in 7.2
/// with the call in it twice, for a question that no driver asks.
void passAllocations(const KernelHeaders &K,
                     std::map<std::string, std::string> &Files);

} // namespace vfio::kbuild

#endif // VFIO_KBUILD_GENERATEDHEADERS_H
