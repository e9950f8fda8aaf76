//===- ModuleTrees.cpp - Each source is parsed once ---------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-tidy/ModuleTrees.h"
#include "kbuild/ModuleSources.h"
#include "clang/Frontend/CompilerInstance.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FileSystem.h"

using namespace llvm;

namespace vfio::tidy {

/// Trees are large: more sources than that are not kept in one process.
static constexpr size_t MaxGroup = 24;

kbuild::ParseOptions checkedParse() {
  kbuild::ParseOptions Options;
  // As in clang-tidy: code may look different to an analyser.
  Options.ExtraArgs = {"-Xclang", "-setup-static-analyzer"};
  return Options;
}

kbuild::ParsedTU *ModuleTrees::parsed(const std::string &Key,
                                      const kbuild::Input &In,
                                      std::string &Problem) {
  auto [It, New] = Entries.try_emplace(Key);
  Entry &E = It->second;
  if (New) {
    kbuild::ParseOptions Options = checkedParse();
    Options.OnStart = [&E](clang::CompilerInstance &CI) {
      noteSkipped(CI.getPreprocessor(), E.Skipped);
    };
    E.TU = kbuild::parse(Set, In, Options, E.Problem);
    if (E.TU)
      E.Skipped.Before = E.TU->sharedHeaders();
    if (E.TU && E.TU->hasErrors()) {
      E.Problem = E.TU->firstError()->str();
      E.TU.reset();
    }
  }
  Problem = E.Problem;
  return E.TU.get();
}

kbuild::ParsedTU *ModuleTrees::of(StringRef File, std::string &Problem) {
  const kbuild::Input *In = Set.find(File);
  // One that is compiled in several ways has no one tree.
  if (!In || !Set.alsoCompiled(*In).empty())
    return nullptr;
  return parsed(In->File, *In, Problem);
}

/// What makes the trees of a file differ that was compiled like one or another.
static std::string keyOf(const kbuild::Input &In) {
  std::string Key = In.Directory;
  for (StringRef Word : In.CommandLine)
    if (!Word.starts_with("-DKBUILD_BASENAME"))
      Key += ("\n" + Word).str();
  return Key;
}

kbuild::ParsedTU *ModuleTrees::linked(StringRef Asker, StringRef File,
                                      std::string &Problem) {
  if (Set.find(File))
    return of(File, Problem);
  const kbuild::Input *Like = Set.find(Asker);
  if (!Like || !Set.alsoCompiled(*Like).empty() || !Set.sharedHeaders())
    return nullptr;
  kbuild::Input In = *Like;
  In.File = In.CommandLine.back() = File.str();
  In.Like = Like->File;
  if (!Set.sharedHeaders()->find(In, checkedParse()))
    return nullptr;
  kbuild::ParsedTU *TU = parsed(keyOf(In), In, Problem);
  // With headers that it does not include, it may have errors of ours.
  Problem.clear();
  return TU;
}

const LeftOut &ModuleTrees::skippedIn(StringRef File) const {
  const kbuild::Input *In = Set.find(File);
  assert(In && "a source with a tree is an input");
  return Entries.at(In->File).Skipped;
}

bool ModuleTrees::isLinked(StringRef File) const {
  kbuild::ModuleSources Around = kbuild::moduleSourcesOf(File);
  return !Around.Own.empty() || !Around.Near.empty();
}

/// The sources that \p Around names, as one text.
static std::string surroundings(const kbuild::ModuleSources &Around) {
  std::vector<std::string> All = Around.Own;
  append_range(All, Around.Near);
  llvm::sort(All);
  return join(All, "\n");
}

/// True where \p Files are so short that a process that has them all is done
/// before a second has parsed one of them again.
static bool areShort(ArrayRef<std::string> Files) {
  constexpr uint64_t Most = 96 * 1024;
  uint64_t Sum = 0;
  for (const std::string &File : Files) {
    uint64_t Size = 0;
    if (!sys::fs::file_size(File, Size))
      Sum += Size;
  }
  return Sum <= Most;
}

std::vector<std::vector<size_t>> byModule(ArrayRef<std::string> Files) {
  StringMap<size_t> Waiting;
  for (size_t I = 0; I != Files.size(); ++I)
    Waiting[Files[I]] = I;
  std::vector<std::vector<size_t>> Groups;
  StringMap<size_t> ByNeighbours; ///< the last group of each
  for (size_t I = 0; I != Files.size(); ++I) {
    if (!Waiting.erase(Files[I]))
      continue;
    kbuild::ModuleSources Around = kbuild::moduleSourcesOf(Files[I]);
    std::vector<size_t> Group = {I};
    std::vector<std::string> Linked = Around.Own;
    append_range(Linked, Around.Near);
    if (!areShort(Linked))
      Linked = Around.Own;
    for (const std::string &Other : Linked) {
      auto It = Waiting.find(Other);
      if (It == Waiting.end() || Group.size() == MaxGroup)
        continue;
      Group.push_back(It->second);
      Waiting.erase(It);
    }
    // What is compiled in several variants, or by several modules, has the same
    // sources around it in each.
    std::string Neighbours = surroundings(Around);
    if (!Neighbours.empty()) {
      auto [It, New] = ByNeighbours.try_emplace(Neighbours, Groups.size());
      std::vector<size_t> *Before = New ? nullptr : &Groups[It->second];
      if (Before && Before->size() + Group.size() <= MaxGroup) {
        append_range(*Before, Group);
        continue;
      }
      It->second = Groups.size();
    }
    Groups.push_back(std::move(Group));
  }
  return Groups;
}

} // namespace vfio::tidy
