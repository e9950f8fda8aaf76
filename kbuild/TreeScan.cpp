//===- TreeScan.cpp - A text search in front of the parser ----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/TreeScan.h"
#include "kbuild/Paths.h"
#include "kbuild/RegularFiles.h"
#include "kbuild/WordSearch.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/ThreadPool.h"
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <mutex>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>

using namespace llvm;

namespace vfio::kbuild {
namespace {

/// What one file's text says.
struct Source {
  std::string Path;
  std::vector<std::string> Includes; ///< by ""
  bool Matters = false;              ///< names the API, or includes what does
};

/// A file descriptor that closes itself.
class Descriptor {
public:
  explicit Descriptor(int FD) : FD(FD) {}
  ~Descriptor() {
    if (FD >= 0)
      ::close(FD);
  }
  Descriptor(const Descriptor &) = delete;
  Descriptor &operator=(const Descriptor &) = delete;
  int get() const { return FD; }
  int release() { return std::exchange(FD, -1); }

private:
  int FD;
};

/// Why something could not be opened, by the number \p Error; empty for a
/// symbolic link, which is not followed, and for what has gone meanwhile.
std::string problemOf(int Error) {
  if (Error == ELOOP || Error == ENOTDIR || Error == ENOENT || Error == ENXIO)
    return "";
  return std::string("cannot be read: ") + std::strerror(Error);
}

/// Reads files into one buffer that is used again and again: for tens of
/// thousands of small files that is faster than to map each.
class Reader {
public:
  /// The text of the regular file \p Name in \p Folder, or that a link there
  /// leads to, valid until the next call; none for what is too long or cannot
  /// be read.
  std::optional<StringRef> read(int Folder, const char *Name) {
    Problem.clear();
    Descriptor File(::openat(Folder, Name, O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (File.get() < 0) {
      Problem = problemOf(errno);
      return std::nullopt;
    }
    struct stat Status;
    if (::fstat(File.get(), &Status) || !S_ISREG(Status.st_mode))
      return std::nullopt;
    if (uint64_t(Status.st_size) > MaxSourceSize) {
      Problem = "is larger than " + std::to_string(MaxSourceSize >> 20) +
                " MiB, and was not read";
      return std::nullopt;
    }
    size_t Size = Status.st_size, Done = 0;
    if (Buffer.size() < Size)
      Buffer.resize(Size);
    while (Done < Size) {
      ssize_t Got = ::read(File.get(), Buffer.data() + Done, Size - Done);
      if (Got <= 0)
        break;
      Done += Got;
    }
    return StringRef(Buffer.data(), Done);
  }

  /// Why the last file could not be read; empty where it is none to be read.
  const std::string &problem() const { return Problem; }

private:
  std::vector<char> Buffer;
  std::string Problem;
};

/// The folders still to be visited, shared by all threads.
class FolderQueue {
public:
  void push(std::string Folder) {
    std::lock_guard<std::mutex> Guard(Lock);
    Folders.push_back(std::move(Folder));
    Ready.notify_one();
  }

  /// The next folder; none when all are visited. Each folder that is taken is
  /// given back by \c done, after its own folders were pushed.
  std::optional<std::string> pop() {
    std::unique_lock<std::mutex> Guard(Lock);
    Ready.wait(Guard, [&] { return !Folders.empty() || !Busy; });
    if (Folders.empty())
      return std::nullopt;
    ++Busy;
    std::string Folder = std::move(Folders.back());
    Folders.pop_back();
    return Folder;
  }

  void done() {
    std::lock_guard<std::mutex> Guard(Lock);
    if (!--Busy)
      Ready.notify_all();
  }

private:
  std::mutex Lock;
  std::condition_variable Ready;
  std::vector<std::string> Folders;
  unsigned Busy = 0;
};

/// What is in a folder that concerns a scan.
struct Listing {
  std::vector<std::string> Folders, Files;
};

/// Walks a tree and reads every source in it.
class Scanner {
public:
  Scanner(const WordSearch &Search) : Search(Search) {}

  void run(StringRef Root, unsigned Jobs);
  std::vector<Source> takeSources() { return std::move(Sources); }
  std::vector<SkippedInput> takeUnreadable() { return std::move(Unreadable); }

private:
  void work();
  void visit(const std::string &Folder, Reader &Read,
             std::vector<Source> &Mine);
  void noteUnreadable(const std::string &Path, const std::string &Problem);

  const WordSearch &Search;
  FolderQueue Queue;
  std::mutex Lock;
  std::vector<Source> Sources;
  std::vector<SkippedInput> Unreadable;
};

/// From sources to the ones that matter, against the direction of includes.
class Selection {
public:
  Selection(std::vector<Source> Sources, StringRef Root,
            const WordSearch &Search)
      : Sources(std::move(Sources)), Root(Root), Search(Search) {}
  std::vector<std::string> run();

private:
  bool isInside(StringRef Path) const {
    return !Root.empty() && isBelow(Path, Root);
  }
  void index(size_t Number);
  void readHeadersOutside();
  void readOutside(const std::string &Path);
  bool means(const Source &Includer, StringRef Name, StringRef Header) const;
  void spread();

  std::vector<Source> Sources;
  StringRef Root; ///< empty where the sources were given one by one
  const WordSearch &Search;
  StringSet<> Known; ///< paths of all sources
  /// Who includes a header of that last component.
  StringMap<std::vector<size_t>> Includers;
  StringSet<> Templates; ///< .c files that others include
};

} // namespace

//===- Scanner ------------------------------------------------------------===//

static Source makeSource(std::string Path, StringRef Text,
                         const WordSearch &Search) {
  Source S;
  S.Path = std::move(Path);
  S.Matters = Search.foundIn(Text);
  for (StringRef Include : quotedIncludes(Text))
    S.Includes.push_back(Include.str());
  return S;
}

static bool isSource(StringRef Name) {
  // Kbuild writes x.mod.c next to the sources of module x.
  return Name.ends_with(".h") ||
         (Name.ends_with(".c") && !Name.ends_with(".mod.c"));
}

/// The folders and sources in the open folder \p Stream.
static Listing list(DIR *Stream) {
  Listing Out;
  while (const dirent *Entry = ::readdir(Stream)) {
    StringRef Name = Entry->d_name;
    unsigned char Type = Entry->d_type;
    if (Name.starts_with("."))
      continue;
    if (Type == DT_UNKNOWN) { // a file system that keeps no types
      struct stat Status;
      if (::fstatat(::dirfd(Stream), Entry->d_name, &Status,
                    AT_SYMLINK_NOFOLLOW))
        continue;
      Type = IFTODT(Status.st_mode);
    }
    // Trees of links are made by cp -rs, lndir and bazel. A link to a folder
    // may lead in a circle: what is in there is seen where it really is.
    if (Type == DT_LNK && isSource(Name)) {
      struct stat Status;
      if (!::fstatat(::dirfd(Stream), Entry->d_name, &Status, 0))
        Type = IFTODT(Status.st_mode);
    }
    if (Type == DT_DIR)
      Out.Folders.push_back(Name.str());
    else if (Type == DT_REG && isSource(Name))
      Out.Files.push_back(Name.str());
  }
  return Out;
}

/// Folders of a kernel tree that hold no driver. Its own headers are no
/// driver's private ones.
static bool isBarren(StringRef Name) {
  return is_contained({"tools", "Documentation", "scripts", "include", "rust",
                       "usr", "certs", "LICENSES"},
                      Name);
}

static bool looksLikeKernelRoot(const Listing &L) {
  return all_of(ArrayRef<StringRef>{"arch", "drivers", "include", "kernel"},
                [&](StringRef Name) { return is_contained(L.Folders, Name); });
}

void Scanner::visit(const std::string &Folder, Reader &Read,
                    std::vector<Source> &Mine) {
  Descriptor FD(
      ::open(Folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (FD.get() < 0)
    return noteUnreadable(Folder, problemOf(errno));
  DIR *Stream = ::fdopendir(FD.get());
  if (!Stream)
    return noteUnreadable(Folder, problemOf(errno));
  FD.release(); // the stream's from now on
  Listing Here = list(Stream);
  bool KernelRoot = looksLikeKernelRoot(Here);
  bool KernelArch =
      sys::path::filename(sys::path::parent_path(Folder)) == "arch";
  for (const std::string &Name : Here.Folders)
    if (!(KernelRoot && isBarren(Name)) && !(KernelArch && Name == "include"))
      Queue.push(Folder + "/" + Name);
  for (const std::string &Name : Here.Files) {
    std::optional<StringRef> Text = Read.read(::dirfd(Stream), Name.c_str());
    if (!Text) {
      noteUnreadable(Folder + "/" + Name, Read.problem());
      continue;
    }
    // One that says nothing is kept too: it can hide another of its name.
    Mine.push_back(makeSource(Folder + "/" + Name, *Text, Search));
  }
  ::closedir(Stream);
}

void Scanner::noteUnreadable(const std::string &Path,
                             const std::string &Problem) {
  if (Problem.empty())
    return;
  std::lock_guard<std::mutex> Guard(Lock);
  Unreadable.push_back({Path, Problem});
}

void Scanner::work() {
  Reader Read;
  std::vector<Source> Mine;
  while (std::optional<std::string> Folder = Queue.pop()) {
    visit(*Folder, Read, Mine);
    Queue.done();
  }
  std::lock_guard<std::mutex> Guard(Lock);
  std::move(Mine.begin(), Mine.end(), std::back_inserter(Sources));
}

void Scanner::run(StringRef Root, unsigned Jobs) {
  Queue.push(Root.str());
  DefaultThreadPool Pool(hardware_concurrency(Jobs));
  for (unsigned I = 0; I != Pool.getMaxConcurrency(); ++I)
    Pool.async([this] { work(); });
  Pool.wait();
}

//===- Selection ----------------------------------------------------------===//

/// Enters a source into the tables.
void Selection::index(size_t Number) {
  const Source &S = Sources[Number];
  for (StringRef Name : S.Includes) {
    Includers[sys::path::filename(Name)].push_back(Number);
    if (!Name.ends_with(".c"))
      continue;
    // One that includes itself is still compiled by itself.
    std::string Template = absolute(Name, sys::path::parent_path(S.Path));
    if (Template != S.Path)
      Templates.insert(Template);
  }
}

void Selection::readOutside(const std::string &Path) {
  if (isInside(Path) || Known.contains(Path))
    return;
  Reader Read;
  std::optional<StringRef> Text = Read.read(AT_FDCWD, Path.c_str());
  if (!Text)
    return;
  Sources.push_back(makeSource(Path, *Text, Search));
  Known.insert(Path);
}

/// A header outside the scanned folder (drivers/vfio/vfio.h, for a scan of
/// drivers/vfio/pci) counts as much as one inside.
void Selection::readHeadersOutside() {
  for (const Source &S : Sources)
    Known.insert(S.Path);
  for (size_t I = 0; I != Sources.size(); ++I) // which grows
    for (size_t N = 0; N != Sources[I].Includes.size(); ++N) {
      StringRef Name = Sources[I].Includes[N];
      if (Root.empty() || Name.starts_with(".."))
        readOutside(absolute(Name, sys::path::parent_path(Sources[I].Path)));
    }
}

/// True where \p Includer's #include "Name" may mean \p Header: next to it, or,
/// as its Makefile may say -I, below a folder above it or beside one of those.
bool Selection::means(const Source &Includer, StringRef Name,
                      StringRef Header) const {
  StringRef Folder = sys::path::parent_path(Includer.Path);
  std::string Next = absolute(Name, Folder);
  if (Next == Header || Known.contains(Next))
    return Next == Header;
  if (realPath(Next) == Header) // by a link to a folder
    return true;
  if (!Header.consume_back(Name) || !Header.consume_back("/"))
    return false;
  return isBelow(Folder, Header) ||
         isBelow(Folder, sys::path::parent_path(Header));
}

/// Whoever includes a source that matters, matters.
void Selection::spread() {
  std::vector<size_t> Work;
  for (size_t I = 0; I != Sources.size(); ++I)
    if (Sources[I].Matters)
      Work.push_back(I);
  while (!Work.empty()) {
    const std::string Header = Sources[Work.back()].Path;
    Work.pop_back();
    auto It = Includers.find(sys::path::filename(Header));
    if (It == Includers.end())
      continue;
    for (size_t Number : It->second) {
      Source &S = Sources[Number];
      if (S.Matters || none_of(S.Includes, [&](StringRef Name) {
            return means(S, Name, Header);
          }))
        continue;
      S.Matters = true;
      Work.push_back(Number);
    }
  }
}

std::vector<std::string> Selection::run() {
  readHeadersOutside();
  for (size_t I = 0; I != Sources.size(); ++I)
    index(I);
  spread();
  std::vector<std::string> Found;
  for (const Source &S : Sources)
    if (S.Matters && StringRef(S.Path).ends_with(".c") &&
        (Root.empty() || isInside(S.Path)) && !Templates.contains(S.Path))
      Found.push_back(realPath(S.Path));
  llvm::sort(Found);
  Found.erase(llvm::unique(Found), Found.end()); // by a link, and where it is
  return Found;
}

static StringMap<TreeFound> &remembered() {
  static StringMap<TreeFound> All;
  return All;
}

void rememberScan(StringRef Root, TreeFound Found) {
  remembered()[Root] = std::move(Found);
}

std::vector<std::string> scanTree(StringRef Root, ArrayRef<std::string> Names,
                                  unsigned Jobs,
                                  std::vector<SkippedInput> &Unreadable) {
  if (auto It = remembered().find(Root); It != remembered().end()) {
    llvm::append_range(Unreadable, It->second.Unreadable);
    return It->second.Files;
  }
  WordSearch Search(Names);
  Scanner Scan(Search);
  Scan.run(Root, Jobs);
  std::vector<SkippedInput> More = Scan.takeUnreadable();
  llvm::sort(More, [](const SkippedInput &A, const SkippedInput &B) {
    return A.File < B.File;
  });
  llvm::append_range(Unreadable, More);
  return Selection(Scan.takeSources(), Root, Search).run();
}

std::vector<std::string> scanFiles(std::vector<std::string> Files,
                                   ArrayRef<std::string> Names, unsigned Jobs,
                                   std::vector<SkippedInput> &Unreadable) {
  WordSearch Search(Names);
  std::vector<Source> Sources(Files.size());
  std::vector<std::string> Problems(Files.size());
  DefaultThreadPool Pool(hardware_concurrency(Jobs));
  constexpr size_t Share = 64; // files a task
  for (size_t Begin = 0; Begin < Files.size(); Begin += Share)
    Pool.async([&, Begin] {
      Reader Read;
      for (size_t I = Begin; I != std::min(Begin + Share, Files.size()); ++I)
        if (std::optional<StringRef> Text =
                Read.read(AT_FDCWD, Files[I].c_str()))
          Sources[I] = makeSource(Files[I], *Text, Search);
        else
          Problems[I] = Read.problem();
    });
  Pool.wait();
  for (size_t I = 0; I != Files.size(); ++I)
    if (!Problems[I].empty())
      Unreadable.push_back({Files[I], Problems[I]});
  return Selection(std::move(Sources), "", Search).run();
}

} // namespace vfio::kbuild
