//===- KernelFlags.h - How a driver is compiled, without a database -------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Builds the clang command line of one driver source from a kernel folder and
// the Makefile or Kbuild files around the source.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_KBUILD_KERNELFLAGS_H
#define VFIO_KBUILD_KERNELFLAGS_H

#include "kbuild/KernelHeaders.h"
#include "llvm/ADT/ArrayRef.h"
#include <string>
#include <vector>

namespace vfio::kbuild {

/// The folder with clang's own headers (stddef.h, stdarg.h): next to the
/// running program when installed, else the LLVM package's.
std::string clangResourceDir();

/// Warnings that a kernel built by gcc, or a driver written for another kernel,
/// must not turn into errors. The last part of every command line, a database's
/// as well.
const std::vector<std::string> &lenientFlags();

/// The target triple of a kernel architecture (64 bit where it has both);
/// empty where the architecture is unknown.
std::string targetOf(llvm::StringRef Arch);

/// The command line for \p File (absolute) against \p Kernel: from "clang" to
/// the file's name, to be run in the folder of the file. \p Generated are
/// folders with headers that the driver's own build makes.
std::vector<std::string>
kernelCommandLine(llvm::StringRef File, const KernelHeaders &Kernel,
                  llvm::ArrayRef<std::string> Generated = {});

} // namespace vfio::kbuild

#endif // VFIO_KBUILD_KERNELFLAGS_H
