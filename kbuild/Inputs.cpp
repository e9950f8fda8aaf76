//===- Inputs.cpp - Resolving what the user typed -------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/Inputs.h"
#include "kbuild/CleanCommand.h"
#include "kbuild/Database.h"
#include "kbuild/KernelChoice.h"
#include "kbuild/KernelFlags.h"
#include "kbuild/ModuleSources.h"
#include "kbuild/Paths.h"
#include "kbuild/TreeScan.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Threading.h"
#include <optional>

using namespace llvm;

namespace vfio::kbuild {

static Error fail(const Twine &Message) {
  return createStringError(inconvertibleErrorCode(), Message);
}

/// Turns the user's options into an InputSet, step by step.
class InputResolver {
public:
  explicit InputResolver(const InputOptions &Options)
      : Options(Options), Choice(Options.Kernel), Set(new InputSet) {}

  Expected<std::unique_ptr<InputSet>> run();

private:
  Error openDatabase();
  Error openGenerated();
  Error addPath(const std::string &Path);
  Error addFolder(const std::string &Path, const std::string &Real);
  Error addWholeDatabase();
  Error addFile(const std::string &Real, bool Named);
  Error addEntry(const DatabaseEntry &Entry, const std::string &Real,
                 bool Named);
  Error addWithoutDatabase(const std::string &Real, bool Named);
  Error checkEntriesBelow(StringRef Folder) const;
  Error addFiles(std::vector<std::string> Files);
  void addModules(std::vector<std::string> &Files) const;
  const DatabaseEntry *entryOfModule(const std::string &Real) const;
  std::vector<const DatabaseEntry *> entriesOf(const std::string &Real) const;
  void add(Input In);
  Error skip(const std::string &File, const Twine &Reason, bool Named);
  Error finish();

  const InputOptions &Options;
  KernelChoice Choice;
  std::unique_ptr<InputSet> Set;
  std::optional<Database> DB;
  std::vector<std::string> Generated;                  ///< real paths
  StringMap<std::vector<size_t>> EntriesByPath;        ///< by real path
  StringMap<std::vector<std::string>> EntriesByModule; ///< real paths
};

//===- The database -------------------------------------------------------===//

/// The module that \p Entry compiles a part of, as Kbuild tells the compiler;
/// empty where it does not say.
static std::string moduleOf(const DatabaseEntry &Entry) {
  for (StringRef Word : Entry.Command)
    if (Word.consume_front("-D__KBUILD_MODNAME=") ||
        Word.consume_front("-DKBUILD_MODNAME="))
      return Word.str();
  return {};
}

Error InputResolver::openDatabase() {
  if (Options.DatabaseDir.empty())
    return Error::success();
  Expected<Database> Read = readDatabase(Options.DatabaseDir);
  if (!Read)
    return Read.takeError();
  DB = std::move(*Read);
  Set->Scope->allowTreeOf(DB->Path);
  for (size_t I = 0; I != DB->Entries.size(); ++I) {
    const std::string &File = DB->Entries[I].File;
    std::string Real = realPath(File);
    EntriesByPath[Real.empty() ? File : Real].push_back(I);
    if (std::string Module = moduleOf(DB->Entries[I]); !Module.empty())
      EntriesByModule[Module].push_back(Real);
  }
  return Error::success();
}

Error InputResolver::openGenerated() {
  for (const std::string &Folder : Options.Generated) {
    std::string Real = realPath(Folder);
    if (Real.empty() || !isDirectory(Real))
      return fail("--generated=" + Folder + ": no such folder");
    Set->Scope->allow(Real);
    Generated.push_back(std::move(Real));
  }
  return Error::success();
}

std::vector<const DatabaseEntry *>
InputResolver::entriesOf(const std::string &Real) const {
  std::vector<const DatabaseEntry *> Out;
  if (auto It = EntriesByPath.find(Real); It != EntriesByPath.end())
    for (size_t I : It->second)
      Out.push_back(&DB->Entries[I]);
  return Out;
}

/// Kbuild writes x.mod.c for module x, and "make clean" takes it away.
static bool isModuleFile(StringRef File) { return File.ends_with(".mod.c"); }

/// A database that names a source which is not there is out of date: what it
/// says of the others cannot be relied on either.
Error InputResolver::checkEntriesBelow(StringRef Folder) const {
  for (const DatabaseEntry &Entry : DB->Entries)
    if ((Folder.empty() || isBelow(Entry.File, Folder)) &&
        !isModuleFile(Entry.File) && !sys::fs::exists(Entry.File))
      return fail(DB->Path + ": names " + Entry.File +
                  ", which does not exist: make the database again");
  return Error::success();
}

Error InputResolver::addWholeDatabase() {
  if (Error E = checkEntriesBelow(""))
    return E;
  std::vector<std::string> Files;
  for (const auto &Entry : EntriesByPath)
    if (Entry.getKey().ends_with(".c") && !isModuleFile(Entry.getKey()))
      Files.push_back(Entry.getKey().str());
  Files = scanFiles(std::move(Files), Options.ApiNames, Options.Jobs,
                    Set->Unreadable);
  if (Files.empty() && !Set->Unreadable.empty())
    return fail(Set->Unreadable.front().File + ": " +
                Set->Unreadable.front().Reason);
  if (Files.empty())
    return fail(DB->Path + ": none of its sources names the VFIO driver API");
  return addFiles(std::move(Files));
}

/// Where the command of \p Entry must run. Its include paths are relative to
/// the kernel's object tree; gen_compile_commands.py, when told only of an
/// out-of-tree module, names the module's folder instead.
static std::string directoryOf(const DatabaseEntry &Entry) {
  constexpr llvm::StringLiteral Mark = "/include/linux/kconfig.h";
  if (!isDirectory(Entry.Directory) ||
      !is_contained(Entry.Command, "-I./include") ||
      isDirectory(pathIn(Entry.Directory, "include/generated")))
    return Entry.Directory;
  for (StringRef Word : Entry.Command)
    if (Word.consume_back(Mark))
      if (std::string Tree = objectTreeFor(absolute(Word, Entry.Directory));
          !Tree.empty())
        return Tree;
  return Entry.Directory;
}

Error InputResolver::addEntry(const DatabaseEntry &Entry,
                              const std::string &Real, bool Named) {
  std::string Directory = directoryOf(Entry);
  Set->Scope->allowTreeOf(Real);
  if (!isDirectory(Directory))
    return skip(Real,
                "its command runs in " + Directory + ", which does not exist",
                Named);
  std::string Tree = sourceTreeOf(sys::path::parent_path(Real));
  if (Tree.empty())
    Tree = realPath(sys::path::parent_path(absolute(DB->Path, currentDir())));
  Expected<std::vector<std::string>> Command =
      cleanCommand(Entry.Command, Directory, Real, Tree);
  if (!Command)
    return skip(Real, toString(Command.takeError()), Named);
  Set->Scope->allowKernelsOf(*Command, Directory);
  for (const std::string &Folder : Generated)
    Command->insert(Command->end() - 1, "-I" + Folder);
  add({Real, Directory, std::move(*Command), "", ""});
  return Error::success();
}

//===- Paths --------------------------------------------------------------===//

void InputResolver::add(Input In) {
  auto BeforeFile = In.CommandLine.end() - 1;
  In.CommandLine.insert(BeforeFile, Options.ExtraArgs.begin(),
                        Options.ExtraArgs.end());
  auto [It, New] = Set->ByPath.try_emplace(In.File, Set->List.size());
  if (New) {
    Set->List.push_back(std::move(In));
    return;
  }
  // Named twice, or compiled twice: for two modules, or by two configurations.
  std::vector<Input> &More = Set->More[In.File];
  if (In.CommandLine != Set->List[It->second].CommandLine &&
      llvm::none_of(More, [&](const Input &Other) {
        return Other.CommandLine == In.CommandLine;
      }))
    More.push_back(std::move(In));
}

/// Notes that \p File is not parsed. \p Named: the user wrote its name, and
/// will not be content to find it in a list.
Error InputResolver::skip(const std::string &File, const Twine &Reason,
                          bool Named) {
  if (Named)
    return fail(File + ": " + Reason);
  Set->Skips.push_back({File, Reason.str()});
  return Error::success();
}

Error InputResolver::addWithoutDatabase(const std::string &Real, bool Named) {
  std::string Doubt;
  Expected<const KernelHeaders *> K = Choice.kernelFor(Real, Doubt);
  if (!K)
    return K.takeError();
  if (!Doubt.empty())
    return skip(Real, Doubt, Named);
  Set->Scope->allowTreeOf(Real);
  add({Real, sys::path::parent_path(Real).str(),
       kernelCommandLine(Real, **K, Generated), (*K)->Name, ""});
  return Error::success();
}

/// The command of another source of the module that \p Real is of, as its
/// Makefile says: a database of a part of a build has some of them. Null where
/// there is none.
const DatabaseEntry *
InputResolver::entryOfModule(const std::string &Real) const {
  if (!sourceTreeOf(sys::path::parent_path(Real)).empty())
    return nullptr; // a kernel's object may be left out on purpose
  for (const std::string &Other : moduleSourcesOf(Real).Own)
    if (std::vector<const DatabaseEntry *> Entries = entriesOf(Other);
        !Entries.empty())
      return Entries.front();
  return nullptr;
}

Error InputResolver::addFile(const std::string &Real, bool Named) {
  if (!DB)
    return addWithoutDatabase(Real, Named);
  std::vector<const DatabaseEntry *> Entries = entriesOf(Real);
  for (const DatabaseEntry *Entry : Entries)
    if (Error E = addEntry(*Entry, Real, Named))
      return E;
  if (!Entries.empty())
    return Error::success();
  if (!Options.Kernel.empty())
    return addWithoutDatabase(Real, Named);
  if (const DatabaseEntry *Other = entryOfModule(Real)) {
    Set->Borrowed.push_back(Real + ": has no command in " + DB->Path +
                            "; that of " + Other->File +
                            ", of the same module, is used");
    return addEntry(*Other, Real, Named);
  }
  return skip(Real,
              "has no command in " + DB->Path + ": build it first" +
                  (Named ? ", or give --kernel=DIR" : ""),
              Named);
}

Error InputResolver::addFolder(const std::string &Path,
                               const std::string &Real) {
  if (DB)
    if (Error E = checkEntriesBelow(Real))
      return E;
  std::vector<std::string> Files =
      scanTree(Real, Options.ApiNames, Options.Jobs, Set->Unreadable);
  if (Files.empty() && !Options.MayBeEmpty)
    return Set->Unreadable.empty()
               ? fail(Path +
                      ": no source in this folder names the VFIO driver API")
               : fail(Set->Unreadable.front().File + ": " +
                      Set->Unreadable.front().Reason);
  if (Files.empty() && Set->Unreadable.empty())
    Set->Empty.push_back(Path);
  return addFiles(std::move(Files));
}

/// Adds to \p Files, which name the driver API, the other sources of their
/// modules: a driver may say what it is in one of them only. A kernel's own
/// modules have hundreds that have nothing to do with it.
void InputResolver::addModules(std::vector<std::string> &Files) const {
  StringSet<> Known;
  for (const std::string &File : Files)
    Known.insert(File);
  for (size_t I = 0, N = Files.size(); I != N; ++I) {
    if (!sourceTreeOf(sys::path::parent_path(Files[I])).empty())
      continue;
    std::vector<std::string> Own = moduleSourcesOf(Files[I]).Own;
    for (const DatabaseEntry *Entry : entriesOf(Files[I]))
      if (auto It = EntriesByModule.find(moduleOf(*Entry));
          It != EntriesByModule.end())
        llvm::append_range(Own, It->second);
    for (std::string &Other : Own)
      if (Known.insert(Other).second)
        Files.push_back(std::move(Other));
  }
  llvm::sort(Files);
}

Error InputResolver::addFiles(std::vector<std::string> Files) {
  addModules(Files);
  for (const std::string &File : Files)
    if (Error E = addFile(File, /*Named=*/false))
      return E;
  return Error::success();
}

Error InputResolver::addPath(const std::string &Path) {
  std::string Real = realPath(Path);
  if (Real.empty())
    return fail(Path + ": no such file or folder");
  Set->Scope->allowTreeOf(Real);
  if (isDirectory(Real))
    return addFolder(Path, Real);
  if (sys::path::extension(Real) != ".c")
    return fail(Path + ": is no C source (a header is seen through the source "
                       "that includes it)");
  if (!isFile(Real))
    return fail(Path + ": is no regular file");
  return addFile(Real, /*Named=*/true);
}

/// Fills in the rest. A run over nothing would pass for a clean one.
Error InputResolver::finish() {
  const std::vector<SkippedInput> &Skips = Set->Skips;
  if (Set->List.empty() && !Skips.empty())
    return fail(Skips.front().File + ": " + Skips.front().Reason +
                (Skips.size() > 1 ? " (and " + Twine(Skips.size() - 1) +
                                        " more that cannot be parsed)"
                                  : ""));
  Set->Kernels.assign(Choice.kernels().begin(), Choice.kernels().end());
  for (const KernelHeaders &K : Set->Kernels) {
    Set->Scope->allow(K.SrcTree);
    Set->Scope->allow(K.ObjTree);
  }
  Set->Scope->allowIncludesOf(Options.ExtraArgs, currentDir());
  Set->Generated = Choice.takeGenerated();
  Set->Note = Choice.note();
  if (Options.Sharing)
    Set->Shared = std::make_unique<SharedHeaders>(*Set, *Options.Sharing);
  return Error::success();
}

Expected<std::unique_ptr<InputSet>> InputResolver::run() {
  Set->Jobs = Options.Jobs ? Options.Jobs
                           : hardware_concurrency().compute_thread_count();
  if (Error E = openDatabase())
    return std::move(E);
  if (Error E = openGenerated())
    return std::move(E);
  if (Options.Paths.empty() && DB)
    if (Error E = addWholeDatabase())
      return std::move(E);
  for (const std::string &Path : Options.Paths)
    if (Error E = addPath(Path))
      return std::move(E);
  if (Error E = finish())
    return std::move(E);
  return std::move(Set);
}

Expected<std::unique_ptr<InputSet>> resolveInputs(const InputOptions &Options) {
  return InputResolver(Options).run();
}

} // namespace vfio::kbuild
