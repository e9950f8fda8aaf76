//===- Paths.cpp - Small helpers about files and their names --------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/Paths.h"
#include "kbuild/RegularFiles.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include <algorithm>

using namespace llvm;

namespace vfio::kbuild {

std::string pathIn(const Twine &A, const Twine &B, const Twine &C,
                   const Twine &D) {
  SmallString<256> Path;
  sys::path::append(Path, A, B, C, D);
  return std::string(Path);
}

std::string nearestDirectory(StringRef Dir) {
  while (!Dir.empty() && !isDirectory(Dir))
    Dir = sys::path::parent_path(Dir);
  return Dir.str();
}

bool isFile(const Twine &Path) { return sys::fs::is_regular_file(Path); }
bool isDirectory(const Twine &Path) { return sys::fs::is_directory(Path); }

std::string readText(const Twine &Path) {
  sys::fs::file_status Status;
  if (sys::fs::status(Path, Status) || !sys::fs::is_regular_file(Status) ||
      Status.getSize() > MaxSourceSize)
    return {};
  auto Buffer = MemoryBuffer::getFile(Path, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
  return Buffer ? (*Buffer)->getBuffer().str() : std::string();
}

std::vector<std::string> listDirectory(const Twine &Dir) {
  std::vector<std::string> Names;
  std::error_code EC;
  for (sys::fs::directory_iterator It(Dir, EC), End; !EC && It != End;
       It.increment(EC))
    Names.push_back(sys::path::filename(It->path()).str());
  std::sort(Names.begin(), Names.end());
  return Names;
}

std::string realPath(const Twine &Path) {
  SmallString<256> Real;
  if (sys::fs::real_path(Path, Real))
    return {};
  return std::string(Real);
}

std::string currentDir() {
  SmallString<256> Dir;
  if (sys::fs::current_path(Dir))
    return {};
  return std::string(Dir);
}

std::string absolute(StringRef Path, StringRef Base) {
  SmallString<256> Full;
  if (sys::path::is_relative(Path))
    Full = Base;
  sys::path::append(Full, Path);
  sys::path::remove_dots(Full, /*remove_dot_dot=*/true);
  return std::string(Full);
}

bool isBelow(StringRef Path, StringRef Dir) {
  while (Dir.consume_back("/"))
    ;
  return Path.consume_front(Dir) && (Path.empty() || Path.front() == '/');
}

} // namespace vfio::kbuild
