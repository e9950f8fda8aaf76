//===- SafeFiles.cpp - Files in a folder, read and written with care ------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "rewriter/SafeFiles.h"
#include "kbuild/RegularFiles.h"
#include "report/ExternalTool.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Errno.h"
#include <fcntl.h>
#include <sys/file.h>
#include <sys/xattr.h>
#include <unistd.h>

namespace vfio::rewriter {

namespace {
/// Closes a file when its object dies.
struct Closer {
  int FD;
  ~Closer() { ::close(FD); }
};
} // namespace

llvm::Error Folder::failed(llvm::StringRef Name) const {
  return problem(pathOf(Name) + ": " + llvm::sys::StrError());
}

std::string Folder::pathOf(llvm::StringRef Name) const {
  return Name.empty() ? Path : Path + (Path == "/" ? "" : "/") + Name.str();
}

llvm::Expected<Folder> Folder::open(llvm::StringRef Path) {
  int FD = ::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  llvm::SmallVector<llvm::StringRef> Parts;
  Path.split(Parts, '/', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  for (llvm::StringRef Part : Parts) {
    if (FD < 0)
      break;
    int Next = ::openat(FD, Part.str().c_str(),
                        O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    int Why = errno;
    ::close(FD);
    errno = Why;
    FD = Next;
  }
  if (FD < 0)
    return problem(Path + ": " + llvm::sys::StrError());
  return Folder(Path, FD);
}

Folder::~Folder() {
  if (FD >= 0)
    ::close(FD);
}

llvm::Error Folder::lock() const {
  if (::flock(FD, LOCK_EX | LOCK_NB) == 0)
    return llvm::Error::success();
  if (errno == EWOULDBLOCK)
    return problem(Path + ": another vfio-migrate is writing here");
  return failed("");
}

/// Reads all that is left of \p FD, which is no longer than a source.
static bool readAll(int FD, std::string &Text) {
  char Buffer[65536];
  while (Text.size() <= kbuild::MaxSourceSize) {
    ssize_t N = ::read(FD, Buffer, sizeof(Buffer));
    if (N < 0 && errno == EINTR)
      continue;
    if (N <= 0)
      return N == 0;
    Text.append(Buffer, N);
  }
  errno = EFBIG;
  return false;
}

static bool writeAll(int FD, llvm::StringRef Text) {
  while (!Text.empty()) {
    ssize_t N = ::write(FD, Text.data(), Text.size());
    if (N < 0 && errno == EINTR)
      continue;
    if (N < 0)
      return false;
    Text = Text.drop_front(N);
  }
  return true;
}

llvm::Expected<std::optional<FileState>>
Folder::read(llvm::StringRef Name) const {
  // A FIFO must not stop us: it is refused below.
  int File = ::openat(FD, Name.str().c_str(),
                      O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (File < 0 && errno == ENOENT)
    return std::nullopt;
  if (File < 0)
    return failed(Name);
  Closer Close{File};
  FileState State;
  if (::fstat(File, &State.Stat))
    return failed(Name);
  if (!S_ISREG(State.Stat.st_mode))
    return problem(pathOf(Name) + ": not a regular file");
  if (uint64_t(State.Stat.st_size) > kbuild::MaxSourceSize) {
    errno = EFBIG;
    return failed(Name);
  }
  if (!readAll(File, State.Text))
    return failed(Name);
  return State;
}

/// Access lists and the user's attributes go along where the file system has
/// them; labels that only the kernel may set are its business.
static void copyAttributes(int From, int To) {
  char Names[4096];
  ssize_t Size = ::flistxattr(From, Names, sizeof(Names));
  for (ssize_t At = 0; At < Size;) {
    llvm::StringRef Name(Names + At);
    char Value[4096];
    ssize_t Length = ::fgetxattr(From, Name.data(), Value, sizeof(Value));
    if (Length >= 0)
      (void)::fsetxattr(To, Name.data(), Value, Length, 0);
    At += ssize_t(Name.size()) + 1;
  }
}

llvm::Error Folder::write(llvm::StringRef Name, llvm::StringRef Text,
                          const FileState *Like,
                          llvm::StringRef LikeName) const {
  if (llvm::Error E = remove(Name))
    return E;
  int File =
      ::openat(FD, Name.str().c_str(),
               O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (File < 0)
    return failed(Name);
  Closer Close{File};
  if (!writeAll(File, Text))
    return failed(Name);
  if (Like) {
    // The owner first: a change of owner clears permissions.
    if (::fchown(File, Like->Stat.st_uid, Like->Stat.st_gid))
      return problem(pathOf(LikeName) + ": its owner cannot be kept (" +
                     llvm::sys::StrError() + "); nothing was changed");
    int Old =
        ::openat(FD, LikeName.str().c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (Old >= 0) {
      copyAttributes(Old, File);
      ::close(Old);
    }
    if (::fchmod(File, Like->Stat.st_mode & 07777))
      return failed(Name);
  }
  if (::fsync(File))
    return failed(Name);
  return llvm::Error::success();
}

llvm::Error Folder::rename(llvm::StringRef From, llvm::StringRef To) const {
  if (::renameat(FD, From.str().c_str(), FD, To.str().c_str()))
    return failed(To);
  return llvm::Error::success();
}

llvm::Error Folder::remove(llvm::StringRef Name) const {
  if (::unlinkat(FD, Name.str().c_str(), 0) && errno != ENOENT)
    return failed(Name);
  return llvm::Error::success();
}

llvm::Error Folder::sync() const {
  if (::fsync(FD))
    return failed("");
  return llvm::Error::success();
}

std::string Folder::inode(llvm::StringRef Name) const {
  struct stat Stat;
  int Status = Name.empty() ? ::fstat(FD, &Stat)
                            : ::fstatat(FD, Name.str().c_str(), &Stat,
                                        AT_SYMLINK_NOFOLLOW);
  return Status ? "" : std::to_string(Stat.st_ino);
}

bool Folder::writable() const { return !::faccessat(FD, ".", W_OK | X_OK, 0); }

} // namespace vfio::rewriter
