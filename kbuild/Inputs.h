//===- Inputs.h - From what the user typed to what is parsed --------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The front of this room: paths, --kernel and -p in; a list of TUs with their
// command lines out, or one line that says what is wrong.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_KBUILD_INPUTS_H
#define VFIO_KBUILD_INPUTS_H

#include "kbuild/Input.h"
#include "kbuild/KernelHeaders.h"
#include "kbuild/ReadScope.h"
#include "kbuild/SharedHeaders.h"
#include "clang/Tooling/CompilationDatabase.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/IntrusiveRefCntPtr.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/VirtualFileSystem.h"
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace vfio::kbuild {

/// What the user asked for.
struct InputOptions {
  std::string Kernel;                 ///< --kernel; empty: the newest installed
  std::string DatabaseDir;            ///< -p; empty: no database
  std::vector<std::string> Paths;     ///< files, driver folders, whole trees
  unsigned Jobs = 0;                  ///< -j; 0 is one thread per core
  std::vector<std::string> ExtraArgs; ///< for clang, on every command line
  /// Names that make a source of a folder worth parsing. A file that is named
  /// itself is always parsed.
  std::vector<std::string> ApiNames;
  /// Folders with headers that a driver's own build makes.
  std::vector<std::string> Generated;
  /// A folder without a driver is no error.
  bool MayBeEmpty = false;
  /// Where sources are parsed more than once: what to keep of their headers.
  std::optional<SharingOptions> Sharing;
};

/// The TUs of a run. Is a compilation database as well, so that clang-tidy can
/// run on it; reading it is safe from several threads.
class InputSet : public clang::tooling::CompilationDatabase {
public:
  const std::vector<Input> &inputs() const { return List; }
  const std::vector<SkippedInput> &skipped() const { return Skips; }
  /// Folders and sources that could not be read: a driver may be in there.
  const std::vector<SkippedInput> &unreadable() const { return Unreadable; }
  /// The folders that hold no driver, as the user named them.
  const std::vector<std::string> &emptyFolders() const { return Empty; }
  /// The input of file \p Path (any spelling that names it), or null.
  const Input *find(llvm::StringRef Path) const;
  /// Where a database compiles \p In's file in other ways as well: those.
  llvm::ArrayRef<Input> alsoCompiled(const Input &In) const;
  /// The kernels that commands were made for; empty with a database.
  const std::vector<KernelHeaders> &kernels() const { return Kernels; }
  unsigned jobs() const { return Jobs; }
  /// A line for the user where we chose the kernel ourselves, else empty.
  const std::string &note() const { return Note; }
  /// Sources whose command is another's, a line each.
  const std::vector<std::string> &borrowed() const { return Borrowed; }
  /// What may be read for these inputs.
  std::shared_ptr<const ReadScope> scope() const { return Scope; }
  /// A new file system for one parse: the disk, as far as \c scope goes, and
  /// our headers, for kernels that were never configured and for one that
  /// counts allocations. Has a working directory of its own.
  llvm::IntrusiveRefCntPtr<llvm::vfs::OverlayFileSystem> fileSystem() const;
  /// The same with \p Disk for the disk.
  llvm::IntrusiveRefCntPtr<llvm::vfs::OverlayFileSystem>
  fileSystemOver(llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> Disk) const;
  /// Adds the source \p File, which need not be on disk, with the command of
  /// \p Like.
  void adopt(llvm::StringRef File, const Input &Like);
  /// Has all parses read \p Text for the file \p Path: edits nobody has saved.
  void overlay(llvm::StringRef Path, llvm::StringRef Text) {
    Generated[Path.str()] = Text.str();
  }
  /// True where \p Path is a generated header of ours, or a folder with such:
  /// in that file system only.
  bool generates(llvm::StringRef Path) const;
  /// The headers that parses share, or null.
  SharedHeaders *sharedHeaders() const { return Shared.get(); }

  // clang::tooling::CompilationDatabase
  std::vector<clang::tooling::CompileCommand>
  getCompileCommands(llvm::StringRef FilePath) const override;
  std::vector<std::string> getAllFiles() const override;
  std::vector<clang::tooling::CompileCommand>
  getAllCompileCommands() const override;

private:
  friend class InputResolver;
  std::vector<Input> List;
  std::vector<SkippedInput> Skips, Unreadable;
  std::vector<std::string> Empty;
  std::vector<KernelHeaders> Kernels;
  llvm::StringMap<size_t> ByPath;
  llvm::StringMap<std::vector<Input>> More;     ///< other commands, by file
  std::map<std::string, std::string> Generated; ///< path to text
  std::string Note;
  std::vector<std::string> Borrowed;
  unsigned Jobs = 1;
  std::shared_ptr<ReadScope> Scope = std::make_shared<ReadScope>();
  std::unique_ptr<SharedHeaders> Shared;
};

/// Resolves \p Options, or fails with one line for the user: a path that is
/// missing, a folder that holds no driver, a broken database, a kernel folder
/// that is none. What a folder or database holds that could matter and cannot
/// be parsed is in InputSet::skipped.
llvm::Expected<std::unique_ptr<InputSet>>
resolveInputs(const InputOptions &Options);

} // namespace vfio::kbuild

#endif // VFIO_KBUILD_INPUTS_H
