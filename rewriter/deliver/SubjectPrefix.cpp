//===- SubjectPrefix.cpp - What a maintainer's subject begins with --------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "report/ExternalTool.h"
#include "report/Git.h"
#include "rewriter/deliver/Series.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Path.h"

namespace vfio::rewriter {

namespace path = llvm::sys::path;
using llvm::StringRef;

/// "vfio/mdpy" of "vfio/mdpy: Fix this"; empty where there is none.
static StringRef prefixOf(StringRef Subject) {
  StringRef Prefix = Subject.rsplit(": ").first;
  if (Prefix.size() == Subject.size() || Prefix.size() > 30 ||
      Prefix.starts_with("Revert"))
    return "";
  bool Plain = llvm::all_of(Prefix, [](char C) {
    return llvm::isAlnum(C) || StringRef("/_-.: ").contains(C);
  });
  return Plain ? Prefix : "";
}

/// The words of a path or prefix that tell one driver from another.
static llvm::StringSet<> tellingWords(StringRef Text) {
  static const llvm::StringSet<> Common = {
      "drivers", "samples", "vfio",   "mdev",    "pci",   "main", "core",
      "common",  "drv",     "driver", "include", "linux", "c",    "h"};
  llvm::StringSet<> Words;
  std::string Lower = Text.lower();
  while (!Lower.empty()) {
    size_t End = StringRef(Lower).find_first_of("/_-.: ");
    std::string Word = Lower.substr(0, End);
    if (!Word.empty() && !Common.count(Word))
      Words.insert(Word);
    Lower = End == StringRef::npos ? "" : Lower.substr(End + 1);
  }
  return Words;
}

/// The subjects of the commits that changed each of \p Files, newest first.
/// One walk over the history serves all of them: in a kernel it takes seconds.
static llvm::StringMap<std::vector<std::string>>
subjectsOf(const std::vector<std::string> &Files, const git::Repository &Past) {
  llvm::StringMap<std::vector<std::string>> Subjects;
  std::vector<std::string> Args = {
      "log",         "--no-merges",     "--max-count=400",
      "--name-only", "--format=%x01%s", "--"};
  llvm::append_range(Args, Files);
  llvm::Expected<std::string> Log = Past.run(Args);
  if (!Log) {
    llvm::consumeError(Log.takeError()); // the path will do
    return Subjects;
  }
  StringRef Subject, Rest = *Log;
  while (!Rest.empty()) {
    auto [Line, Next] = Rest.split('\n');
    Rest = Next;
    if (Line.consume_front("\x01"))
      Subject = Line;
    else if (!Line.empty())
      Subjects[Line].push_back(Subject.str());
  }
  return Subjects;
}

/// The prefix that \p Subjects use most for this very driver.
static std::string usualPrefix(const std::vector<std::string> &Subjects,
                               const llvm::StringSet<> &DriverWords) {
  llvm::StringMap<unsigned> Uses;
  std::string Best;
  unsigned BestUses = 0;
  for (StringRef Subject : Subjects) {
    StringRef Prefix = prefixOf(Subject);
    llvm::StringSet<> Words = tellingWords(Prefix);
    if (llvm::any_of(Words, [&](const auto &W) {
          return DriverWords.count(W.getKey());
        }))
      ++Uses[Prefix];
  }
  for (StringRef Subject : Subjects) // the newest wins among equals
    if (auto It = Uses.find(prefixOf(Subject));
        It != Uses.end() && It->second > BestUses) {
      Best = It->getKey().str();
      BestUses = It->second;
    }
  return Best;
}

/// What the kernel's own history calls a driver whose path says something else;
/// empty for any other.
static StringRef knownPrefix(StringRef Main) {
  static constexpr struct {
    StringRef Path, Prefix;
  } Known[] = {{"drivers/s390/cio/vfio_ccw", "vfio/ccw"},
               {"drivers/s390/crypto/vfio_ap", "vfio/ap"},
               {"drivers/gpu/drm/i915/gvt/", "drm/i915/gvt"},
               {"drivers/vfio/fsl-mc/", "vfio/fsl-mc"},
               {"drivers/vfio/platform/vfio_amba", "vfio/amba"},
               {"drivers/vfio/platform/", "vfio/platform"},
               {"drivers/vfio/pci/hisilicon/", "vfio/hisi_acc"},
               {"drivers/vfio/pci/mlx5/", "vfio/mlx5"},
               {"drivers/vfio/pci/", "vfio/pci"}};
  for (const auto &K : Known)
    if (Main.contains(K.Path))
      return K.Prefix;
  return "";
}

/// A name from the path: the folder of a driver that has one of its own, else
/// the file, without what says VFIO.
static std::string prefixFromPath(const ChangeUnit &Unit,
                                  const SourceTree &Tree) {
  std::string Main = Tree.relative(Unit.Drivers.front()->MainFile);
  if (StringRef Known = knownPrefix(Main); !Known.empty())
    return Known.str();
  StringRef Stem = path::stem(Main);
  StringRef Folder = path::filename(path::parent_path(Main));
  static const llvm::StringSet<> Nameless = {"main",   "core", "drv",
                                             "driver", "init", "probe"};
  StringRef Name = Stem;
  // A folder such as vfio-mdev holds several drivers and names none of them.
  if (!tellingWords(Folder).empty() &&
      (Nameless.count(Stem) || Unit.Files.size() > 2 ||
       Stem.starts_with(Folder)))
    Name = Folder;
  for (StringRef Part : {"vfio_", "vfio-"})
    Name.consume_front(Part);
  for (StringRef Part :
       {"_main", "_core", "_drv", "_vfio_pci", "-vfio-pci", "_vfio", "-vfio"})
    Name.consume_back(Part);
  return "vfio/" + Name.str();
}

std::vector<std::string>
subjectPrefixes(llvm::ArrayRef<const ChangeUnit *> Units,
                const SourceTree &Tree, const git::Repository *Past) {
  std::vector<std::string> Files;
  for (const ChangeUnit *Unit : Units)
    for (const FileChange &F : Unit->Files)
      Files.push_back(Tree.relative(F.Path));
  llvm::StringMap<std::vector<std::string>> History;
  if (Past)
    History = subjectsOf(Files, *Past);

  std::vector<std::string> Prefixes;
  for (const ChangeUnit *Unit : Units) {
    std::string Main = Tree.relative(Unit->Drivers.front()->MainFile);
    llvm::StringSet<> Words = tellingWords(Main);
    std::string Prefix = usualPrefix(History.lookup(Main), Words);
    for (const FileChange &F : Unit->Files)
      if (Prefix.empty())
        Prefix = usualPrefix(History.lookup(Tree.relative(F.Path)), Words);
    Prefixes.push_back(Prefix.empty() ? prefixFromPath(*Unit, Tree) : Prefix);
  }
  return Prefixes;
}

} // namespace vfio::rewriter
