//===- RegularFiles.h - No waiting for a pipe, no endless file ------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A header that is a named pipe would be waited for, /dev/zero be read until
// the memory is full: before any time limit is in force, or where there is
// none.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_KBUILD_REGULARFILES_H
#define VFIO_KBUILD_REGULARFILES_H

#include "kbuild/ReadScope.h"
#include "llvm/ADT/IntrusiveRefCntPtr.h"
#include "llvm/Support/VirtualFileSystem.h"
#include <cstdint>
#include <memory>

namespace vfio::kbuild {

/// Nobody wrote a longer source; the longest header of 6.12 has 24 MB.
constexpr uint64_t MaxSourceSize = uint64_t(64) << 20;

/// \p Under, the disk, in which nothing can be opened but regular files in
/// \p Scope of a size that sources have, configurations that are not nested too
/// deep for their parsers, and /dev/null.
llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem>
onlyRegularFiles(llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> Under,
                 std::shared_ptr<const ReadScope> Scope);

} // namespace vfio::kbuild

#endif // VFIO_KBUILD_REGULARFILES_H
