//===- InputFile.h - Reading what others wrote ----------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one reader of configurations, databases, baselines and journals. A name
// in a strange tree may be a pipe that nobody writes to, a device without end,
// a file longer than memory; and what reads JSON or YAML goes as deep as they
// are nested.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_KBUILD_INPUTFILE_H
#define VFIO_KBUILD_INPUTFILE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <string>

namespace vfio::kbuild {

/// What a file is written in, as far as its nesting goes.
enum class Nesting { None, Json, Yaml };

/// The text of the regular file \p Path of at most \p MostBytes. Fails with one
/// clause that does not name it: "is no regular file", "cannot be read (No such
/// file or directory)".
llvm::Expected<std::string> readInput(llvm::StringRef Path, Nesting Kind,
                                      uint64_t MostBytes);

/// Fails with such a clause where \p Text is nested deeper than any tool's.
llvm::Error checkNesting(llvm::StringRef Text, Nesting Kind);

/// The longest configuration, and the longest database: a kernel's of all
/// drivers has some 100 MiB.
constexpr uint64_t MaxConfigurationSize = uint64_t(1) << 20,
                   MaxDatabaseSize = uint64_t(1) << 29;

} // namespace vfio::kbuild

#endif // VFIO_KBUILD_INPUTFILE_H
