//===- SafeFiles.h - Files in a folder, read and written with care --------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The system calls under Apply.cpp. A folder is opened once, through no
// symbolic link, and everything in it is then named relative to that handle: so
// nobody can lead a write elsewhere between a check and its use.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_SAFEFILES_H
#define VFIO_REWRITER_SAFEFILES_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <optional>
#include <string>
#include <sys/stat.h>

namespace vfio::rewriter {

/// A text and what the disk knows of its file.
struct FileState {
  std::string Text;
  struct stat Stat;
};

/// An open folder.
class Folder {
public:
  /// Opens \p Path, which must be absolute and without symbolic links.
  static llvm::Expected<Folder> open(llvm::StringRef Path);
  Folder(Folder &&O) : Path(std::move(O.Path)), FD(O.FD) { O.FD = -1; }
  Folder &operator=(Folder &&) = delete;
  ~Folder();

  /// Takes the folder for this process until it ends or the object dies. Fails
  /// where another vfio-migrate has it.
  llvm::Error lock() const;
  /// The regular file \p Name; nothing where there is no such file.
  llvm::Expected<std::optional<FileState>> read(llvm::StringRef Name) const;
  /// Makes the file \p Name, replacing an older one, with its text safe on the
  /// disk; owner, permissions and attributes are those of \p Like, where given.
  llvm::Error write(llvm::StringRef Name, llvm::StringRef Text,
                    const FileState *Like, llvm::StringRef LikeName) const;
  /// Puts \p From in the place of \p To in one step.
  llvm::Error rename(llvm::StringRef From, llvm::StringRef To) const;
  /// Removes \p Name where it exists.
  llvm::Error remove(llvm::StringRef Name) const;
  /// Returns when renames and removals are safe on the disk.
  llvm::Error sync() const;
  /// The number that the disk knows \p Name by, or the folder itself where that
  /// is empty; as text. Empty where there is no such file.
  std::string inode(llvm::StringRef Name) const;
  /// True where files of this folder can be replaced.
  bool writable() const;

  const std::string &path() const { return Path; }
  std::string pathOf(llvm::StringRef Name) const;

private:
  Folder(llvm::StringRef P, int FD) : Path(P), FD(FD) {}
  llvm::Error failed(llvm::StringRef Name) const;
  std::string Path;
  int FD;
};

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_SAFEFILES_H
