//===- RegularFiles.cpp - No waiting for a pipe ---------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/RegularFiles.h"

using namespace llvm;

namespace vfio::kbuild {
namespace {

/// Why a file is not opened, in clang's "cannot open file 'x': ...".
class NotASource : public std::error_category {
public:
  const char *name() const noexcept override { return "vfio-kbuild"; }
  std::string message(int) const override {
    return "it is no regular file, or larger than " +
           std::to_string(MaxSourceSize >> 20) + " MiB";
  }
};

class RegularFiles : public vfs::ProxyFileSystem {
public:
  using ProxyFileSystem::ProxyFileSystem;

  ErrorOr<std::unique_ptr<vfs::File>>
  openFileForRead(const Twine &Path) override {
    static const NotASource Category;
    ErrorOr<vfs::Status> Found = status(Path);
    if (!Found)
      return Found.getError();
    // A folder is left to the file system, whose error clang knows.
    bool Opens = Found->isDirectory() ||
                 (Found->isRegularFile() && Found->getSize() <= MaxSourceSize);
    if (!Opens && Path.str() != "/dev/null")
      return std::error_code(1, Category);
    return ProxyFileSystem::openFileForRead(Path);
  }
};

} // namespace

IntrusiveRefCntPtr<vfs::FileSystem>
onlyRegularFiles(IntrusiveRefCntPtr<vfs::FileSystem> Under) {
  return makeIntrusiveRefCnt<RegularFiles>(std::move(Under));
}

} // namespace vfio::kbuild
