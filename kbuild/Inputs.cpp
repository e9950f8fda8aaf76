//===- Inputs.cpp - Resolving what the user typed -------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/Inputs.h"
#include "kbuild/Database.h"
#include "kbuild/KernelFlags.h"
#include "kbuild/Paths.h"
#include "kbuild/TreeScan.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Threading.h"
#include <algorithm>

using namespace clang::tooling;
using namespace llvm;

namespace vfio::kbuild {

//===- InputSet -----------------------------------------------------------===//

const Input *InputSet::find(StringRef Path) const {
  auto It = ByPath.find(Path);
  if (It == ByPath.end())
    It = ByPath.find(realPath(Path));
  return It == ByPath.end() ? nullptr : &List[It->second];
}

IntrusiveRefCntPtr<vfs::OverlayFileSystem> InputSet::fileSystem() const {
  IntrusiveRefCntPtr<vfs::OverlayFileSystem> FS(
      new vfs::OverlayFileSystem(vfs::createPhysicalFileSystem()));
  if (Generated.empty())
    return FS;
  IntrusiveRefCntPtr<vfs::InMemoryFileSystem> Ours(new vfs::InMemoryFileSystem);
  for (const auto &[Path, Text] : Generated)
    Ours->addFile(Path, 0, MemoryBuffer::getMemBuffer(Text, Path));
  FS->pushOverlay(Ours);
  return FS;
}

static CompileCommand asCommand(const Input &In) {
  return CompileCommand(In.Directory, In.File, In.CommandLine, "");
}

std::vector<CompileCommand>
InputSet::getCompileCommands(StringRef FilePath) const {
  if (const Input *In = find(FilePath))
    return {asCommand(*In)};
  return {};
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
    All.push_back(asCommand(In));
  return All;
}

//===- InputResolver ------------------------------------------------------===//

/// Turns the user's options into an InputSet, step by step.
class InputResolver {
public:
  explicit InputResolver(const InputOptions &Options)
      : Options(Options), Set(new InputSet) {}

  Expected<std::unique_ptr<InputSet>> run();

private:
  Error addPath(const std::string &Path);
  Error addFile(const std::string &Real);
  Error addFolder(const std::string &Path, const std::string &Real);
  Expected<const KernelHeaders *> kernelFor(StringRef File);
  void add(Input In);

  const InputOptions &Options;
  std::unique_ptr<InputSet> Set;
};

static Error fail(const Twine &Message) {
  return createStringError(inconvertibleErrorCode(), Message);
}

Expected<const KernelHeaders *> InputResolver::kernelFor(StringRef File) {
  if (Set->Kernels.empty()) {
    bool Given = !Options.Kernel.empty();
    Expected<KernelHeaders> K =
        Given ? openKernel(Options.Kernel) : newestKernel();
    if (!K)
      return K.takeError();
    if (!Given)
      Set->Note = "using the kernel headers in " + K->Name;
    Set->Kernels.push_back(std::move(*K));
  }
  return &Set->Kernels.front();
}

void InputResolver::add(Input In) {
  if (!Set->ByPath.try_emplace(In.File, Set->List.size()).second)
    return; // named twice
  auto BeforeFile = In.CommandLine.end() - 1;
  In.CommandLine.insert(BeforeFile, Options.ExtraArgs.begin(),
                        Options.ExtraArgs.end());
  Set->List.push_back(std::move(In));
}

Error InputResolver::addFile(const std::string &Real) {
  Expected<const KernelHeaders *> K = kernelFor(Real);
  if (!K)
    return K.takeError();
  Input In;
  In.File = Real;
  In.Directory = sys::path::parent_path(Real).str();
  In.CommandLine = kernelCommandLine(Real, **K);
  In.Kernel = (*K)->Name;
  add(std::move(In));
  return Error::success();
}

Error InputResolver::addFolder(const std::string &Path,
                               const std::string &Real) {
  std::vector<std::string> Files =
      scanTree(Real, Options.ApiNames, Options.Jobs);
  if (Files.empty())
    return fail(Path + ": no source here names the VFIO driver API");
  for (const std::string &File : Files)
    if (Error E = addFile(File))
      return E;
  return Error::success();
}

Error InputResolver::addPath(const std::string &Path) {
  std::string Real = realPath(Path);
  if (Real.empty())
    return fail(Path + ": no such file or folder");
  if (isDirectory(Real))
    return addFolder(Path, Real);
  if (sys::path::extension(Real) != ".c")
    return fail(Path + ": is no C source file");
  return addFile(Real);
}

Expected<std::unique_ptr<InputSet>> InputResolver::run() {
  Set->Jobs = Options.Jobs ? Options.Jobs
                           : hardware_concurrency().compute_thread_count();
  for (const std::string &Path : Options.Paths)
    if (Error E = addPath(Path))
      return std::move(E);
  return std::move(Set);
}

Expected<std::unique_ptr<InputSet>> resolveInputs(const InputOptions &Options) {
  return InputResolver(Options).run();
}

} // namespace vfio::kbuild
