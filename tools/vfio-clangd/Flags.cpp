//===- Flags.cpp - The kernel's flags for what the editor opens ---------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where clangd has no database for a kernel source, kbuild/ knows the flags;
// where the database was made by gcc, kbuild/ makes them fit. Both happen
// before clangd has its own way with a command, so that a .clangd file can
// still change it.
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-clangd/Flags.h"
#include "kbuild/CleanCommand.h"
#include "kbuild/Inputs.h"
#include "kbuild/KernelFlags.h"
#include "kbuild/ModuleSources.h"
#include "kbuild/Paths.h"
#include "kbuild/RegularFiles.h"
#include "kbuild/WordSearch.h"
#include "tools/vfio-clangd/ClangdInternals.h"
#include "llvm/ADT/IntrusiveRefCntPtr.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <chrono>
#include <map>
#include <mutex>

using namespace clang;
using namespace llvm;
using tooling::CompileCommand;

void realMangle(const clang::clangd::CommandMangler *Mangler,
                CompileCommand &Command, StringRef File) asm(VFIO_REAL_MANGLE);
void wrapMangle(const clang::clangd::CommandMangler *Mangler,
                CompileCommand &Command, StringRef File) asm(VFIO_WRAP_MANGLE);
IntrusiveRefCntPtr<vfs::FileSystem>
wrapCreateFileSystem() asm(VFIO_WRAP_CREATE_FILE_SYSTEM);
IntrusiveRefCntPtr<vfs::FileSystem>
realCreateFileSystem() asm(VFIO_REAL_CREATE_FILE_SYSTEM);
IntrusiveRefCntPtr<vfs::FileSystem>
wrapRealFileSystem() asm(VFIO_WRAP_REAL_FILE_SYSTEM);
IntrusiveRefCntPtr<vfs::FileSystem>
realRealFileSystem() asm(VFIO_REAL_REAL_FILE_SYSTEM);

namespace {

using Clock = std::chrono::steady_clock;

/// What kbuild/ says of a source, for a while: a Makefile may change.
struct Known {
  std::shared_ptr<const vfio::kbuild::InputSet> Inputs; ///< null: not ours
  Clock::time_point Until;
};

std::string KernelFolder; // set before clangd starts its threads
/// What may be read: around each file that a command was wanted for.
const auto Readable = std::make_shared<vfio::kbuild::ReadScope>();
std::mutex Lock;
std::map<std::string, Known, std::less<>> Sources;

/// True where the file is written for the kernel, as it says itself, or a
/// header of its own that it includes, or a Makefile: a new file is only in the
/// editor, and then its neighbours tell.
bool isKernelSource(StringRef File) {
  constexpr size_t Most = 64;
  std::vector<std::string> Files = {File.str()};
  for (size_t I = 0; I < Files.size(); ++I) {
    std::string Text = vfio::kbuild::readText(Files[I]);
    for (StringRef Header : vfio::kbuild::angledIncludes(Text))
      if (Header.starts_with("linux/") || Header.starts_with("asm/"))
        return true;
    StringRef Folder = sys::path::parent_path(Files[I]);
    for (StringRef Header : vfio::kbuild::quotedIncludes(Text)) {
      std::string Path =
          vfio::kbuild::realPath(vfio::kbuild::pathIn(Folder, Header));
      if (!Path.empty() && Files.size() < Most && !is_contained(Files, Path))
        Files.push_back(std::move(Path));
    }
  }
  return vfio::kbuild::isBuiltByMakefile(File);
}

/// The source whose flags serve for \p File: itself, or for a header a source
/// of the same folder; empty where nothing here is the kernel's.
std::string sourceFor(StringRef File) {
  if (sys::path::extension(File) == ".c" && isKernelSource(File))
    return File.str();
  std::error_code Problem;
  sys::fs::directory_iterator It(sys::path::parent_path(File), Problem), End;
  for (; !Problem && It != End; It.increment(Problem))
    if (sys::path::extension(It->path()) == ".c" && isKernelSource(It->path()))
      return It->path();
  return "";
}

std::shared_ptr<const vfio::kbuild::InputSet> resolve(StringRef File) {
  std::string Source = sourceFor(File);
  if (Source.empty())
    return nullptr;
  vfio::kbuild::InputOptions Options;
  Options.Paths = {Source};
  Options.Kernel = KernelFolder;
  auto Set = vfio::kbuild::resolveInputs(Options);
  if (Set && (*Set)->inputs().size() == 1)
    return std::move(*Set);
  if (!Set) // no headers are installed, say: clangd's own flags must do
    consumeError(Set.takeError());
  return nullptr;
}

std::shared_ptr<const vfio::kbuild::InputSet> inputsFor(StringRef File) {
  std::lock_guard<std::mutex> Guard(Lock);
  auto It = Sources.find(File);
  if (It == Sources.end() || It->second.Until < Clock::now())
    It = Sources
             .insert_or_assign(
                 File.str(),
                 Known{resolve(File), Clock::now() + std::chrono::seconds(10)})
             .first;
  return It->second.Inputs;
}

/// True where nobody said how \p File is compiled: clangd made \p Command up,
/// or took it from another source. That serves for a header, and for a new
/// source of the same kernel, but not where it is none of the kernel's (a
/// database in a folder above, of something else), nor for a source in no
/// database where --kernel says what such are compiled for.
bool isGuess(const CompileCommand &Command, StringRef File) {
  StringRef From = Command.Heuristic;
  return From == "clangd fallback" ||
         (From.starts_with("inferred from ") &&
          (!is_contained(Command.CommandLine, "-D__KERNEL__") ||
           (!KernelFolder.empty() && sys::path::extension(File) == ".c")));
}

/// Replaces clangd's guess by the kernel's flags, for a kernel source.
void supplyFlags(CompileCommand &Command, StringRef File) {
  auto Set = inputsFor(File);
  if (!Set)
    return;
  const vfio::kbuild::Input &In = Set->inputs().front();
  Command.Directory = In.Directory;
  Command.CommandLine = In.CommandLine;
  Command.CommandLine.back() = File.str();
  if (sys::path::extension(File) != ".c") // a header is no source to clang
    Command.CommandLine.insert(Command.CommandLine.end() - 1,
                               {"-x", "c-header"});
}

/// Makes a database's command for a C source fit for clang.
void cleanDatabase(CompileCommand &Command, StringRef File) {
  if (sys::path::extension(File) != ".c")
    return;
  auto Clean = vfio::kbuild::cleanCommand(
      Command.CommandLine, Command.Directory, File, Command.Directory);
  if (Clean)
    Command.CommandLine = std::move(*Clean);
  else // clangd will say what is wrong with it
    consumeError(Clean.takeError());
}

/// The language that \p Command asks for by -x, if it is one that clangd has
/// the editor's file for.
StringRef languageOf(const CompileCommand &Command) {
  for (size_t I = 0; I + 1 < Command.CommandLine.size(); ++I)
    if (Command.CommandLine[I] == "-x" &&
        is_contained({"c", "c-header", "c++", "c++-header"},
                     StringRef(Command.CommandLine[I + 1])))
      return Command.CommandLine[I + 1];
  return "";
}

/// What is left of a command to which a .clangd file added what it liked.
void cleanEdits(CompileCommand &Command, StringRef File) {
  std::vector<std::string> Clean = {"clang", "-fsyntax-only",
                                    "-resource-dir=" +
                                        vfio::kbuild::clangResourceDir()};
  append_range(Clean, vfio::kbuild::cleanFlags(
                          ArrayRef(Command.CommandLine).drop_front()));
  if (StringRef Language = languageOf(Command); !Language.empty())
    Clean.insert(Clean.end(), {"-x", Language.str()});
  Clean.insert(Clean.end(), {"--", File.str()});
  Command.CommandLine = std::move(Clean);
}

void allowFilesOf(const CompileCommand &Command, StringRef File) {
  Readable->allowTreeOf(File);
  Readable->allowKernelsOf(Command.CommandLine, Command.Directory);
}

/// The disk, and the generated headers of kernels that were never configured.
class KernelFileSystem : public vfs::ProxyFileSystem {
public:
  using ProxyFileSystem::ProxyFileSystem;

  ErrorOr<vfs::Status> status(const Twine &Path) override {
    ErrorOr<vfs::Status> Found = ProxyFileSystem::status(Path);
    if (Found)
      return Found;
    if (auto Set = ownerOf(Path))
      return Set->fileSystem()->status(Path);
    return Found;
  }

  bool exists(const Twine &Path) override { return bool(status(Path)); }

  ErrorOr<std::unique_ptr<vfs::File>>
  openFileForRead(const Twine &Path) override {
    auto Found = ProxyFileSystem::openFileForRead(Path);
    if (Found)
      return Found;
    if (auto Set = ownerOf(Path))
      return Set->fileSystem()->openFileForRead(Path);
    return Found;
  }

private:
  /// The inputs that have a generated file \p Path.
  static std::shared_ptr<const vfio::kbuild::InputSet>
  ownerOf(const Twine &Path) {
    std::string Text = Path.str();
    std::lock_guard<std::mutex> Guard(Lock);
    for (const auto &[File, Entry] : Sources)
      if (Entry.Inputs && Entry.Inputs->generates(Text))
        return Entry.Inputs;
    return nullptr;
  }
};

} // namespace

void vfio::clangd::setKernel(std::string Folder) {
  KernelFolder = std::move(Folder);
}

const std::string &vfio::clangd::kernel() { return KernelFolder; }

void vfio::clangd::allowPreamble(StringRef Path) { Readable->allow(Path); }

void wrapMangle(const clang::clangd::CommandMangler *Mangler,
                CompileCommand &Command, StringRef File) {
  if (isGuess(Command, File))
    supplyFlags(Command, File);
  else
    cleanDatabase(Command, File);
  realMangle(Mangler, Command, File);
  if (!Command.CommandLine.empty())
    cleanEdits(Command, File);
  allowFilesOf(Command, File);
}

/// By which clangd reads the @files of a database, without a limit: what it
/// leaves of them, \c cleanDatabase reads.
IntrusiveRefCntPtr<vfs::FileSystem> wrapRealFileSystem() {
  static const auto Nothing = std::make_shared<vfio::kbuild::ReadScope>();
  return vfio::kbuild::onlyRegularFiles(realRealFileSystem(), Nothing);
}

IntrusiveRefCntPtr<vfs::FileSystem> wrapCreateFileSystem() {
  return makeIntrusiveRefCnt<KernelFileSystem>(
      vfio::kbuild::onlyRegularFiles(realCreateFileSystem(), Readable));
}
