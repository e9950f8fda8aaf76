//===- RegularFiles.cpp - No waiting for a pipe ---------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/RegularFiles.h"
#include "kbuild/InputFile.h"
#include "kbuild/Paths.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace vfio::kbuild {
namespace {

/// Why a file is not opened, in clang's "cannot open file 'x': ...".
enum Refusal { NotRegular = 1, OutOfScope, TooDeep };

class Refusals : public std::error_category {
public:
  const char *name() const noexcept override { return "vfio-kbuild"; }
  std::string message(int Why) const override {
    switch (Why) {
    case OutOfScope:
      return "it is outside of the tree and of the kernel's headers, and is "
             "not read";
    case TooDeep:
      return "it is nested too deep";
    default:
      return "it is no regular file, or larger than " +
             std::to_string(MaxSourceSize >> 20) + " MiB";
    }
  }
};

std::error_code refused(Refusal Why) {
  static const Refusals Category;
  return std::error_code(Why, Category);
}

class RegularFiles : public vfs::ProxyFileSystem {
public:
  RegularFiles(IntrusiveRefCntPtr<vfs::FileSystem> Under,
               std::shared_ptr<const ReadScope> Scope)
      : ProxyFileSystem(std::move(Under)), Scope(std::move(Scope)) {}

  ErrorOr<std::unique_ptr<vfs::File>>
  openFileForRead(const Twine &Path) override {
    ErrorOr<vfs::Status> Found = status(Path);
    if (!Found)
      return Found.getError();
    // A folder is left to the file system, whose error clang knows.
    std::string Name = Path.str();
    if (Found->isDirectory() || Name == "/dev/null")
      return ProxyFileSystem::openFileForRead(Path);
    bool Configures = isConfigurationName(sys::path::filename(Name));
    if (!Found->isRegularFile() ||
        Found->getSize() > (Configures ? MaxDatabaseSize : MaxSourceSize))
      return refused(NotRegular);
    if (auto Cwd = getCurrentWorkingDirectory())
      Name = absolute(Name, *Cwd);
    if (Configures ? !Scope->holdsConfiguration(Name) : !Scope->holds(Name))
      return refused(OutOfScope);
    auto File = ProxyFileSystem::openFileForRead(Path);
    return File && Configures ? openConfiguration(std::move(*File), *Found)
                              : std::move(File);
  }

private:
  /// A file that was read already.
  class Read : public vfs::File {
  public:
    Read(std::unique_ptr<MemoryBuffer> Text, vfs::Status Stat)
        : Text(std::move(Text)), Stat(std::move(Stat)) {}
    ErrorOr<vfs::Status> status() override { return Stat; }
    ErrorOr<std::unique_ptr<MemoryBuffer>> getBuffer(const Twine &Name, int64_t,
                                                     bool, bool) override {
      return MemoryBuffer::getMemBufferCopy(Text->getBuffer(), Name);
    }
    std::error_code close() override { return {}; }

  private:
    std::unique_ptr<MemoryBuffer> Text;
    vfs::Status Stat;
  };

  ErrorOr<std::unique_ptr<vfs::File>>
  openConfiguration(std::unique_ptr<vfs::File> File, const vfs::Status &Stat) {
    auto Text = File->getBuffer(Stat.getName());
    if (!Text)
      return Text.getError();
    // clang's tools read their JSON by the parser of YAML, too.
    if (Error Deep = checkNesting((*Text)->getBuffer(), Nesting::Yaml)) {
      consumeError(std::move(Deep));
      return refused(TooDeep);
    }
    return std::make_unique<Read>(std::move(*Text), Stat);
  }

  std::shared_ptr<const ReadScope> Scope;
};

} // namespace

IntrusiveRefCntPtr<vfs::FileSystem>
onlyRegularFiles(IntrusiveRefCntPtr<vfs::FileSystem> Under,
                 std::shared_ptr<const ReadScope> Scope) {
  return makeIntrusiveRefCnt<RegularFiles>(std::move(Under), std::move(Scope));
}

} // namespace vfio::kbuild
