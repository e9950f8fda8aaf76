//===- WorthParsing.cpp - Which sources a migration has to understand -----===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/WorthParsing.h"
#include "contracts/ApiTable.h"
#include "kbuild/Paths.h"
#include "kbuild/WordSearch.h"
#include "lifecycle/DriverFiles.h"
#include "rewriter/read/DevicesInText.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Path.h"

namespace vfio::rewriter {

using kbuild::WordSearch;
using llvm::StringRef;

/// Those of the names in \p Names that \p Want says yes to.
static std::vector<std::string> namesOf(std::vector<std::string> Names,
                                        llvm::function_ref<bool(Role)> Want) {
  llvm::erase_if(Names, [&](const std::string &Name) {
    const ApiFunction *Api = findApi(Name);
    return !Api || !Want(Api->Kind);
  });
  return Names;
}

/// The names by which a driver frees the structure itself.
static std::vector<std::string> freeingNames() {
  return namesOf(driverApiNames(),
                 [](Role R) { return R == Role::FreeDevice; });
}

namespace {

/// What the text of a source and of its own headers names.
struct Words {
  bool Old = false, New = false, Frees = false, Unknown = false;
  bool Earlier = false;     ///< of the model before the old one
  bool NewInHeader = false; ///< and not only in the source itself
  llvm::StringSet<> Headers;
  /// What is included as the kernel's headers are.
  llvm::StringSet<> Angled;

  /// The driver, or a part of it, may be of a model that is to be converted.
  bool mayBeOld() const { return Old || Earlier || Unknown; }
  bool hasHeaderOf(const llvm::StringSet<> &Others) const {
    return llvm::any_of(Headers, [&](const auto &Header) {
      return Others.contains(Header.getKey());
    });
  }
};

/// What one file has, without what it includes.
struct OneFile {
  Words Has;
  std::vector<std::string> Includes; ///< as they are written, by ""
  /// The headers that these are, where \c Folders are searched; an empty one
  /// for what is nowhere.
  std::vector<std::string> Headers, Folders;
};

class Reader {
public:
  Words read(const kbuild::Input &In);
  /// Adds to \p W what those of its \c Angled headers have that are the
  /// driver's own.
  void readAngled(const kbuild::Input &In, llvm::vfs::FileSystem &FS, Words &W);

private:
  const OneFile &file(const std::string &Path,
                      llvm::ArrayRef<std::string> Folders);
  void visit(const std::string &File, llvm::ArrayRef<std::string> Folders,
             Words &W);

  WordSearch Old{oldModelNames()}, New{preparationNames()};
  WordSearch Frees{freeingNames()};
  WordSearch Earlier{namesOf(preparationNames(), [](Role R) {
    return R == Role::AddGroupDev || R == Role::AddParent;
  })};
  llvm::StringMap<OneFile> Files;
};

} // namespace

/// The folders in which \p In's command looks for headers, in order.
static std::vector<std::string> includeFolders(const kbuild::Input &In) {
  std::vector<std::string> Out;
  for (size_t I = 0; I < In.CommandLine.size(); ++I) {
    StringRef Arg = In.CommandLine[I];
    if (!Arg.consume_front("-I") && !Arg.consume_front("-iquote"))
      continue;
    if (Arg.empty() && I + 1 < In.CommandLine.size())
      Arg = In.CommandLine[++I];
    Out.push_back(kbuild::absolute(Arg, In.Directory));
  }
  return Out;
}

/// The header that `#include "Name"` in a file of the folder \p Beside means;
/// empty where there is none.
static std::string headerOf(StringRef Name, StringRef Beside,
                            llvm::ArrayRef<std::string> Folders) {
  std::string Header = kbuild::absolute(Name, Beside);
  for (size_t I = 0; !kbuild::isFile(Header); ++I) {
    if (I == Folders.size())
      return {};
    Header = kbuild::absolute(Name, Folders[I]);
  }
  return Header;
}

const OneFile &Reader::file(const std::string &Path,
                            llvm::ArrayRef<std::string> Folders) {
  auto [It, First] = Files.try_emplace(Path);
  OneFile &F = It->second;
  if (First) {
    std::string Text = kbuild::readText(Path);
    F.Has.Unknown = Text.empty();
    F.Has.Old = Old.foundIn(Text);
    F.Has.New = New.foundIn(Text);
    F.Has.Frees = Frees.foundIn(Text);
    F.Has.Earlier = Earlier.foundIn(Text);
    for (StringRef Name : kbuild::quotedIncludes(Text))
      F.Includes.push_back(Name.str());
    for (StringRef Name : kbuild::angledIncludes(Text))
      F.Has.Angled.insert(Name);
  }
  if (First || llvm::ArrayRef(F.Folders) != Folders) {
    F.Folders = Folders;
    F.Headers.clear();
    for (const std::string &Name : F.Includes)
      F.Headers.push_back(
          headerOf(Name, llvm::sys::path::parent_path(Path), Folders));
  }
  return F;
}

void Reader::visit(const std::string &File, llvm::ArrayRef<std::string> Folders,
                   Words &W) {
  bool IsSource = W.Headers.empty();
  if (!W.Headers.insert(File).second)
    return;
  const OneFile &F = file(File, Folders);
  W.Unknown |= F.Has.Unknown;
  W.Old |= F.Has.Old;
  W.New |= F.Has.New;
  W.Frees |= F.Has.Frees;
  W.Earlier |= F.Has.Earlier;
  W.NewInHeader |= F.Has.New && !IsSource;
  for (const auto &Name : F.Has.Angled)
    W.Angled.insert(Name.getKey());
  for (const std::string &Header : F.Headers) {
    if (Header.empty())
      W.Unknown = true;
    else if (!isKernelHeaderPath(Header))
      visit(Header, Folders, W);
  }
}

Words Reader::read(const kbuild::Input &In) {
  Words W;
  visit(In.File, includeFolders(In), W);
  W.Headers.erase(In.File);
  return W;
}

void Reader::readAngled(const kbuild::Input &In, llvm::vfs::FileSystem &FS,
                        Words &W) {
  std::vector<std::string> Folders = includeFolders(In), Names;
  for (const auto &Name : W.Angled)
    Names.push_back(Name.getKey().str());
  for (const std::string &Name : Names) {
    auto Folder = llvm::find_if(Folders, [&](const std::string &Folder) {
      return FS.exists(kbuild::absolute(Name, Folder));
    });
    // A header of the driver's own may include others in this way.
    W.Unknown |= Folder == Folders.end() ||
                 !isKernelHeaderPath(kbuild::absolute(Name, *Folder));
  }
}

/// Which inputs \p One says yes to by itself, or \p Folder to one beside it.
static std::vector<bool>
choose(const kbuild::InputSet &Set, llvm::ArrayRef<Words> All,
       llvm::function_ref<bool(const Words &)> One,
       llvm::function_ref<bool(const Words &)> Folder) {
  std::vector<bool> Out;
  llvm::StringSet<> Folders;
  for (size_t I = 0; I < All.size(); ++I) {
    Out.push_back(One(All[I]));
    if (Folder(All[I]))
      Folders.insert(llvm::sys::path::parent_path(Set.inputs()[I].File));
  }
  for (size_t I = 0; I < Out.size(); ++I)
    if (Folders.contains(llvm::sys::path::parent_path(Set.inputs()[I].File)))
      Out[I] = true;
  return Out;
}

static std::vector<Words> readAll(const kbuild::InputSet &Set, Reader &Read) {
  std::vector<Words> All;
  for (const kbuild::Input &In : Set.inputs())
    All.push_back(Read.read(In));
  return All;
}

/// True where the headers that \p In reads have the driver free the structure.
static bool headersHaveFree(const kbuild::Input &In) {
  for (const std::string &Folder : includeFolders(In)) {
    std::string Text =
        kbuild::readText(kbuild::absolute("linux/vfio.h", Folder));
    if (!Text.empty())
      return WordSearch(freeingNames()).foundIn(Text);
  }
  return false;
}

/// Takes from \p Out what would be parsed for nothing but its name.
static void takeNew(const kbuild::InputSet &Set, std::optional<Target> To,
                    std::vector<Words> &All, Reader &Read, Worth &Out) {
  llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> FS = Set.fileSystem();
  for (size_t I = 0; I < All.size(); ++I) {
    const kbuild::Input &In = Set.inputs()[I];
    if (!All[I].New || All[I].NewInHeader ||
        (To ? *To == Target::CoreFrees : !headersHaveFree(In)))
      continue;
    Read.readAngled(In, *FS, All[I]);
    std::optional<std::vector<std::string>> Devices =
        devicesInText(kbuild::readText(In.File));
    if (!Devices || All[I].mayBeOld())
      continue;
    Out.Parse[I] = false;
    Worth::New &N = Out.AlreadyNew[I];
    N.Structures = std::move(*Devices);
    for (const auto &Header : All[I].Headers)
      N.Headers.push_back(Header.getKey().str());
  }
}

Worth worthParsing(const kbuild::InputSet &Set, std::optional<Target> To) {
  Reader Read;
  std::vector<Words> All = readAll(Set, Read);
  auto IsOld = [](const Words &W) { return W.mayBeOld(); };
  std::vector<bool> Certain = choose(Set, All, IsOld, IsOld);
  llvm::StringSet<> Theirs;
  for (size_t I = 0; I < All.size(); ++I)
    if (Certain[I])
      for (const auto &Header : All[I].Headers)
        Theirs.insert(Header.getKey());
  Worth Out;
  for (size_t I = 0; I < All.size(); ++I) {
    // An old driver may share a structure with these.
    Certain[I] = Certain[I] || All[I].hasHeaderOf(Theirs);
    Out.Parse.push_back(Certain[I] || All[I].New);
    All[I].Unknown |= Certain[I];
  }
  takeNew(Set, To, All, Read, Out);
  return Out;
}

std::vector<bool> besideFrees(const kbuild::InputSet &Set) {
  auto Frees = [](const Words &W) { return W.Frees; };
  Reader Read;
  return choose(Set, readAll(Set, Read), Frees, Frees);
}

} // namespace vfio::rewriter
