//===- Apply.cpp - Writing in place, whole or not at all ------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "rewriter/Apply.h"
#include "report/ExternalTool.h"
#include "report/SourceTree.h"
#include "rewriter/Journal.h"
#include "rewriter/SafeFiles.h"
#include "rewriter/Summary.h"
#include "llvm/Support/Path.h"
#include <map>
#include <set>
#include <unistd.h>

namespace vfio::rewriter {

namespace path = llvm::sys::path;
using llvm::StringRef;

namespace {
/// The folders that one write or recovery works in, each open and locked.
class LockedFolders {
public:
  /// Opens and locks the folder \p Path, once.
  llvm::Expected<const Folder *> get(StringRef Path) {
    auto It = Open.find(Path.str());
    if (It == Open.end()) {
      llvm::Expected<Folder> F = Folder::open(Path);
      if (!F)
        return F.takeError();
      if (llvm::Error E = F->lock())
        return std::move(E);
      It = Open.emplace(Path.str(), std::move(*F)).first;
    }
    return &It->second;
  }
  llvm::Error syncAll() const {
    for (const auto &[Path, F] : Open)
      if (llvm::Error E = F.sync())
        return E;
    return llvm::Error::success();
  }

private:
  std::map<std::string, Folder> Open;
};

/// A file that is to be replaced.
struct FileToWrite {
  const Folder *In;
  std::string Name;
  Journal::Entry Entry;
};
} // namespace

static llvm::Error changedOnDisk(StringRef File) {
  return problem(shownPath(File) +
                 ": changed since it was read; nothing was written, run again");
}

static llvm::Error checkOne(const FileChange &Change) {
  llvm::Expected<Folder> In = Folder::open(path::parent_path(Change.Path));
  if (!In)
    return In.takeError();
  auto State = In->read(path::filename(Change.Path));
  if (!State)
    return State.takeError();
  if (!*State || (*State)->Text != Change.Before)
    return changedOnDisk(Change.Path);
  // The superuser may write what nobody may: the mode says what is meant.
  bool NoMode = !((*State)->Stat.st_mode & 0222);
  if (NoMode || ::access(Change.Path.c_str(), W_OK) || !In->writable())
    return problem(shownPath(Change.Path) +
                   ": read-only; nothing was changed: make the file and its "
                   "folder writable, or leave -i out and use the diff");
  return llvm::Error::success();
}

llvm::Error checkWritable(llvm::ArrayRef<ChangeUnit> Units) {
  for (const ChangeUnit &Unit : Units)
    for (const FileChange &Change : Unit.Files)
      if (llvm::Error E = checkOne(Change))
        return E;
  return llvm::Error::success();
}

/// The deepest folder that holds all of \p Files.
static std::string commonFolder(llvm::ArrayRef<FileChange> Files) {
  StringRef Common = path::parent_path(Files.front().Path);
  for (const FileChange &F : Files)
    while (!isWithin(F.Path, Common))
      Common = path::parent_path(Common);
  return Common.str();
}

/// Opens the folder of each entry of \p J, which lies in \p Root.
static llvm::Expected<std::vector<FileToWrite>>
openFiles(const Journal &J, StringRef Root, LockedFolders &Folders) {
  std::vector<FileToWrite> Targets;
  for (const Journal::Entry &E : J.Entries) {
    llvm::SmallString<128> File(Root);
    path::append(File, E.File);
    llvm::Expected<const Folder *> In = Folders.get(path::parent_path(File));
    if (!In)
      return In.takeError();
    Targets.push_back({*In, path::filename(File).str(), E});
  }
  return Targets;
}

/// Throws the new texts away; the files are untouched.
static llvm::Error rollBack(llvm::ArrayRef<FileToWrite> Targets,
                            const Folder &Root) {
  for (const FileToWrite &T : Targets)
    if (llvm::Error E = T.In->remove(newTextName(T.Name)))
      return E;
  return Journal::remove(Root);
}

/// Puts the new texts in place that are not there yet.
static llvm::Error rollForward(llvm::ArrayRef<FileToWrite> Targets,
                               const Folder &Root,
                               const LockedFolders &Folders) {
  for (const FileToWrite &T : Targets) {
    auto New = T.In->read(newTextName(T.Name));
    if (!New)
      return New.takeError();
    if (*New)
      if (llvm::Error E = T.In->rename(newTextName(T.Name), T.Name))
        return E;
  }
  if (llvm::Error E = Folders.syncAll())
    return E;
  return Journal::remove(Root);
}

/// Writes the new text of each file beside it.
static llvm::Error writeNewTexts(llvm::ArrayRef<FileToWrite> Targets,
                                 llvm::ArrayRef<FileChange> Files,
                                 const LockedFolders &Folders) {
  for (size_t I = 0; I < Files.size(); ++I) {
    const FileToWrite &T = Targets[I];
    auto Old = T.In->read(T.Name);
    if (!Old)
      return Old.takeError();
    if (!*Old || (*Old)->Text != Files[I].Before)
      return changedOnDisk(Files[I].Path);
    if (llvm::Error E =
            T.In->write(newTextName(T.Name), Files[I].After, &**Old, T.Name))
      return E;
  }
  return Folders.syncAll();
}

llvm::Error applyUnit(const ChangeUnit &Unit) {
  if (Unit.Files.empty())
    return llvm::Error::success();
  LockedFolders Folders;
  std::string RootPath = commonFolder(Unit.Files);
  llvm::Expected<const Folder *> Root = Folders.get(RootPath);
  if (!Root)
    return Root.takeError();
  // One that \c recover did not come by must not be overwritten.
  llvm::Expected<std::optional<Journal>> Earlier = Journal::read(**Root);
  if (!Earlier)
    return Earlier.takeError();
  if (*Earlier)
    return problem((*Root)->pathOf(Journal::Name) +
                   ": an interrupted -i was not ended; run again");
  SourceTree Here{RootPath};
  Journal J;
  for (const FileChange &F : Unit.Files)
    J.Entries.push_back(
        {Here.relative(F.Path), hashOf(F.Before), hashOf(F.After), ""});
  llvm::Expected<std::vector<FileToWrite>> Targets =
      openFiles(J, RootPath, Folders);
  if (!Targets)
    return Targets.takeError();

  llvm::Error E = J.write(**Root);
  if (!E)
    E = writeNewTexts(*Targets, Unit.Files, Folders);
  J.Committed = true;
  for (size_t I = 0; I < J.Entries.size(); ++I) {
    const FileToWrite &T = (*Targets)[I];
    J.Entries[I].NewInode = T.In->inode(newTextName(T.Name));
  }
  if (!E)
    E = J.write(**Root);
  if (E)
    return llvm::joinErrors(std::move(E), rollBack(*Targets, **Root));
  if (llvm::Error Late = rollForward(*Targets, **Root, Folders))
    return problem(llvm::toString(std::move(Late)) +
                   "; the next run completes the write");
  return llvm::Error::success();
}

/// A committed write can be ended where each file is still the old one with its
/// new text beside it, or the new one already.
static llvm::Error checkCommitted(llvm::ArrayRef<FileToWrite> Targets,
                                  StringRef JournalPath) {
  for (const FileToWrite &T : Targets) {
    auto Old = T.In->read(T.Name), New = T.In->read(newTextName(T.Name));
    if (!Old || !New)
      return llvm::joinErrors(Old.takeError(), New.takeError());
    auto Is = [](const std::optional<FileState> &S, StringRef Hash) {
      return S && hashOf(S->Text) == Hash;
    };
    auto IsNew = [&](const std::optional<FileState> &S) {
      return Is(S, T.Entry.NewHash) &&
             std::to_string(S->Stat.st_ino) == T.Entry.NewInode;
    };
    if ((Is(*Old, T.Entry.OldHash) && IsNew(*New)) || (IsNew(*Old) && !*New))
      continue;
    return problem(shownPath(T.In->pathOf(T.Name)) +
                   ": changed since vfio-migrate was interrupted in the middle "
                   "of writing it; its new text is " +
                   newTextName(T.Name) +
                   " beside it: settle it by hand, then "
                   "remove " +
                   JournalPath);
  }
  return llvm::Error::success();
}

/// Ends the write that the journal in \p RootPath tells of, if there is one.
static llvm::Error recoverFolder(StringRef RootPath,
                                 std::vector<std::string> &Notes) {
  LockedFolders Folders;
  llvm::Expected<const Folder *> Root = Folders.get(RootPath);
  if (!Root)
    return Root.takeError();
  // Read under the lock: who wrote it is gone, or was done meanwhile.
  llvm::Expected<std::optional<Journal>> J = Journal::read(**Root);
  if (!J)
    return J.takeError();
  if (!*J)
    return Journal::remove(**Root); // one that was never finished
  llvm::Expected<std::vector<FileToWrite>> Targets =
      openFiles(**J, RootPath, Folders);
  if (!Targets)
    return Targets.takeError();
  std::string What = counted((*J)->Entries.size(), "file") + " in " +
                     shownPath(RootPath) + ": an interrupted -i was ";
  if (!(*J)->Committed) {
    Notes.push_back(What + "undone");
    return rollBack(*Targets, **Root);
  }
  if (llvm::Error E = checkCommitted(*Targets, (*Root)->pathOf(Journal::Name)))
    return E;
  Notes.push_back(What + "completed");
  return rollForward(*Targets, **Root, Folders);
}

/// True where the write that \p J tells of was to files of \p Scope alone.
static bool isMeant(const Journal &J, StringRef Root, const WriteScope &Scope) {
  return llvm::all_of(J.Entries, [&](const Journal::Entry &E) {
    llvm::SmallString<128> File(Root);
    path::append(File, E.File);
    return Scope.covers(File);
  });
}

/// Ends, or tells of, what was interrupted in the folder \p RootPath.
static llvm::Error lookAt(StringRef RootPath, const WriteScope &Scope,
                          bool InPlace, Interrupted &Found) {
  llvm::Expected<Folder> Root = Folder::open(RootPath);
  if (!Root)
    return Root.takeError();
  llvm::Expected<std::optional<Journal>> J = Journal::read(*Root);
  if (!J) {
    // One in a folder that is none of ours must not stop the work in here.
    if (InPlace && Scope.covers(RootPath))
      return J.takeError();
    Found.Notes.push_back(llvm::toString(J.takeError()));
    return llvm::Error::success();
  }
  // One that was never finished is only removed.
  bool Meant = *J ? isMeant(**J, RootPath, Scope) : Scope.covers(RootPath);
  if (InPlace && Meant) {
    size_t Before = Found.Notes.size();
    llvm::Error E = recoverFolder(RootPath, Found.Notes);
    Found.Ended |= Found.Notes.size() != Before;
    return E;
  }
  if (*J)
    Found.Notes.push_back(counted((*J)->Entries.size(), "file") + " in " +
                          shownPath(RootPath) +
                          ": an interrupted -i is not ended; vfio-migrate -i " +
                          shownPath(RootPath) + " ends it");
  return llvm::Error::success();
}

llvm::Expected<Interrupted> recover(llvm::ArrayRef<std::string> Files,
                                    const WriteScope &Scope, bool InPlace) {
  std::set<std::string> Seen;
  Interrupted Found;
  for (StringRef File : Files)
    for (StringRef Dir = File; !Dir.empty(); Dir = path::parent_path(Dir)) {
      if (!Seen.insert(Dir.str()).second)
        break; // and all above it
      llvm::SmallString<128> Finished(Dir), Unfinished(Dir);
      path::append(Finished, Journal::Name);
      path::append(Unfinished, newTextName(Journal::Name));
      if (!llvm::sys::fs::exists(Finished) &&
          !llvm::sys::fs::exists(Unfinished))
        continue;
      if (llvm::Error E = lookAt(Dir, Scope, InPlace, Found))
        return std::move(E);
    }
  return Found;
}

} // namespace vfio::rewriter
