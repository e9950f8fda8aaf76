//===- InputSet.cpp - The TUs of a run ------------------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/Inputs.h"
#include "kbuild/Paths.h"
#include "kbuild/RegularFiles.h"

using namespace clang::tooling;
using namespace llvm;

namespace vfio::kbuild {

const Input *InputSet::find(StringRef Path) const {
  auto It = ByPath.find(Path);
  if (It == ByPath.end())
    It = ByPath.find(realPath(Path));
  return It == ByPath.end() ? nullptr : &List[It->second];
}

IntrusiveRefCntPtr<vfs::OverlayFileSystem> InputSet::fileSystem() const {
  return fileSystemOver(
      onlyRegularFiles(vfs::createPhysicalFileSystem(), Scope));
}

IntrusiveRefCntPtr<vfs::OverlayFileSystem>
InputSet::fileSystemOver(IntrusiveRefCntPtr<vfs::FileSystem> Disk) const {
  IntrusiveRefCntPtr<vfs::OverlayFileSystem> FS(
      new vfs::OverlayFileSystem(std::move(Disk)));
  if (Generated.empty())
    return FS;
  IntrusiveRefCntPtr<vfs::InMemoryFileSystem> Ours(new vfs::InMemoryFileSystem);
  for (const auto &[Path, Text] : Generated)
    Ours->addFile(Path, 0, MemoryBuffer::getMemBuffer(Text, Path));
  FS->pushOverlay(Ours);
  return FS;
}

void InputSet::adopt(StringRef File, const Input &Like) {
  Input In = Like;
  In.File = File.str();
  In.CommandLine.back() = In.File;
  Scope->allowTreeOf(File);
  Scope->allowKernelsOf(In.CommandLine, In.Directory);
  ByPath[File] = List.size();
  List.push_back(std::move(In));
}

bool InputSet::generates(StringRef Path) const {
  auto It = Generated.lower_bound(Path.str());
  return It != Generated.end() &&
         (It->first == Path ||
          StringRef(It->first).starts_with(Path.str() + "/"));
}

ArrayRef<Input> InputSet::alsoCompiled(const Input &In) const {
  auto It = More.find(In.File);
  return It == More.end() ? ArrayRef<Input>() : ArrayRef<Input>(It->second);
}

static CompileCommand asCommand(const Input &In) {
  return CompileCommand(In.Directory, In.File, In.CommandLine, "");
}

std::vector<CompileCommand>
InputSet::getCompileCommands(StringRef FilePath) const {
  const Input *In = find(FilePath);
  if (!In)
    return {};
  std::vector<CompileCommand> Commands = {asCommand(*In)};
  for (const Input &Other : alsoCompiled(*In))
    Commands.push_back(asCommand(Other));
  return Commands;
}

std::vector<std::string> InputSet::getAllFiles() const {
  std::vector<std::string> Files;
  for (const Input &In : List)
    Files.push_back(In.File);
  return Files;
}

std::vector<CompileCommand> InputSet::getAllCompileCommands() const {
  std::vector<CompileCommand> All;
  for (const Input &In : List)
    for (CompileCommand &Command : getCompileCommands(In.File))
      All.push_back(std::move(Command));
  return All;
}

} // namespace vfio::kbuild
