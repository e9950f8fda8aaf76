//===- StepSources.cpp - Sources that a change brings or takes ---------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-tidy/StepSources.h"
#include "kbuild/Inputs.h"
#include "kbuild/Paths.h"
#include "kbuild/WordSearch.h"
#include "report/ExternalTool.h"
#include "tools/vfio-tidy/Steps.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace vfio::tidy {

/// The sources of \p S's steps that are on no disk, with their text.
static std::map<std::string, StringRef>
sourcesOnNoDisk(const Session &S, const kbuild::WordSearch &Names) {
  std::vector<std::string> Roots;
  for (const std::string &Path : S.Args.Paths)
    Roots.push_back(kbuild::realPath(Path));
  auto Asked = [&](StringRef File) {
    return any_of(Roots, [&](const std::string &Root) {
      return !Root.empty() && kbuild::isBelow(File, Root);
    });
  };
  std::map<std::string, StringRef> Found;
  for (const Step &One : S.Steps)
    for (const TreeState *State : {&One.Before, &One.After})
      for (const auto &[File, Text] : State->Texts)
        if (sys::path::extension(File) == ".c" && Asked(File) &&
            !sys::fs::exists(File) && Names.foundIn(Text))
          Found[File] = Text;
  return Found;
}

/// The input of \p Set that \p File is compiled like: one beside it, else any.
static const kbuild::Input *inputLike(const kbuild::InputSet &Set,
                                      StringRef File) {
  auto Beside = [&](const kbuild::Input &In) {
    return sys::path::parent_path(In.File) == sys::path::parent_path(File);
  };
  auto It = find_if(Set.inputs(), Beside);
  if (It == Set.inputs().end())
    It = Set.inputs().begin();
  return It == Set.inputs().end() ? nullptr : &*It;
}

/// How the source \p Text would be compiled if it were on disk.
static Expected<kbuild::Input> inputOfItsOwn(StringRef File, StringRef Text,
                                             kbuild::InputOptions Flags) {
  auto Temp = TempFolder::create();
  if (!Temp)
    return Temp.takeError();
  std::string Name = sys::path::filename(File).str();
  if (Error E = Temp->write(Name, Text))
    return std::move(E);
  Flags.Paths = {*Temp / Name};
  Flags.Sharing.reset();
  auto Set = kbuild::resolveInputs(Flags);
  if (!Set)
    return Set.takeError();
  if ((*Set)->inputs().size() != 1)
    return problem(File +
                   ": it is not known how it is compiled; give --kernel");
  // Its folder is where the file would be, and the command runs where that is.
  kbuild::Input In = (*Set)->inputs().front();
  std::string Stand = kbuild::realPath(Temp->path());
  std::string Folder = sys::path::parent_path(File).str();
  for (std::string &Arg : In.CommandLine)
    if (size_t At = Arg.find(Stand); At != std::string::npos)
      Arg.replace(At, Stand.size(), Folder);
  In.Directory = kbuild::nearestDirectory(Folder);
  return In;
}

Error adoptStepSources(Session &S, kbuild::InputOptions Flags) {
  kbuild::WordSearch Names(Flags.ApiNames);
  for (const auto &[File, Text] : sourcesOnNoDisk(S, Names)) {
    if (const kbuild::Input *Like = inputLike(*S.Inputs, File)) {
      S.Inputs->adopt(File, *Like);
      continue;
    }
    Expected<kbuild::Input> Own = inputOfItsOwn(File, Text, Flags);
    if (!Own)
      return Own.takeError();
    S.Inputs->adopt(File, *Own);
  }
  return Error::success();
}

} // namespace vfio::tidy
