//===- DriverMakefiles.cpp - Reading the Makefiles around a source --------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/DriverMakefiles.h"
#include "kbuild/KernelConfig.h"
#include "kbuild/MakeFunctions.h"
#include "kbuild/MakeReader.h"
#include "kbuild/Paths.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Allocator.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/StringSaver.h"
#include <memory>
#include <optional>

using namespace llvm;

namespace vfio::kbuild {
namespace {

/// How far above a source its Makefiles may be.
constexpr unsigned MaxLevels = 8;

/// Stands in LINUXINCLUDE for what the kernel's own Makefile put there.
constexpr llvm::StringLiteral KernelIncludes = "-Ikernel-includes";

/// One Makefile on the way to the source.
struct Level {
  std::string Folder;
  std::string Object; ///< the source's object as this Makefile names it
  std::string Child;  ///< "sub/", the way down to the level below
  MakeReader Make;
};

class Collector {
public:
  Collector(StringRef File, const KernelHeaders &Kernel, StringRef SourceRoot)
      : File(File), Kernel(Kernel), SourceRoot(SourceRoot) {
    auto Ours = std::make_shared<ReadScope>();
    Ours->allowTreeOf(File);
    Ours->allow(Kernel.SrcTree);
    Ours->allow(Kernel.ObjTree);
    Scope = std::move(Ours);
  }

  MakefileFacts run();

private:
  /// A driver's Makefile is read twice: by the make that a person calls, which
  /// calls Kbuild, and by that. The first may set what the second needs.
  struct OuterHalf {
    std::string Text;
    std::optional<MakeReader> Make;
    std::string value(StringRef Name);
  };
  std::shared_ptr<OuterHalf> outerHalf(StringRef Folder) const;
  MakeReader makeReader(StringRef Folder, StringRef Module) const;
  bool openLevel(StringRef Folder, StringRef Module);
  bool isOnlyCandidate() const;
  void findLevels();
  void setModule(Level &Owner);
  void setSources(Level &Owner);
  void addSources(Level &L, const std::string &List,
                  std::vector<std::string> &To);
  void setUnset(const Level &L, StringRef Object);
  void addFlags(Level &L, StringRef Variable);
  void addFlag(const Level &L, StringRef Flag, StringRef Value,
               std::vector<std::string> &To);
  std::string resolve(const Level &L, StringRef Path) const;

  StringRef File;
  const KernelHeaders &Kernel;
  StringRef SourceRoot;
  std::shared_ptr<const ReadScope> Scope;
  std::vector<Level> Levels; ///< from the source's folder upwards
  size_t Owner = 0;          ///< the level that names the source's object
  MakefileFacts Facts;
  std::string Removed; ///< patterns of flags that are taken back
};

} // namespace

/// True where one of the words of \p Text is \p Word.
static bool hasWord(StringRef Text, StringRef Word) {
  SmallVector<StringRef, 32> Words;
  SplitString(Text, Words);
  return is_contained(Words, Word);
}

/// Variables that name no objects though they look so.
static bool isObjectList(StringRef Name) {
  for (StringRef Other : {"ccflags-", "asflags-", "ldflags-", "subdir-ccflags-",
                          "subdir-asflags-", "always-", "extra-", "targets",
                          "hostprogs", "clean-"})
    if (Name.starts_with(Other))
      return false;
  return Name.ends_with("-y") || Name.ends_with("-m") || Name.ends_with("-") ||
         Name.ends_with("-objs");
}

/// True where an object list of \p Make, configured or not, has \p Object.
static bool names(MakeReader &Make, StringRef Object) {
  return any_of(Make.names(), [&](const std::string &Name) {
    return isObjectList(Name) && hasWord(Make.value(Name), Object);
  });
}

/// The Makefile that Kbuild would read in \p Folder; empty where there is none.
static std::string makefileOf(StringRef Folder) {
  for (StringRef Name : {"Kbuild", "Makefile"})
    if (isFile(pathIn(Folder, Name)))
      return pathIn(Folder, Name);
  return {};
}

/// True where the Makefile \p Text hands \p Name on to the make that it calls:
/// on that one's command line, or by "export".
static bool handsOn(StringRef Text, StringRef Name) {
  for (StringRef Quote : {"", "\"", "'"})
    if (Text.contains((Name + "=" + Quote + "$(" + Name + ")").str()))
      return true;
  SmallVector<StringRef, 128> Lines;
  Text.split(Lines, '\n');
  return any_of(Lines, [&](StringRef Line) {
    Line = Line.trim();
    return Line.consume_front("export ") &&
           hasWord(Line.split('=').first.rtrim(":?+"), Name);
  });
}

std::string Collector::OuterHalf::value(StringRef Name) {
  return Make && handsOn(Text, Name) ? Make->value(Name) : std::string();
}

/// What "make" in \p Folder reads before it calls Kbuild there.
std::shared_ptr<Collector::OuterHalf>
Collector::outerHalf(StringRef Folder) const {
  auto Half = std::make_shared<OuterHalf>();
  std::string Path = pathIn(Folder, "Makefile");
  if (!SourceRoot.empty() || !isFile(Path) || !Scope->holds(Path))
    return Half;
  Half->Text = readText(Path);
  Half->Make.emplace(
      Folder.str(), [](StringRef) { return std::string(); }, Scope);
  for (StringRef Name : {"PWD", "CURDIR"})
    Half->Make->set(Name, Folder);
  for (StringRef Name : {"ARCH", "SRCARCH"})
    Half->Make->set(Name, Kernel.Arch);
  Half->Make->read(Path);
  return Half;
}

/// A reader with the variables that Kbuild would give to the Makefile of
/// \p Folder; \p Module is the folder that "make M=" names.
MakeReader Collector::makeReader(StringRef Folder, StringRef Module) const {
  bool InTree = !SourceRoot.empty();
  StringRef Relative = Folder, Cwd = InTree ? SourceRoot : Module;
  if (InTree && Relative.consume_front(SourceRoot))
    Relative = Relative.ltrim('/');
  const KernelConfig &Config = *Kernel.Config;
  MakeReader Make(
      InTree ? SourceRoot.str() : Folder.str(),
      [&Config, Half = outerHalf(Folder)](StringRef Name) {
        std::string Value = Config.value(Name).str();
        return Value.empty() ? Half->value(Name) : Value;
      },
      Scope);
  Make.set("srctree", InTree ? SourceRoot : StringRef(Kernel.SrcTree));
  Make.set("objtree", Kernel.ObjTree);
  Make.set("src", Relative);
  Make.set("obj", Relative);
  Make.set("PWD", Cwd);
  Make.set("CURDIR", Cwd);
  if (!InTree) {
    Make.set("M", Module);
    Make.set("KBUILD_EXTMOD", Module);
  }
  Make.set("KERNELRELEASE", Kernel.Version.str());
  Make.set("VERSION", utostr(Kernel.Version.Major));
  Make.set("PATCHLEVEL", utostr(Kernel.Version.Minor));
  Make.set("SUBLEVEL", utostr(Kernel.Version.Patch));
  Make.set("ARCH", Kernel.Arch);
  Make.set("SRCARCH", Kernel.Arch);
  Make.set("LINUXINCLUDE", KernelIncludes);
  return Make;
}

/// Adds the level of \p Folder, on top of those that are there.
bool Collector::openLevel(StringRef Folder, StringRef Module) {
  std::string Path = makefileOf(Folder);
  MakeReader Make = makeReader(Folder, Module);
  if (Path.empty() || !Make.read(Path))
    return false;
  StringRef Object = File, Child;
  Object.consume_front(Folder);
  if (!Levels.empty()) {
    Child = Levels.back().Folder;
    Child.consume_front(Folder);
  }
  Levels.push_back({Folder.str(), Object.ltrim('/').drop_back(2).str() + ".o",
                    Child.empty() ? "" : Child.ltrim('/').str() + "/",
                    std::move(Make)});
  return true;
}

/// True where the Makefile just opened is the first one found above an
/// out-of-tree source, and builds a module: its object list may be one that
/// only make can compute.
bool Collector::isOnlyCandidate() const {
  return SourceRoot.empty() && Levels.size() == 1 &&
         Levels.front().Make.assigned("obj-m");
}

/// Goes up from the source. A Makefile above counts only when it names the
/// source's object or the folder of the Makefile below it: any other is a
/// stranger's.
void Collector::findLevels() {
  bool Owned = false;
  StringRef Own = sys::path::parent_path(File), Folder = Own;
  for (unsigned I = 0; I != MaxLevels && Folder != SourceRoot &&
                       Folder != "/" && !Folder.empty();
       ++I, Folder = sys::path::parent_path(Folder)) {
    if (!openLevel(Folder, Folder))
      continue;
    Level &L = Levels.back();
    bool Here = !Owned && names(L.Make, L.Object);
    bool Leads = !L.Child.empty() && names(L.Make, L.Child);
    if (Here) {
      Owner = Levels.size() - 1;
      Owned = true;
    } else if (!Leads && Folder != Own && !isOnlyCandidate()) {
      Levels.pop_back();
    }
  }
}

/// What \p Name, an object list, is of: "foo" for foo-y and foo-objs.
static StringRef composite(StringRef Name) {
  for (StringRef End : {"-objs", "-y", "-m", "-"})
    if (Name.consume_back(End))
      break;
  return Name;
}

/// The composite whose list has the source's object, or the object itself.
void Collector::setModule(Level &L) {
  Facts.Module = sys::path::stem(L.Object).str();
  for (const std::string &Name : L.Make.names()) {
    StringRef Base = Name;
    if (!isObjectList(Name) || Base.starts_with("obj-") ||
        Base.starts_with("lib-") || !hasWord(L.Make.value(Name), L.Object))
      continue;
    Facts.Module = composite(Base).str();
    if (names(L.Make, Facts.Module + ".o"))
      return;
  }
}

/// Adds the sources of the objects in the list \p List to \p To.
void Collector::addSources(Level &L, const std::string &List,
                           std::vector<std::string> &To) {
  SmallVector<StringRef, 32> Words;
  std::string Text = L.Make.value(List);
  SplitString(Text, Words);
  for (StringRef Word : Words) {
    if (!Word.consume_back(".o"))
      continue;
    std::string Source = realPath(absolute((Word + ".c").str(), L.Folder));
    if (!Source.empty() && !is_contained(To, Source))
      To.push_back(std::move(Source));
  }
}

void Collector::setSources(Level &L) {
  for (const std::string &Name : L.Make.names())
    if (isObjectList(Name))
      addSources(L, Name,
                 composite(Name) == Facts.Module ? Facts.OwnSources
                                                 : Facts.NearSources);
  erase_if(Facts.NearSources, [&](const std::string &Source) {
    return is_contained(Facts.OwnSources, Source);
  });
}

/// Notes the symbols that choose \p Object in \p L and are not set.
void Collector::setUnset(const Level &L, StringRef Object) {
  for (const ConfigChoice &C : L.Make.choices())
    if (isObjectList(C.Prefix) && hasWord(C.Value, Object) &&
        !Kernel.Config->isSet(C.Symbol) && !is_contained(Facts.Unset, C.Symbol))
      Facts.Unset.push_back(C.Symbol);
}

/// The absolute folder or file that \p Path means; empty where there is none.
std::string Collector::resolve(const Level &L, StringRef Path) const {
  SmallVector<StringRef, 5> Bases;
  if (!SourceRoot.empty())
    Bases = {SourceRoot, L.Folder};
  else
    Bases = {L.Folder, Facts.Top};
  Bases.append({Kernel.ObjTree, Kernel.SrcTree});
  for (StringRef Base : Bases) {
    std::string Full = absolute(Path, Base);
    if (isDirectory(Full) || isFile(Full))
      return Full;
  }
  return {};
}

void Collector::addFlag(const Level &L, StringRef Flag, StringRef Value,
                        std::vector<std::string> &To) {
  if (Flag == "-D" || Flag == "-U") {
    To.push_back((Flag + Value).str());
    return;
  }
  std::string Path = resolve(L, Value);
  if (!Path.empty())
    To.insert(To.end(), {Flag.str(), Path});
}

/// Takes what a parse can see from the flags in \p Variable: macros, include
/// paths and forced headers. Everything else tunes a code generator that never
/// runs here.
void Collector::addFlags(Level &L, StringRef Variable) {
  BumpPtrAllocator Alloc;
  StringSaver Saver(Alloc);
  SmallVector<const char *, 16> Words;
  std::string Text = L.Make.value(Variable);
  cl::TokenizeGNUCommandLine(Text, Saver, Words);
  bool HasKernel = is_contained(Words, KernelIncludes);
  std::vector<std::string> *To = &Facts.After;
  if (Variable == "NOSTDINC_FLAGS" || (Variable == "LINUXINCLUDE" && HasKernel))
    To = &Facts.Before;
  SmallVector<StringRef, 4> Unwanted;
  SplitString(Removed, Unwanted);
  for (size_t I = 0; I != Words.size(); ++I) {
    StringRef Word = Words[I];
    if (any_of(Unwanted, [&](StringRef P) { return matchesPattern(Word, P); }))
      continue;
    if (Word == KernelIncludes) {
      To = &Facts.After;
      continue;
    }
    for (StringRef Flag : {"-include", "-imacros", "-isystem", "-iquote",
                           "-idirafter", "-I", "-D", "-U"}) {
      if (!Word.consume_front(Flag))
        continue;
      if (Word.empty() && I + 1 != Words.size())
        Word = Words[++I];
      addFlag(L, Flag, Word, *To);
      break;
    }
  }
}

MakefileFacts Collector::run() {
  findLevels();
  if (Levels.empty())
    return {};
  Facts.Top = Levels.back().Folder;
  // Again, now that the folder is known in which make would be called.
  std::vector<std::string> Folders;
  for (const Level &L : Levels)
    Folders.push_back(L.Folder);
  Levels.clear();
  for (const std::string &Folder : Folders)
    openLevel(Folder, Facts.Top);

  for (size_t I = Levels.size(); I-- > Owner;)
    addFlags(Levels[I], "subdir-ccflags-y");
  Level &L = Levels[Owner];
  Facts.Makefile = makefileOf(L.Folder);
  for (const std::string &Variable :
       {std::string("ccflags-remove-y"), "CFLAGS_REMOVE_" + L.Object})
    Removed += " " + L.Make.value(Variable);
  for (StringRef Variable :
       {"NOSTDINC_FLAGS", "LINUXINCLUDE", "KBUILD_CPPFLAGS", "KBUILD_CFLAGS",
        "KBUILD_CFLAGS_MODULE", "KCFLAGS", "EXTRA_CFLAGS", "ccflags-y",
        "ccflags-m"})
    addFlags(L, Variable);
  addFlags(L, "CFLAGS_" + L.Object);
  if (StringRef(L.Object).contains('/'))
    addFlags(L, ("CFLAGS_" + sys::path::filename(L.Object)).str());

  setModule(L);
  setSources(L);
  setUnset(L, L.Object);
  setUnset(L, Facts.Module + ".o");
  for (size_t I = Owner + 1; I != Levels.size(); ++I)
    setUnset(Levels[I], Levels[I].Child);
  return std::move(Facts);
}

MakefileFacts readMakefiles(StringRef File, const KernelHeaders &Kernel,
                            StringRef SourceRoot) {
  return Collector(File, Kernel, SourceRoot).run();
}

} // namespace vfio::kbuild
