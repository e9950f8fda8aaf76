//===- KernelHeaders.h - The headers a driver is compiled against ---------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Finds and validates a kernel folder: a Debian linux-headers package, the
// build link of an installed kernel, a configured tree (plain or with O=), or a
// bare source tree whose generated headers we supply ourselves.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_KBUILD_KERNELHEADERS_H
#define VFIO_KBUILD_KERNELHEADERS_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <string>
#include <tuple>

namespace vfio::kbuild {

class KernelConfig;

/// A kernel's version, as LINUX_VERSION_CODE knows it.
struct KernelVersion {
  unsigned Major = 0, Minor = 0, Patch = 0;

  bool operator<(const KernelVersion &O) const {
    return std::tie(Major, Minor, Patch) < std::tie(O.Major, O.Minor, O.Patch);
  }
  bool sameSeries(const KernelVersion &O) const {
    return Major == O.Major && Minor == O.Minor;
  }
  std::string str() const;
};

/// One kernel to compile against.
struct KernelHeaders {
  std::string Name;    ///< the folder as the user knows it
  std::string ObjTree; ///< holds include/generated; the same as SrcTree in a
                       ///< tree that was configured in place
  std::string SrcTree; ///< holds include/linux and arch/
  std::string Arch;    ///< in the kernel's words: x86, arm64, s390
  std::shared_ptr<const KernelConfig> Config;
  KernelVersion Version;
  /// True where the tree was never configured: its generated headers are then
  /// ours, and exist only in the file system that \c GeneratedHeaders fills.
  bool Unconfigured = false;
};

/// The kernel in folder \p Dir, or one line that says why it is none. A version
/// ("6.1") that names no folder is the newest such kernel that is installed.
llvm::Expected<KernelHeaders> openKernel(llvm::StringRef Dir);

/// The newest kernel whose headers are installed (/usr/src/linux-headers-*,
/// /lib/modules/*/build), or one line that says what to install.
llvm::Expected<KernelHeaders> newestKernel();

/// Like \c newestKernel, but only a kernel of the series of \p Wanted (6.1.x).
llvm::Expected<KernelHeaders> newestKernelOf(const KernelVersion &Wanted);

/// The installed folder with the generated headers that belong to the sources
/// \p SrcTree (the common part of a header package); empty where none does.
std::string objectTreeFor(llvm::StringRef SrcTree);

/// The root of the kernel source tree that \p Path is in (the folder whose
/// Makefile has VERSION and PATCHLEVEL, with include/linux and arch/); empty
/// where \p Path is in none, as out-of-tree drivers are.
std::string sourceTreeOf(llvm::StringRef Path);

/// The version that the top Makefile of the source tree \p Root states.
KernelVersion sourceTreeVersion(llvm::StringRef Root);

} // namespace vfio::kbuild

#endif // VFIO_KBUILD_KERNELHEADERS_H
