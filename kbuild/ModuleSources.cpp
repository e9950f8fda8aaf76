//===- ModuleSources.cpp - Which sources are linked with one --------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/ModuleSources.h"
#include "kbuild/DriverMakefiles.h"
#include "kbuild/KernelConfig.h"
#include "kbuild/Paths.h"
#include "kbuild/WordSearch.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace vfio::kbuild {

/// A kernel that no option is set for: an object list names its objects all
/// the same, whatever chooses them.
static KernelHeaders anyKernel() {
  KernelHeaders K;
  K.Config = std::make_shared<KernelConfig>("");
  K.Arch = "x86";
  return K;
}

static void addFolder(StringRef Folder, ModuleSources &To) {
  for (const std::string &Name : listDirectory(Folder)) {
    if (!StringRef(Name).ends_with(".c") || StringRef(Name).ends_with(".mod.c"))
      continue;
    std::string Path = realPath(pathIn(Folder, Name));
    if (!Path.empty() && !is_contained(To.Own, Path) &&
        !is_contained(To.Near, Path))
      To.Near.push_back(std::move(Path));
  }
}

/// Adds the sources of the folders in \p Top, which a Makefile there builds.
static void addFoldersBelow(StringRef Top, ModuleSources &To) {
  constexpr size_t Most = 16;
  size_t Count = 0;
  for (const std::string &Name : listDirectory(Top))
    if (std::string Folder = pathIn(Top, Name);
        (isFile(pathIn(Folder, "Makefile")) ||
         isFile(pathIn(Folder, "Kbuild"))) &&
        ++Count <= Most)
      addFolder(Folder, To);
}

ModuleSources moduleSourcesOf(StringRef File) {
  StringRef Folder = sys::path::parent_path(File);
  MakefileFacts Facts = readMakefiles(File, anyKernel(), sourceTreeOf(Folder));
  ModuleSources Out{std::move(Facts.OwnSources), std::move(Facts.NearSources)};
  // A Makefile may make its lists in ways that only make understands.
  addFolder(Folder, Out);
  // "obj-m := lib/ driver/": one module may call what another exports.
  if (!Facts.Top.empty() && Facts.Top != Folder && sourceTreeOf(Folder).empty())
    addFoldersBelow(Facts.Top, Out);
  for (auto *List : {&Out.Own, &Out.Near})
    erase_if(*List, [&](const std::string &Other) { return Other == File; });
  return Out;
}

bool isBuiltByMakefile(StringRef File) {
  std::string Tree = sourceTreeOf(sys::path::parent_path(File));
  return !readMakefiles(File, anyKernel(), Tree).Makefile.empty();
}

static bool isWordChar(char C) { return isAlnum(C) || C == '_'; }

/// Calls \p Visit with each word of \p Text.
static void forEachWord(StringRef Text, function_ref<void(StringRef)> Visit) {
  while (!(Text = Text.drop_until(isWordChar)).empty()) {
    StringRef Word = Text.take_while(isWordChar);
    Visit(Word);
    Text = Text.drop_front(Word.size());
  }
}

SourceWords::Text &SourceWords::textOf(const std::string &File) {
  auto [It, New] = Texts.try_emplace(File);
  Text &T = It->second;
  sys::fs::file_status Now;
  if (sys::fs::status(File, Now))
    return T = Text();
  if (!New && Now.getLastModificationTime() == T.Changed &&
      Now.getSize() == T.Size)
    return T;
  T = Text();
  T.Buffer = readText(File);
  T.Changed = Now.getLastModificationTime();
  T.Size = Now.getSize();
  forEachWord(T.Buffer, [&](StringRef Word) {
    T.Words.insert(CachedHashStringRef(Word));
  });
  StringRef Folder = sys::path::parent_path(File);
  readMacros(T);
  for (StringRef Name : quotedIncludes(T.Buffer))
    T.Headers.push_back(realPath(pathIn(Folder, Name)));
  return T;
}

/// Notes the macros that \p T defines, each with its lines.
void SourceWords::readMacros(Text &T) {
  StringRef Rest = T.Buffer;
  while (!Rest.empty()) {
    size_t End = Rest.find('\n');
    while (End != StringRef::npos && End && Rest[End - 1] == '\\')
      End = Rest.find('\n', End + 1);
    StringRef Line = Rest.take_front(End).ltrim();
    Rest = End == StringRef::npos ? "" : Rest.drop_front(End + 1);
    if (!Line.consume_front("#"))
      continue;
    Line = Line.ltrim();
    if (!Line.consume_front("define"))
      continue;
    Line = Line.ltrim();
    StringRef Name = Line.take_while(isWordChar);
    T.Macros.push_back({Name, Line.drop_front(Name.size())});
  }
}

/// The texts of \p File and of the headers beside it that it includes.
std::vector<const SourceWords::Text *>
SourceWords::withHeaders(const std::string &File) {
  constexpr size_t Most = 64;
  std::vector<std::string> Paths = {File};
  std::vector<const Text *> Out;
  for (size_t I = 0; I != Paths.size(); ++I) {
    const Text &T = textOf(Paths[I]);
    Out.push_back(&T);
    for (const std::string &Header : T.Headers)
      if (!Header.empty() && Paths.size() < Most &&
          !is_contained(Paths, Header))
        Paths.push_back(Header);
  }
  return Out;
}

/// True where \p Body, a macro's, has \p Name, or a part of it that another
/// one is pasted to.
static bool canMake(StringRef Body, StringRef Name) {
  bool Pastes = Body.contains("##"), Can = false;
  forEachWord(Body, [&](StringRef Word) {
    Can |= Word == Name || (Pastes && Word.size() > 2 &&
                            (Name.starts_with(Word) || Name.ends_with(Word)));
  });
  return Can;
}

bool SourceWords::names(const std::string &File, StringRef Name) {
  const Text &Own = textOf(File);
  if (Own.Words.contains(CachedHashStringRef(Name)))
    return true;
  std::vector<const Text *> All = withHeaders(File);
  return any_of(All, [&](const Text *T) {
    return any_of(T->Macros, [&](const auto &Macro) {
      return Own.Words.contains(CachedHashStringRef(Macro.first)) &&
             canMake(Macro.second, Name);
    });
  });
}

} // namespace vfio::kbuild
