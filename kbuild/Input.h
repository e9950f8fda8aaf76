//===- Input.h - One source file and how it is compiled -------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The plain values that pass from this room to the programs.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_KBUILD_INPUT_H
#define VFIO_KBUILD_INPUT_H

#include <string>
#include <vector>

namespace vfio::kbuild {

/// A translation unit to be parsed.
struct Input {
  std::string File;      ///< absolute, no symbolic links, no dots
  std::string Directory; ///< where the command runs
  /// From "clang" to the file. Holds nothing that writes, loads or runs.
  std::vector<std::string> CommandLine;
  std::string Kernel; ///< name of the kernel folder; empty with a database
  /// Of one that nobody asked for: the file that it is compiled like, whose
  /// shared headers it may have though it does not include them all.
  std::string Like;
};

/// A file that was asked for, or might matter, and is not parsed.
struct SkippedInput {
  std::string File;
  std::string Reason; ///< one clause, no full stop
};

} // namespace vfio::kbuild

#endif // VFIO_KBUILD_INPUT_H
